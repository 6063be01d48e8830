import factory

from portal.core import clock
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Kind
from tests.factories.session import Row


class ContactFactory(Row):
    class Meta:
        model = Contact

    email = factory.Sequence(lambda n: f"contact{n}@somewhere.example")


class CustomerFactory(Row):
    class Meta:
        model = Customer

    name = factory.Sequence(lambda n: f"Customer {n}")
    kind = Kind.CLOUDPBX.value
    product = factory.LazyAttribute(lambda made: Kind(made.kind).product.value)
    extension_min = 100
    extension_max = 699
    created_at = factory.LazyFunction(clock.now)

import factory

from portal.core import clock, i18n
from portal.features.numbers.models import Number
from portal.features.subscribers.models import Subscriber
from tests.factories.session import Row


class SubscriberFactory(Row):
    class Meta:
        model = Subscriber

    display_name = factory.Sequence(lambda n: f"Line {n}")
    name_sort = factory.LazyAttribute(lambda line: i18n.sort_key(line.display_name))
    username = factory.Sequence(lambda n: f"line{n}")
    created_at = factory.LazyFunction(clock.now)


class NumberFactory(Row):
    class Meta:
        model = Number

    cc = "49"
    ac = "30"
    sn = factory.Sequence(lambda n: str(7_000_000 + n))
    digits = factory.LazyAttribute(lambda number: number.cc + number.ac + number.sn)

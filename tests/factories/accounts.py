import factory

from portal.core import clock, secrets
from portal.features.accounts.models import Account
from tests.cast import PASSWORD
from tests.factories.session import Row

HASH = secrets.hash_password(PASSWORD)


class AccountFactory(Row):
    class Meta:
        model = Account

    name = factory.LazyAttribute(lambda account: account.username.title())
    password_hash = HASH
    created_at = factory.LazyFunction(clock.now)

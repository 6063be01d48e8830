"""The cast of the demo world, as small as a test needs it. Every test that speaks of alice means this one."""

from dataclasses import dataclass, field

from portal.core.identity import Identity
from portal.core.permissions import Role, Withheld, granted
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.customers.models import Customer
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.subscribers.models import Subscriber

PASSWORD = "lantern-demo-2026"


@dataclass
class Person:
    """Somebody who can sign in at `host`."""

    account: Account
    host: str
    line: Subscriber | None = None

    @property
    def sign_in_name(self) -> str:
        return self.account.username if self.account.domain_id is None else f"{self.account.username}@{self.domain}"

    domain: str = ""

    @property
    def subscriber(self) -> Subscriber:
        """Whoever has a line."""
        assert self.line is not None
        return self.line

    @property
    def identity(self) -> Identity:
        role = Role(self.account.role)
        withheld = frozenset(Withheld(one) for one in self.account.withheld)
        return Identity(
            account_id=self.account.id,
            public_id=self.account.public_id,
            name=self.account.name,
            role=role,
            reseller_id=self.account.reseller_id,
            customer_id=self.account.customer_id,
            subscriber_id=self.account.subscriber_id,
            permissions=granted(role, withheld),
            withheld=withheld,
        )

    @property
    def scope(self) -> Scope:
        return self.identity.scope


@dataclass
class Cast:
    isar: Reseller
    telephone: Reseller
    cheapcall: Reseller
    lantern: Customer
    city_bank: Customer
    domains: dict[str, SipDomain] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    groups: dict[str, Subscriber] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.__dict__["people"][name]
        except KeyError:
            raise AttributeError(name) from None

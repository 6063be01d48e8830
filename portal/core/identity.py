"""Who acts."""

from dataclasses import dataclass, field
from datetime import datetime

from portal.core.ids import PublicId
from portal.core.permissions import Owed, P, Role, Withheld
from portal.core.tenancy import Scope


@dataclass(frozen=True)
class Viewer:
    """Somebody of the provider's staff who sees the portal as another person does, until a moment."""

    account_id: int
    public_id: PublicId
    name: str
    until: datetime
    reason: str


@dataclass(frozen=True)
class Identity:
    """Somebody signed in, or the system itself (account_id None). With a `viewer`, that one acts, seeing what this person sees.

    `confirmed_at`: when it was last made sure that it is this person. `withheld`: of what the role has, a viewer's while viewing.
    """

    account_id: int | None
    public_id: PublicId | None
    name: str
    role: Role | None
    reseller_id: int | None
    customer_id: int | None = None
    subscriber_id: int | None = None
    language: str | None = None
    time_zone: str | None = None
    scheme: str | None = None
    owes: Owed | None = None
    session_id: int | None = None
    signed_in_at: datetime | None = None
    confirmed_at: datetime | None = None
    viewer: Viewer | None = None
    address: str | None = None
    permissions: frozenset[P] = field(default=frozenset())
    withheld: frozenset[Withheld] = field(default=frozenset())

    @classmethod
    def system(
        cls, name: str, *, reseller_id: int | None = None, customer_id: int | None = None, address: str | None = None,
    ) -> "Identity":
        return cls(
            account_id=None,
            public_id=None,
            name=name,
            role=None,
            reseller_id=reseller_id,
            customer_id=customer_id,
            address=address,
            permissions=frozenset(P),
        )

    @property
    def scope(self) -> Scope:
        if self.role is Role.OPERATOR or self.reseller_id is None:
            return Scope.platform()
        if self.customer_id is None:
            return Scope.reseller(self.reseller_id)
        return Scope.customer(self.reseller_id, self.customer_id)

    def can(self, permission: P) -> bool:
        return permission in self.permissions

    @property
    def may_change(self) -> bool:
        """Whether anything but what is the person's own."""
        return Withheld.CHANGES not in self.withheld

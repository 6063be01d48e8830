"""What a reseller asks of those who sign in, and whom that concerns."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.permissions import Role
from portal.features.accounts import rules
from portal.features.accounts.models import Account, Provider, ProviderSubject, SignInRules, Status
from portal.features.accounts.queries.sessions import any_factor
from portal.features.resellers.models import Reseller


@dataclass(frozen=True)
class Asked:
    """As it is stored; what nobody has decided yet is None. `linked`: how many sign in by the provider.

    `operators`: the reseller is the one where the operator works.
    """

    rules: SignInRules | None
    provider: Provider | None
    linked: int
    operators: bool

    @property
    def roles(self) -> list[str]:
        return list(self.rules.factor_roles) if self.rules else []

    @property
    def password_days(self) -> int | None:
        return self.rules.password_days if self.rules else None


def asked(reseller_id: int) -> Asked:
    linked = select(func.count(ProviderSubject.account_id.distinct())).where(ProviderSubject.provider_id == Provider.id)
    found = select(SignInRules, Provider, linked.scalar_subquery(), Reseller.operator).select_from(Reseller)
    found = found.outerjoin(SignInRules, SignInRules.reseller_id == Reseller.id)
    found = found.outerjoin(Provider, Provider.reseller_id == Reseller.id).where(Reseller.id == reseller_id)
    return Asked(*db.session().execute(found.execution_options(populate_existing=True)).one())


def is_operators(reseller_id: int) -> bool:
    """Whether the reseller is the one where the operator works."""
    return bool(db.session().scalar(select(Reseller.operator).where(Reseller.id == reseller_id)))


@dataclass(frozen=True)
class Concerned:
    """Active accounts of one group: all, those without a second factor, those with a password older than is allowed."""

    all: int = 0
    without_factor: int = 0
    expired: int = 0


def concerned(reseller_id: int, password_days: int | None) -> Mapping[str, Concerned]:
    """By group (rules.GROUPS)."""
    old = Account.password_set_at < clock.now() - timedelta(days=password_days or rules.MOST_PASSWORD_DAYS)
    counted = select(
        Account.role,
        func.count(),
        func.count().filter(~any_factor()),
        func.count().filter(Account.password_hash.is_not(None), old),
    )
    counted = counted.where(Account.reseller_id == reseller_id, Account.status == Status.ACTIVE).group_by(Account.role)
    by_role = {Role(row[0]): row[1:] for row in db.session().execute(counted)}
    return {
        name: Concerned(*(sum(column) for column in zip(*(by_role.get(role, (0, 0, 0)) for role in roles), strict=True)))
        for name, roles in rules.GROUPS.items()
    }

"""How far a reseller is on its way to its first customer."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, any_, func, literal, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.permissions import Role
from portal.features.accounts.models import Account, SignInRules, Status as AccountStatus
from portal.features.customers.models import Customer, Status as CustomerStatus
from portal.features.resellers.models import Reseller, SipDomain, WebHost


@dataclass(frozen=True)
class Way:
    """`closed_at`: since when the guide is put away; `administrators` can sign in or are invited to."""

    closed_at: datetime | None
    brand_published: bool
    languages: int
    languages_decided: bool
    hosts: bool
    domains: bool
    factor_required: bool
    customers: bool
    administrators: int


def way(reseller_id: int) -> Way:
    """One statement."""
    domains = _any(select(SipDomain.id).where(SipDomain.reseller_id == Reseller.id, SipDomain.removed_at.is_(None)))
    hosts = _any(select(WebHost.id).where(WebHost.reseller_id == Reseller.id, WebHost.proved_at.is_not(None)))
    living = Customer.reseller_id == Reseller.id, Customer.status != CustomerStatus.TERMINATED
    admins = Account.reseller_id == Reseller.id, Account.role == Role.RESELLER, Account.status == AccountStatus.ACTIVE
    counted = select(func.count()).select_from(Account).where(*admins).correlate(Reseller).scalar_subquery()
    asked = SignInRules.reseller_id == Reseller.id, literal(Role.RESELLER.value) == any_(SignInRules.factor_roles)
    decided = AuditEntry.reseller_id == Reseller.id, AuditEntry.subject == Reseller.public_id
    row = db.session().execute(
        select(
            Reseller.guide_closed_at,
            Reseller.theme_version_id.is_not(None),
            func.cardinality(Reseller.languages),
            _any(select(AuditEntry.id).where(*decided, AuditEntry.event == Event.LANGUAGES_CHANGED)),
            hosts,
            domains,
            _any(select(SignInRules.reseller_id).where(*asked)),
            _any(select(Customer.id).where(*living)),
            counted,
        ).where(Reseller.id == reseller_id)
    )
    return Way(*row.one())


def _any(wanted: Select[int]) -> ColumnElement[bool]:
    return wanted.correlate(Reseller).exists()

"""Everything that the page of one extension shows, in one statement."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.accounts.models import Account, AccountToken, Purpose, Status as AccountStatus
from portal.features.accounts.queries import any_factor
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.pbx.models import Member
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Kind, Lock, LockSource, OutgoingNumber, Profile, Status, Subscriber
from portal.features.subscribers.queries import SignedIn, devices, levels_of_class, signed_in
from portal.features.subscribers.rules import Allowance

_Primary = aliased(Number)
_Base = aliased(Number)
_Pilot = aliased(Subscriber)
_Group = aliased(Subscriber)
_OwnProfile = aliased(Profile)
_CompanyProfile = aliased(Profile)


@dataclass(frozen=True)
class Alias:
    public_id: PublicId
    digits: str


@dataclass(frozen=True)
class Place:
    """A group that somebody is in."""

    public_id: PublicId
    name: str


@dataclass(frozen=True)
class LockNote:
    source: LockSource
    level: int
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class Sheet:
    """One extension. `number` and `base` are digits; `places` are its groups.

    `mail_address`: where mails to it go, its own or the company's; `invited_at`: of an invitation that still waits.
    """

    line: Subscriber
    domain: SipDomain
    customer: Customer
    account: Account | None
    email: str | None
    number: str
    base: str
    places: tuple[Place, ...]
    aliases: tuple[Alias, ...]
    locks: tuple[LockNote, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        return tuple(place.name for place in self.places)

    @property
    def subjects(self) -> tuple[PublicId, ...]:
        """The public ids under which the audit log knows this extension and whoever signs in with it."""
        return (self.line.public_id, *((self.account.public_id,) if self.account else ()))

    @property
    def shown_alias(self) -> Alias | None:
        """The further number that called people see, if they see one."""
        return next((alias for alias in self.aliases if alias.digits == self.shown), None)

    @property
    def shown(self) -> str:
        """The digits that called people see."""
        return self._shown_digits or (self.base if self.line.outgoing == OutgoingNumber.BASE else self.number)

    _shown_digits: str | None = None
    mail_address: str | None = None
    invited_at: datetime | None = None
    has_factor: bool = False
    profile: Profile | None = None
    company_profile: Profile | None = None
    ceiling: Allowance = field(default_factory=Allowance)  # what the class of service says
    devices: tuple[SignedIn, ...] = ()

    @property
    def allowance(self) -> Allowance:
        """What its person may use and change."""
        counts = self.profile or self.company_profile
        return Allowance(counts.levels if counts else None).under(self.ceiling)

    def lock_by(self, source: LockSource) -> LockNote | None:
        return next((lock for lock in self.locks if lock.source is source), None)


def sheet(public_id: PublicId) -> Sheet:
    """Raises NotFound, also for lines that are no extensions or have ended."""
    extension = Subscriber.public_id == public_id, Subscriber.kind == Kind.EXTENSION, Subscriber.status != Status.TERMINATED
    row = db.session().execute(_rows().where(*extension), execution_options={"populate_existing": True}).first()
    if row is None:
        raise NotFound
    return _sheet(row)


def _rows() -> Select[*tuple[Any, ...]]:
    shown = select(Number.digits).where(Number.id == Subscriber.outgoing_number_id).correlate(Subscriber).scalar_subquery()
    pilot = _Pilot.customer_id == Subscriber.customer_id, _Pilot.kind == Kind.PILOT, _Pilot.status != Status.TERMINATED
    return (
        select(
            Subscriber,
            SipDomain,
            Customer,
            Account,
            Contact.email.label("email"),
            _Primary.digits.label("number"),
            _Base.digits.label("base"),
            _places().label("places"),
            _aliases().label("aliases"),
            _locks().label("locks"),
            shown.label("shown"),
            func.mail_address(Account.id).label("mail_address"),
            _invited_at().label("invited_at"),
            any_factor().label("has_factor"),
            levels_of_class().label("ceiling"),
            signed_in().label("devices"),
            _OwnProfile,
            _CompanyProfile,
        )
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .join(Customer, Customer.id == Subscriber.customer_id)
        .join(_Primary, (_Primary.subscriber_id == Subscriber.id) & (_Primary.role == Role.PRIMARY))
        .join(_Pilot, and_(*pilot))
        .join(_Base, (_Base.subscriber_id == _Pilot.id) & (_Base.role == Role.PRIMARY))
        .join(Account, (Account.subscriber_id == Subscriber.id) & (Account.status != AccountStatus.TERMINATED), isouter=True)
        .join(Contact, Contact.id == Subscriber.contact_id, isouter=True)
        .join(_OwnProfile, _OwnProfile.id == Subscriber.profile_id, isouter=True)
        .join(_CompanyProfile, _CompanyProfile.id == Customer.default_profile_id, isouter=True)
    )


def _sheet(row: Any) -> Sheet:
    return Sheet(
        line=row.Subscriber,
        domain=row.SipDomain,
        customer=row.Customer,
        account=row.Account,
        email=row.email,
        number=row.number,
        base=row.base,
        places=tuple(Place(*facts) for facts in row.places or ()),
        aliases=tuple(Alias(*alias) for alias in row.aliases or ()),
        locks=tuple(
            LockNote(LockSource(source), level, reason, by, datetime.fromisoformat(at))
            for source, level, reason, by, at in row.locks or ()
        ),
        _shown_digits=row.shown,
        mail_address=row.mail_address,
        invited_at=row.invited_at,
        has_factor=row.has_factor,
        profile=row[-2],
        company_profile=row[-1],
        ceiling=Allowance(row.ceiling),
        devices=devices(row.devices),
    )


def _invited_at() -> Any:
    waiting = AccountToken.purpose == Purpose.INVITATION, AccountToken.used_at.is_(None), AccountToken.expires_at > clock.now()
    own = AccountToken.account_id == Account.id
    return select(func.max(AccountToken.created_at)).where(own, *waiting).correlate(Account).scalar_subquery()


def _places() -> Any:
    return (
        select(
            func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(_Group.public_id, _Group.display_name), _Group.name_sort))
        )
        .join(Member, Member.group_id == _Group.id)
        .where(Member.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _aliases() -> Any:
    return (
        select(func.jsonb_agg(aggregate_order_by(func.jsonb_build_array(Number.public_id, Number.digits), Number.digits)))
        .where(Number.subscriber_id == Subscriber.id, Number.role == Role.ALIAS)
        .correlate(Subscriber)
        .scalar_subquery()
    )


def _locks() -> Any:
    facts = func.jsonb_build_array(Lock.source, Lock.level, Lock.reason, Lock.by_name, Lock.at)
    return (
        select(func.jsonb_agg(aggregate_order_by(facts, Lock.at)))
        .where(Lock.subscriber_id == Subscriber.id)
        .correlate(Subscriber)
        .scalar_subquery()
    )

"""Lines as a provider's staff see them: those of one customer, and one with all that stands on its page."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.subscribers.models import Kind, Lock, LockSource, Status, Subscriber, TrustedSource
from portal.features.subscribers.queries.devices import SignedIn, devices, signed_in
from portal.features.subscribers.queries.search import meanings

_Primary = aliased(Number)
_Alias = aliased(Number)
_Pilot = aliased(Subscriber)
_Base = aliased(Number)
STAFF_SORTS: Mapping[str, tuple[Any, ...]] = {
    "name": (Subscriber.name_sort, Subscriber.id),
    "number": (_Primary.digits, Subscriber.id),
    "kind": (Subscriber.kind, Subscriber.extension_number, Subscriber.name_sort, Subscriber.id),
}


@dataclass(frozen=True)
class LineFilters:
    words: str = ""
    kind: Kind | None = None
    locked: bool = False

    def __bool__(self) -> bool:
        return bool(self.words or self.kind or self.locked)


@dataclass(frozen=True)
class ListedLine:
    """`numbers` counts its further numbers, `locks` those who have locked it."""

    public_id: PublicId
    kind: Kind
    name: str
    username: str
    domain: str
    extension: str | None
    number: str | None
    numbers: int
    lock_level: int
    locks: int


@dataclass(frozen=True)
class LinePage:
    rows: Sequence[ListedLine]
    total: int


@dataclass(frozen=True)
class LockNote:
    source: LockSource
    level: int
    reason: str
    by_name: str
    at: datetime


@dataclass(frozen=True)
class HeldNumber:
    public_id: PublicId
    digits: str


@dataclass(frozen=True)
class LineSheet:
    """One line of any kind. `number` and `base` are digits; `mail_address`: where mails to it go, its own or the company's."""

    line: Subscriber
    domain: SipDomain
    customer: Customer
    reseller: Reseller
    account: Account | None
    email: str | None
    number: str | None
    base: str | None
    shown: str | None
    mail_address: str | None
    aliases: tuple[HeldNumber, ...]
    locks: tuple[LockNote, ...]
    devices: tuple[SignedIn, ...]
    sources: tuple[TrustedSource, ...] = ()

    @property
    def kind(self) -> Kind:
        return Kind(self.line.kind)

    @property
    def derived(self) -> bool:
        """Its own number follows from the base number and its extension."""
        return self.kind in {Kind.EXTENSION, Kind.GROUP}

    @property
    def registers(self) -> bool:
        return self.line.next_hop is None and self.kind is not Kind.GROUP

    @property
    def home(self) -> Home:
        return Home(self.domain.cc, self.domain.ac)

    @property
    def subjects(self) -> tuple[PublicId, ...]:
        """The public ids under which the audit log knows this line and whoever signs in with it."""
        return (self.line.public_id, *((self.account.public_id,) if self.account else ()))

    def lock_by(self, source: LockSource) -> LockNote | None:
        return next((lock for lock in self.locks if lock.source is source), None)


def line_page(
    customer_id: int, filters: LineFilters, home: Home, *, sort: str, descending: bool, limit: int, offset: int
) -> LinePage:
    """`sort` is one of STAFF_SORTS. One statement."""
    wanted = _rows().where(*_conditions(customer_id, filters, home)).add_columns(func.count().over())
    order = [column.desc() if descending else column for column in STAFF_SORTS[sort]]
    rows = db.session().execute(wanted.order_by(*order).limit(limit).offset(offset)).all()
    return LinePage([_listed(row) for row in rows], rows[0][-1] if rows else 0)


def _listed(row: Sequence[Any]) -> ListedLine:
    public_id, kind, *rest = row[:-1]
    return ListedLine(public_id, Kind(kind), *rest)


def _rows() -> Select[*tuple[Any, ...]]:
    aliases = select(func.count()).where(_Alias.subscriber_id == Subscriber.id, _Alias.role == Role.ALIAS)
    locks = select(func.count()).where(Lock.subscriber_id == Subscriber.id)
    return (
        select(
            Subscriber.public_id,
            Subscriber.kind,
            Subscriber.display_name,
            Subscriber.username,
            SipDomain.domain,
            Subscriber.extension,
            _Primary.digits,
            aliases.correlate(Subscriber).scalar_subquery(),
            Subscriber.lock_level,
            locks.correlate(Subscriber).scalar_subquery(),
        )
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .outerjoin(_Primary, (_Primary.subscriber_id == Subscriber.id) & (_Primary.role == Role.PRIMARY))
    )


def _conditions(customer_id: int, filters: LineFilters, home: Home) -> list[ColumnElement[bool]]:
    wanted = [Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED]
    if filters.kind:
        wanted.append(Subscriber.kind == filters.kind)
    if filters.locked:
        wanted.append(Subscriber.lock_level > 0)
    if filters.words:
        named = Subscriber.username.contains(filters.words.lower(), autoescape=True)
        external = Subscriber.external_id == filters.words
        wanted.append(or_(named, external, *meanings(filters.words, home)))
    return wanted


@dataclass(frozen=True)
class LineFacts:
    """What the list of a customer says on top; `lines` are all that count for the limit."""

    limit: int | None
    lines: int
    locked: int
    kinds: Mapping[Kind, int]
    domain: SipDomain | None

    @property
    def has_pilot(self) -> bool:
        return Kind.PILOT in self.kinds


def line_facts(customer: Customer) -> LineFacts:
    """Two statements."""
    counted = select(Subscriber.kind, func.count(), func.count().filter(Subscriber.lock_level > 0))
    living = Subscriber.customer_id == customer.id, Subscriber.status != Status.TERMINATED
    rows = db.session().execute(counted.where(*living).group_by(Subscriber.kind)).all()
    kinds = {Kind(kind): count for kind, count, _locked in sorted(rows, key=lambda row: list(Kind).index(Kind(row[0])))}
    return LineFacts(customer.max_subscribers, sum(kinds.values()), sum(row[2] for row in rows), kinds, _domain(customer))


def _domain(customer: Customer) -> SipDomain | None:
    """Where its lines are: the domain of its first one, else the one that is set for new ones."""
    first = select(Subscriber.domain_id).where(Subscriber.customer_id == customer.id, Subscriber.status != Status.TERMINATED)
    used = first.order_by(Subscriber.id).limit(1).scalar_subquery()
    wanted = select(SipDomain).where(SipDomain.id == func.coalesce(used, customer.domain_id))
    return db.session().scalars(wanted).first()


def line_sheet(public_id: PublicId) -> LineSheet:
    """Two statements, one more for a trunk. Raises NotFound, also for lines that have ended."""
    row: Sequence[Any] | None = (
        db.session()
        .execute(
            select(
                Subscriber,
                SipDomain,
                Customer,
                Reseller,
                Account,
                Contact.email,
                _Primary.digits,
                _base(),
                _shown(),
                func.mail_address(Account.id),
                _aliases(),
                _locks(),
                signed_in(),
            )
            .join(SipDomain, SipDomain.id == Subscriber.domain_id)
            .join(Customer, Customer.id == Subscriber.customer_id)
            .join(Reseller, Reseller.id == Subscriber.reseller_id)
            .outerjoin(_Primary, (_Primary.subscriber_id == Subscriber.id) & (_Primary.role == Role.PRIMARY))
            .outerjoin(Account, (Account.subscriber_id == Subscriber.id) & (Account.status != AccountStatus.TERMINATED))
            .outerjoin(Contact, Contact.id == Subscriber.contact_id)
            .where(Subscriber.public_id == public_id, Subscriber.status != Status.TERMINATED),
            execution_options={"populate_existing": True},
        )
        .first()
    )
    if row is None:
        raise NotFound
    *facts, aliases, locks, phones = row
    held = tuple(HeldNumber(*one) for one in aliases or ())
    notes = tuple(
        LockNote(LockSource(source), level, reason, by, datetime.fromisoformat(at))
        for source, level, reason, by, at in locks or ()
    )
    everything: list[Any] = [*facts, held, notes, devices(phones), _sources(facts[0])]
    return LineSheet(*everything)


def _sources(line: Subscriber) -> tuple[TrustedSource, ...]:
    if line.kind != Kind.TRUNK:
        return ()
    own = select(TrustedSource).where(TrustedSource.subscriber_id == line.id).order_by(TrustedSource.id)
    return tuple(db.session().scalars(own, execution_options={"populate_existing": True}))


def _base() -> Any:
    pilot = _Pilot.customer_id == Subscriber.customer_id, _Pilot.kind == Kind.PILOT, _Pilot.status != Status.TERMINATED
    base = select(_Base.digits).join(_Pilot, _Pilot.id == _Base.subscriber_id).where(*pilot, _Base.role == Role.PRIMARY)
    return base.correlate(Subscriber).limit(1).scalar_subquery()


def _shown() -> Any:
    return select(_Alias.digits).where(_Alias.id == Subscriber.outgoing_number_id).correlate(Subscriber).scalar_subquery()


def _aliases() -> Any:
    facts = func.jsonb_build_array(_Alias.public_id, _Alias.digits)
    own = _Alias.subscriber_id == Subscriber.id, _Alias.role == Role.ALIAS
    return select(func.jsonb_agg(aggregate_order_by(facts, _Alias.digits))).where(*own).correlate(Subscriber).scalar_subquery()


def _locks() -> Any:
    facts = func.jsonb_build_array(Lock.source, Lock.level, Lock.reason, Lock.by_name, Lock.at)
    own = Lock.subscriber_id == Subscriber.id
    return select(func.jsonb_agg(aggregate_order_by(facts, Lock.at))).where(own).correlate(Subscriber).scalar_subquery()

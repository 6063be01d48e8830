"""Telephones that are signed in, as the switch knows them at this moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.leaves import Beside, Order, counted, leaf
from portal.core.phone import Home
from portal.core.places import Page
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Device, Kind, Registration, Status, Subscriber
from portal.features.subscribers.queries.search import meanings
from portal.features.subscribers.rules.devices import Telephone, Whereabouts, telephone, whereabouts

MOST_GONE = 5
DEVICE_SORTS: Mapping[str, Sequence[Any]] = {
    "name": (Subscriber.name_sort, Subscriber.id, Registration.id),
    "extension": (func.coalesce(Subscriber.extension_number, -1), Subscriber.id, Registration.id),
    "since": (Registration.since, Registration.id),
}


@dataclass(frozen=True)
class SignedIn:
    """A telephone that rings now. `seen_at`: when it last said that it is there; it says so again before `expires_at`."""

    public_id: PublicId
    telephone: Telephone
    place: Whereabouts
    since: datetime
    expires_at: datetime
    seen_at: datetime


@dataclass(frozen=True)
class ListedDevice:
    """A row of a company’s list: the telephone, and whose it is."""

    signed_in: SignedIn
    line: PublicId
    name: str
    extension: str | None
    kind: Kind

    @property
    def public_id(self) -> PublicId:
        return self.signed_in.public_id


@dataclass(frozen=True)
class DeviceFilters:
    words: str = ""
    line: PublicId | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.line)


@dataclass(frozen=True)
class Gone:
    """A telephone that was signed in before."""

    telephone: Telephone
    seen_at: datetime


def _in_force() -> ColumnElement[bool]:
    """By the clock of the database, which the switch goes by."""
    return Registration.expires > func.timezone("UTC", func.now())


def _of_line() -> ColumnElement[bool]:
    return and_(Registration.subscriber_id == Subscriber.id, _in_force())


def has_phone() -> ColumnElement[bool]:
    """For selects of lines: whether a telephone is signed in."""
    return select(Registration.id).where(_of_line()).correlate(Subscriber).exists()


def phones(of: Any = Subscriber) -> ScalarSelect[int]:
    """For selects of lines: how many telephones are signed in."""
    own = Registration.subscriber_id == of.id, _in_force()
    return select(func.count()).select_from(Registration).where(*own).correlate(of).scalar_subquery()


def signed_in() -> ScalarSelect[Any]:
    """For selects of lines: the telephones, to be read by `devices`."""
    facts = func.jsonb_build_array(*_facts())
    found = select(func.jsonb_agg(aggregate_order_by(facts, Registration.since, Registration.id)))
    return found.where(_of_line()).correlate(Subscriber).scalar_subquery()


def devices(found: Any) -> tuple[SignedIn, ...]:
    return tuple(_device(*one[:5], *map(datetime.fromisoformat, one[5:])) for one in found or ())


def _facts() -> tuple[Any, ...]:
    def moment(column: Any) -> Any:
        return func.timezone("UTC", column)

    of_phone = Registration.public_id, Registration.user_agent, Registration.contact, Registration.received, Registration.socket
    return *of_phone, Registration.since, moment(Registration.expires), moment(Registration.last_modified)


def _device(*facts: Any) -> SignedIn:
    public_id, user_agent, contact, received, socket, since, expires_at, seen_at = facts
    place = whereabouts(contact, received, socket)
    return SignedIn(public_id, telephone(user_agent), place, since, expires_at, max(since, seen_at))


def devices_of(subscriber_id: int) -> tuple[SignedIn, ...]:
    """Those of one line, the longest signed in first. One statement."""
    own = Registration.subscriber_id == subscriber_id, _in_force()
    rows = db.session().execute(select(*_facts()).where(*own).order_by(Registration.since, Registration.id))
    return tuple(_device(*row) for row in rows)


def gone_of(subscriber_id: int) -> list[Gone]:
    """Telephones of a line that were signed in before and are not now, the latest first. One statement."""
    mark = func.coalesce(func.nullif(Registration.instance, ""), Registration.user_agent)
    there = select(Registration.id).where(Registration.subscriber_id == subscriber_id, mark == Device.mark, _in_force())
    wanted = select(Device.user_agent, Device.last_seen_at).where(Device.subscriber_id == subscriber_id, ~there.exists())
    rows = db.session().execute(wanted.order_by(Device.last_seen_at.desc()).limit(MOST_GONE))
    return [Gone(telephone(user_agent), seen_at) for user_agent, seen_at in rows]


def device_page(
    customer_id: int,
    filters: DeviceFilters,
    home: Home,
    *,
    sort: str,
    size: int,
    descending: bool = False,
    place: Beside | None = None,
) -> Page[ListedDevice]:
    """`sort` is one of DEVICE_SORTS. Two statements at most."""
    own = Registration.customer_id == customer_id, Registration.subscriber_id == Subscriber.id
    order = Order(DEVICE_SORTS[sort], Registration.public_id, of=own, down=descending)
    of_line = Subscriber.public_id, Subscriber.display_name, Subscriber.extension, Subscriber.kind
    rows = select(*_facts(), *of_line).where(*_conditions(customer_id, filters, home))
    return leaf(rows, order, _listed, size=size, place=place)


def device_count(customer_id: int, filters: DeviceFilters, home: Home) -> tuple[int, bool]:
    """How many there are, and whether that is only as far as they are counted."""
    some = select(literal(1)).select_from(Registration).join(Subscriber, Subscriber.id == Registration.subscriber_id)
    return counted(some.where(*_conditions(customer_id, filters, home)))


def _conditions(customer_id: int, filters: DeviceFilters, home: Home) -> list[ColumnElement[bool]]:
    wanted = [Registration.customer_id == customer_id, _of_line(), Subscriber.status != Status.TERMINATED]
    if filters.line:
        wanted.append(Subscriber.public_id == filters.line)
    if filters.words:
        called = Registration.user_agent.icontains(filters.words, autoescape=True)
        wanted.append(or_(called, *meanings(filters.words, home)))
    return wanted


def _listed(*row: Any) -> ListedDevice:
    *facts, line, name, extension, kind = row
    return ListedDevice(_device(*facts), line, name, extension, Kind(kind))


def device(public_id: PublicId) -> tuple[Registration, Subscriber]:
    """A telephone that is signed in, and its line. Raises NotFound."""
    wanted = select(Registration, Subscriber).where(Registration.public_id == public_id, _of_line())
    found = db.session().execute(wanted.where(Subscriber.status != Status.TERMINATED)).first()
    if found is None:
        raise NotFound
    return found[0], found[1]


@dataclass(frozen=True)
class Access:
    """With what a telephone signs in at a line. `runs_company`: somebody at the company makes its passwords."""

    line: Subscriber
    domain: str
    runs_company: bool


def own_line(subscriber_id: int) -> Access:
    """One statement. Raises NotFound."""
    wanted = select(Subscriber, SipDomain.domain).join(SipDomain, SipDomain.id == Subscriber.domain_id)
    row = db.session().execute(wanted.where(Subscriber.id == subscriber_id, Subscriber.status != Status.TERMINATED)).first()
    if row is None:
        raise NotFound
    return Access(row[0], row[1], row[0].kind == Kind.EXTENSION)


def seen_first(subscriber_id: int, mark: str) -> datetime | None:
    """When a telephone was first seen at a line; None for one that was forgotten meanwhile."""
    return db.session().scalar(select(Device.first_seen_at).where(Device.subscriber_id == subscriber_id, Device.mark == mark))


@dataclass(frozen=True)
class CompanyPhones:
    """How many people of a company have a telephone that is signed in."""

    people: int
    reached: int


def company_phones(customer_id: int) -> CompanyPhones:
    """One statement."""
    person = Subscriber.kind == Kind.EXTENSION
    counts = select(func.count().filter(person), func.count().filter(person, has_phone())).select_from(Subscriber)
    row = db.session().execute(counts.where(Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED)).one()
    return CompanyPhones(*row)

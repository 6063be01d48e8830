"""Lines as the evaluation sees them: those that a call can come to, however it is forwarded, with all that decides about it."""

from collections.abc import Collection
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import CTE, ColumnElement, Select, exists, select, true, union_all

from portal.core import db, phone
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.callhandling.models import Forward, ForwardDestination, LineHandling
from portal.features.callhandling.queries import facts, groups
from portal.features.callhandling.rules import Exchange, Line
from portal.features.numbers.models import Number
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Status, Subscriber
from portal.features.subscribers.queries import has_phone, levels_of_line
from portal.features.subscribers.rules import LockLevel


def exchange(customer_id: int, starts: Collection[PublicId] | None = None) -> Exchange:
    """The lines that calls to `starts` can come to, or all of a customer. Raises NotFound when there is none.

    One statement; what a line's profile turns off is not in force. Where no phone is signed in now, a line is not reachable.
    """
    rows = db.session().execute(_everything(customer_id, starts), execution_options={"populate_existing": True}).all()
    if not rows:
        raise NotFound
    lines = map(_line, rows)
    return Exchange({line.public_id: line for line in lines}, Home(rows[0].cc, rows[0].ac), ZoneInfo(rows[0].time_zone))


def directory(customer_id: int) -> Exchange:
    """All lines of a customer with their names and numbers, in the order of extensions, to choose from. One statement.

    Nothing is said of what they do with calls.
    """
    rows = db.session().execute(_named(customer_id).order_by(Subscriber.extension_number.nulls_first(), Subscriber.id)).all()
    if not rows:
        raise NotFound
    lines = (Line(row.public_id, row.display_name, row.extension, tuple(row.numbers or ())) for row in rows)
    return Exchange({line.public_id: line for line in lines}, Home(rows[0].cc, rows[0].ac), ZoneInfo(rows[0].time_zone))


def find_called(customer_id: int, typed: str, home: Home) -> PublicId | None:
    """The line that an extension or a number of the customer leads to. One statement."""
    bare = phone.bare(typed)
    try:
        digits = phone.parse(typed, home)
    except phone.NotANumber:
        return None
    numbered = exists().where(Number.subscriber_id == Subscriber.id, Number.digits == digits)
    wanted = select(Subscriber.public_id).where(_live(customer_id), (Subscriber.extension == bare) | numbered)
    return db.session().scalar(wanted.order_by((Subscriber.extension == bare).desc().nulls_last()).limit(1))


def _live(customer_id: int) -> ColumnElement[bool]:
    return (Subscriber.customer_id == customer_id) & (Subscriber.status != Status.TERMINATED)


def _named(customer_id: int) -> Select[Any]:
    return (
        select(
            Subscriber.id,
            Subscriber.public_id,
            Subscriber.display_name,
            Subscriber.extension,
            facts.numbers().label("numbers"),
            SipDomain.cc,
            SipDomain.ac,
            SipDomain.time_zone,
        )
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .where(_live(customer_id))
    )


def _everything(customer_id: int, starts: Collection[PublicId] | None) -> Select[Any]:
    wanted = (
        _named(customer_id)
        .add_columns(
            Subscriber.lock_level,
            Subscriber.do_not_disturb,
            Subscriber.next_hop,
            has_phone().label("has_phone"),
            LineHandling,
            levels_of_line().label("levels"),
            facts.forwards().label("forwards"),
            facts.blocked().label("blocked"),
            facts.speed_dials().label("speed_dials"),
            groups.known().stored().label("ringing"),
        )
        .join(LineHandling, LineHandling.subscriber_id == Subscriber.id, isouter=True)
        .order_by(Subscriber.id)
    )
    if starts is None:
        return wanted
    return wanted.where(Subscriber.id.in_(select(_reached(customer_id, starts).c.id)))


def _reached(customer_id: int, starts: Collection[PublicId]) -> CTE:
    """The keys of lines that calls to `starts` can come to: by forwarding, and as members of groups."""
    reached = (
        select(Subscriber.id)
        .where(Subscriber.customer_id == customer_id, Subscriber.public_id.in_(starts))
        .cte("reached", recursive=True)
    )
    forwarded = (
        select(ForwardDestination.target_id.label("target"))
        .join(Forward, Forward.id == ForwardDestination.forward_id)
        .where(Forward.subscriber_id == reached.c.id, ForwardDestination.target_id.is_not(None))
        .correlate(reached)
    )
    # looked up line by line: what the rest of a large company does is not read
    leads = union_all(forwarded, groups.known().members(reached.c.id).correlate(reached)).lateral("leads")
    return reached.union(select(leads.c.target).select_from(reached.join(leads, true())))


def _line(row: Any) -> Line:
    return Line(
        public_id=row.public_id,
        name=row.display_name,
        extension=row.extension,
        numbers=tuple(row.numbers or ()),
        lock=LockLevel(row.lock_level),
        handling=facts.handling(row),
        ringing=groups.known().read(row.ringing) if row.ringing else None,
        reachable=None if row.ringing else row.has_phone or row.next_hop is not None,
    )

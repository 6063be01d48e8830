"""Reads of what Kamailio and its functions wrote of calls."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Text, any_, cast, column, exists, func, literal, select, table
from sqlalchemy.dialects.postgresql import ARRAY

from portal.core import db
from portal.features.calls.rules.switched import Course, Ended, Party
from portal.features.calls.rules.switchlog import known
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Subscriber

CDR = table(
    "acc_cdrs",
    *map(column, ("id", "start_time", "duration", "call", "code", "answered_by", "answered_in", "peer")),
    *map(column, ("setup_at", "ring_at", "answer_at")),
    schema="kamailio",
)
CALL = table("call", *map(column, ("id", "parent_id", "began_at", "facts", "state", "trace")), schema="kamailio")
_START = cast(func.extract("epoch", CDR.c.start_time), Text).label("start")
CDR_COLUMNS = (CDR.c.id, _START, *(column for column in CDR.c if column.name not in {"id", "start_time"}))


def ended(row: Any) -> Ended:
    """Of a row with CDR_COLUMNS."""
    return Ended(
        call=known(row.call),
        code=known(row.code),
        duration=row.duration,
        setup_at=known(row.setup_at) or row.start,
        ring_at=known(row.ring_at),
        answer_at=known(row.answer_at) or row.start,
        answered_by=known(row.answered_by),
        answered_in=known(row.answered_in),
        peer=known(row.peer),
    )


def waiting(limit: int) -> Sequence[int]:
    """Rows of ended calls, the oldest first."""
    return db.session().scalars(select(CDR.c.id).order_by(CDR.c.id).limit(limit)).all()


def courses(calls: Collection[str]) -> dict[str, list[Course]]:
    """By call: itself, and then the calls within it, in the order in which they began."""
    keys = literal(sorted(calls), ARRAY(Text))
    tree = select(CALL.c.id.label("root"), *CALL.c).where(CALL.c.id == any_(keys)).cte("tree", recursive=True)
    tree = tree.union_all(select(tree.c.root, *CALL.c).join(tree, CALL.c.parent_id == tree.c.id))
    found: dict[str, list[Course]] = {}
    for row in db.session().execute(select(tree).order_by(tree.c.root, tree.c.began_at)):
        parent = row.parent_id if row.id != row.root else None
        why = (row.state.get("result") or {}).get("why")
        course = Course(row.id, parent, row.facts, row.trace, why)
        found.setdefault(row.root, []).append(course)
    return found


def parties(keys: Collection[int]) -> dict[int, Party]:
    """The lines of these keys, also those that have ended."""
    rows = db.session().execute(
        select(Subscriber.id, Subscriber.username, SipDomain.domain, Subscriber.customer_id, Subscriber.extension)
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .where(Subscriber.id.in_(keys)),
    )
    return {key: Party(username, domain, customer_id, extension) for key, username, domain, customer_id, extension in rows}


def still_to_be_taken(call: Any) -> Any:
    """Whether Kamailio has written the end of a call already."""
    return exists(CDR.c.id).where(CDR.c.call == call)

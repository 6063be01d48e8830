from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, func, select

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.ids import PublicId

COMINGS = frozenset({Event.SIGNED_IN, Event.SIGN_IN_FAILED, Event.SIGNED_OUT})
CHANGES = frozenset(Event) - COMINGS


@dataclass(frozen=True)
class History:
    """Newest first; `total` counts those that are not shown too."""

    entries: Sequence[AuditEntry]
    total: int


def history(subjects: Collection[PublicId], limit: int, *, offset: int = 0) -> History:
    """What was changed about something known by these public ids, for example a line and its account. One statement."""
    return _history(select(AuditEntry).where(AuditEntry.subject.in_(subjects)), limit, offset)


def last_change(*subjects: PublicId) -> AuditEntry | None:
    """By whom something was changed last. One statement."""
    return next(iter(history(subjects, 1).entries), None)


def latest(customer_id: int, limit: int) -> History:
    """What was changed in a company. One statement."""
    return _history(select(AuditEntry).where(AuditEntry.customer_id == customer_id), limit, 0)


def of_number(customer_id: int, digits: str, limit: int, *, offset: int = 0) -> History:
    """Who was given a number and from whom it was taken. One statement."""
    named = AuditEntry.details["numbers"].contains([digits])
    return _history(select(AuditEntry).where(AuditEntry.customer_id == customer_id, named), limit, offset)


def _history(wanted: Select[AuditEntry], limit: int, offset: int) -> History:
    changes = wanted.where(AuditEntry.event.in_(sorted(CHANGES))).add_columns(func.count().over())
    rows = db.session().execute(changes.order_by(AuditEntry.at.desc(), AuditEntry.id.desc()).limit(limit).offset(offset)).all()
    return History([row[0] for row in rows], rows[0][1] if rows else 0)

"""Who may write into which phonebook, and what each change leaves in the trace."""

from typing import Any

from portal.core import audit, clock, db, ids
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.customers.queries import hold as hold_customer
from portal.features.phonebook import queries, rules
from portal.features.phonebook.models import Entry, Kept
from portal.features.phonebook.queries import Book, Reader
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature


def check_may_write(*, by: Identity, own: bool) -> None:
    """The company's is for whoever runs the company; one's own for oneself, as far as the profile allows.

    Raises NotFound, and Refused for what the profile keeps from its person.
    """
    if not own:
        if not by.can(P.PHONEBOOK_COMPANY):
            raise NotFound
        return
    line = db.session().get(Subscriber, by.subscriber_id) if by.subscriber_id is not None else None
    if line is None:
        raise NotFound
    subscribers.check_may_change(by=by, line=line, feature=Feature.PHONEBOOK)


def hold_room(whom: Reader, book: Book, wanted: int = 1) -> None:
    """Others who want to add something wait here. Raises Refused when there is not so much room."""
    hold_customer(whom.customer_id)
    most = rules.MOST_OF_COMPANY if book is Book.COMPANY else rules.MOST_OWN
    if queries.counted(whom, book) + wanted > most:
        raise Refused("phonebook-full", most=most)


def told(event: Event, by: Identity, *, own: bool, subject: PublicId | None = None, label: str, **details: Any) -> None:
    """Whom somebody knows privately is nobody's business: of an own entry only that there was one."""
    if own:
        audit.record(event, by=by, subject=subject, own=True)
    else:
        audit.record(event, by=by, subject=subject, label=label, **details)


def keep(by: Identity, kind: str, *, name: str, own: bool, content: dict[str, object], at: Kept | None) -> Kept:
    """In place of what was kept of this kind before."""
    whom = queries.reader(by)
    if by.public_id is None:
        raise NotFound
    kept = at or Kept(reseller_id=whom.reseller_id, customer_id=whom.customer_id, account=by.public_id, kind=kind)
    kept.public_id, kept.name, kept.own, kept.content, kept.at = ids.new(), name, own, content, clock.now()
    db.session().add(kept)
    db.session().flush()
    return kept


def owner_of(entry: Entry) -> Book:
    return Book.COMPANY if entry.subscriber_id is None else Book.MINE

"""Whose entries somebody sees: the company's, and their own if their profile lets them have any."""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.features.phonebook.models import Entry
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.queries import levels_of_line
from portal.features.subscribers.rules import STORED, Feature, Level


class Book(StrEnum):
    """Which of the two."""

    COMPANY = auto()
    MINE = auto()


@dataclass(frozen=True)
class Reader:
    """Somebody of a customer. Without a line of their own they have no book of their own."""

    reseller_id: int
    customer_id: int
    subscriber_id: int | None


def reader(who: Identity) -> Reader:
    """Raises NotFound for staff."""
    if who.reseller_id is None or who.customer_id is None:
        raise NotFound
    return Reader(who.reseller_id, who.customer_id, who.subscriber_id)


def seen(whom: Reader, of: Any = Entry, book: Book | None = None) -> ColumnElement[bool]:
    """`of`: entries, their numbers, or another name for these. Of one book or of both."""
    company = of.subscriber_id.is_(None)
    wanted = {Book.COMPANY: company, Book.MINE: mine(whom, of), None: or_(company, mine(whom, of))}[book]
    return and_(of.reseller_id == whom.reseller_id, of.customer_id == whom.customer_id, wanted)


def mine(whom: Reader, of: Any = Entry) -> ColumnElement[bool]:
    """Subscriber.id stands alone in a subquery: it is asked once, not for each row."""
    level = func.jsonb_extract_path_text(levels_of_line(), Feature.PHONEBOOK.value)
    line = select(Subscriber.id).where(Subscriber.id == whom.subscriber_id, level.is_distinct_from(STORED[Level.OFF]))
    own: ColumnElement[bool] = of.subscriber_id == line.scalar_subquery()
    return own

"""Lines, as people look for them in the list of calls."""

from dataclasses import dataclass

from sqlalchemy import Integer, Text, literal, or_, select

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.calls.queries.records import Person
from portal.features.calls.queries.whose import Whose
from portal.features.phonebook.queries import numbers_named
from portal.features.subscribers.models import Subscriber

LONGEST_EXTENSION = 5


def person(whose: Whose, public_id: PublicId) -> tuple[int, Person]:
    """A line of the company, gone ones too, with its key. Raises NotFound, also when the asker sees only the own line."""
    row = db.session().execute(
        select(Subscriber.id, Subscriber.public_id, Subscriber.display_name, Subscriber.extension).where(
            Subscriber.reseller_id == whose.reseller_id,
            Subscriber.customer_id == whose.customer_id,
            Subscriber.public_id == public_id,
        ),
    ).first()
    if row is None or not whose.company:
        raise NotFound
    return row.id, Person(row.public_id, row.display_name, row.extension)


@dataclass(frozen=True)
class Matching:
    """`lines`: of the company, gone ones too. `numbers`: of people who stand in a phonebook."""

    lines: tuple[int, ...]
    numbers: tuple[str, ...]


def matching(whose: Whose, text: str, *, phonebooks: bool) -> Matching:
    """Whose name has this in it, and lines whose extension begins so. One statement."""
    found = [Subscriber.name_sort.contains(i18n.sort_key(text), autoescape=True)]
    digits = text.strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_EXTENSION:
        found.append(Subscriber.extension.startswith(digits))
    lines = select(Subscriber.id, literal(None, Text).label("digits")).where(
        Subscriber.reseller_id == whose.reseller_id, Subscriber.customer_id == whose.customer_id, or_(*found),
    )
    if not phonebooks or whose.reader is None:
        return Matching(tuple(key for key, _digits in db.session().execute(lines)), ())
    known = numbers_named(whose.reader, text).subquery()
    rows = db.session().execute(lines.union_all(select(literal(None, Integer), known.c.digits))).all()
    return Matching(tuple(key for key, _digits in rows if key), tuple(digits for _key, digits in rows if digits))

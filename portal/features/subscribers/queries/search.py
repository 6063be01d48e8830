from sqlalchemy import ColumnElement, or_, select

from portal.core import i18n, phone
from portal.core.phone import Home
from portal.features.numbers.models import Number
from portal.features.subscribers.models import Subscriber

LONGEST_SHORT = 5  # digits up to which a query can mean an extension


def meanings(words: str, home: Home) -> list[ColumnElement[bool]]:
    """What a text typed to find lines can mean: part of a name, an extension, or the beginning or the end of a number."""
    digits = phone.bare(words).removeprefix("+")
    found: list[ColumnElement[bool]] = [Subscriber.name_sort.contains(i18n.sort_key(words), autoescape=True)]
    if not (digits.isascii() and digits.isdigit()):
        return found
    if len(digits) <= LONGEST_SHORT:
        found.append(Subscriber.extension.startswith(digits))
    numbers = [Number.digits.endswith(digits)]
    canonical = phone.search_digits(words, home)
    if canonical is not None:
        numbers.append(Number.digits.startswith(canonical))
    found.append(Subscriber.id.in_(select(Number.subscriber_id).where(Number.subscriber_id.is_not(None), or_(*numbers))))
    return found

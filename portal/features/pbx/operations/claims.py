"""What an extension or a group needs before it is written: its number in the company, and room for the one outside."""

from collections.abc import Iterable

from portal.core import phone
from portal.core.errors import Conflict, Refused
from portal.features.numbers import queries as number_queries, rules as number_rules
from portal.features.pbx import queries
from portal.features.pbx.rules import Range
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.queries import Company


def claim_extension(company: Company, typed: str, *, besides: Subscriber | None = None) -> str:
    """The extension, if it is inside the company's range, nobody's, and makes a number that is nobody's. Raises Refused."""
    allowed = range_of(company)
    extension = allowed.check(typed)
    holder = queries.holder_of(company.customer.id, extension)
    if holder is not None and holder is not besides:
        raise _taken(company, extension, holder.display_name)
    number = number_rules.derived(company.base.parts, extension)
    for known in number_queries.known([number.digits]):
        if known.subscriber_id is not None and (besides is None or known.subscriber_id != besides.id):
            name = queries.name_of(known.subscriber_id)
            raise Refused("number-taken-by", field="extension", number=phone.spoken(number.digits, company.home.cc), name=name)
    return extension


def _taken(company: Company, extension: str, name: str) -> Refused:
    free = queries.next_free(company.customer)
    code = "extension-taken-by" if free is not None else "extension-taken-by-full"
    return Refused(code, field="extension", extension=extension, name=name, free=free)


def range_of(company: Company) -> Range:
    return Range(company.customer.extension_min, company.customer.extension_max)


def free_username(company: Company, typed: str | None, candidates: Iterable[str]) -> str:
    """What was typed, else the first candidate that nobody in the domain has."""
    if typed and typed.strip():
        return typed
    names = list(candidates)
    free = (name for name in names if not subscriber_queries.username_taken(company.domain.id, name))
    return next(free, names[0])


def at_version(line: Subscriber, version: int) -> Subscriber:
    """The line, held, if nobody has changed it since it was at this version. Raises Conflict."""
    subscriber_queries.hold(line)
    if line.version != version:
        raise Conflict(line.version)
    return line

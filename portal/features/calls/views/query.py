"""What the address of the list asks for. What is not offered is left out; what was typed in vain is said at its field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from flask import request, url_for

from portal.core import clock, ids, phone
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.periods import Period, Span
from portal.core.phone import Home
from portal.features.calls import queries
from portal.features.calls.forms import FilterForm
from portal.features.calls.queries import Person, Whose
from portal.features.calls.rules import periods
from portal.features.calls.rules.asked import Asked, Order, Outcome, Place, place
from portal.features.calls.rules.words import Direction
from portal.web.filters import SIZES, USUAL_SIZE, Listing

SPANS = (Span.TODAY, Span.YESTERDAY, Span.WEEK, Span.FOUR_WEEKS, Span.MONTH, Span.LAST_MONTH, Span.YEAR)
OFFERED: Mapping[str, Collection[str]] = {
    "period": SPANS,
    "direction": [*Direction],
    "outcome": [*Outcome],
    "order": [*Order],
    "rows": [str(size) for size in SIZES],
}
USUAL = {"period": periods.USUAL.value, "order": Order.NEWEST.value, "rows": str(USUAL_SIZE)}


@dataclass(frozen=True, kw_only=True)
class Query(Listing):
    """`person`: whose calls a pilot looks at."""

    endpoint = "calls.list"
    file: ClassVar[str] = "calls.download"
    usual = USUAL

    form: FilterForm
    asked: Asked
    order: Order
    place: Place | None
    person: Person | None

    @property
    def path(self) -> str:
        """The list as nobody has asked for anything."""
        nothing: dict[str, Any] = dict.fromkeys(self.values)
        return self.url(**nothing)

    def unfiltered(self) -> str:
        return self.url(q=None, direction=None, outcome=None, at_least=None, at_most=None)

    def day_url(self, day: date) -> str:
        """The calls of one day; all of them again, when that day is chosen already."""
        chosen = self.period.first == self.period.last == day
        return self.url(since=None, until=None) if chosen else self.url(since=day.isoformat(), until=day.isoformat(), period=None)

    def sort_url(self, first: Order, second: Order) -> str:
        return self.url(order=second if self.order is first else first)


class CustomersQuery(Query):
    """The same, as the provider's staff ask: in the addresses of one customer."""

    endpoint = "calls.of_customer"
    file = "calls.customers_file"

    @classmethod
    def paths_of(cls, customer_id: PublicId) -> dict[str, str]:
        return {endpoint: url_for(endpoint, customer_id=customer_id) for endpoint in (cls.endpoint, cls.file)}


def read(whose: Whose, zone: ZoneInfo, home: Home, *, customer_id: PublicId | None = None) -> Query:
    """`customer_id`: for staff. Raises NotFound for a person that is not of this company."""
    form = FilterForm.read()
    values = form.values(OFFERED, ("q", "person"), USUAL)
    who = _person(whose, values.get("person"))
    wanted = form.period(values, USUAL["period"], clock.today(zone))
    kind, paths = (CustomersQuery, CustomersQuery.paths_of(customer_id)) if customer_id else (Query, {})
    return kind(
        paths=paths,
        values=values,
        form=form,
        period=wanted,
        asked=_asked(whose, home, values, wanted, zone, line=who[0] if who else None),
        order=Order(values.get("order", USUAL["order"])),
        place=place(request.args.get("before", ""), back=True) or place(request.args.get("after", "")),
        person=who[1] if who else None,
    )


def _person(whose: Whose, public_id: str | None) -> tuple[int, Person] | None:
    if public_id is None:
        return None
    if not ids.PATTERN.fullmatch(public_id):
        raise NotFound
    return queries.person(whose, PublicId(public_id))


def _asked(whose: Whose, home: Home, values: Mapping[str, str], wanted: Period, zone: ZoneInfo, *, line: int | None) -> Asked:
    start, end = clock.days(wanted.first, wanted.last, zone)
    asked = Asked(
        start,
        end,
        direction=values.get("direction"),
        outcome=Outcome(values["outcome"]) if "outcome" in values else None,
        line=line,
        at_least=periods.seconds(values.get("at_least", "")),
        at_most=periods.seconds(values.get("at_most", "")),
    )
    return _sought(whose, asked, values["q"], home) if "q" in values else asked


def _sought(whose: Whose, asked: Asked, words: str, home: Home) -> Asked:
    """Words are a name, of a colleague or in a phonebook; a number; with up to five digits an extension as well as a number."""
    prefix = phone.search_digits(words, home)
    if prefix is not None and len(phone.bare(words)) > queries.LONGEST_EXTENSION:
        return replace(asked, prefix=prefix)
    found = queries.matching(whose, words, phonebooks=prefix is None)
    if len(found.lines) == 1 and not found.numbers and prefix is None and whose.company and asked.line is None:
        return replace(asked, line=found.lines[0])
    return replace(asked, prefix=prefix, people=found.lines, numbers=found.numbers)

"""What the address of the list asks for. What is not offered is left out; what was typed in vain is said at its field."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request, url_for

from portal.core import clock, ids, phone
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.calls import queries
from portal.features.calls.forms import FilterForm
from portal.features.calls.queries import Person, Whose
from portal.features.calls.rules import periods
from portal.features.calls.rules.asked import Asked, Order, Outcome, Place, place
from portal.features.calls.rules.periods import Period, Span
from portal.features.calls.rules.words import Direction

SIZES = (25, 50, 100)
USUAL_SIZE = 50
LONGEST_WORDS = 100
OFFERED: Mapping[str, Collection[str]] = {
    "period": [*Span],
    "direction": [*Direction],
    "outcome": [*Outcome],
    "order": [*Order],
    "rows": [str(size) for size in SIZES],
}
USUAL = {"period": periods.USUAL.value, "order": Order.NEWEST.value, "rows": str(USUAL_SIZE)}


@dataclass(frozen=True)
class Query:
    """`values` is what differs from the usual, by its name in the address. `person`: whose calls a pilot looks at."""

    values: Mapping[str, str]
    form: FilterForm
    period: Period
    asked: Asked
    order: Order
    size: int
    place: Place | None
    person: Person | None
    paths: dict[str, str] = field(default_factory=dict)  # a page has some fifty addresses of the same two paths

    @property
    def words(self) -> str:
        return self.values.get("q", "")

    def url(self, endpoint: str = "calls.list", **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted = {**self.values, **{name: None if value is None else str(value) for name, value in changes.items()}}
        params = {name: value for name, value in wanted.items() if value not in {None, USUAL.get(name)}}
        path = self.paths.get(endpoint) or self.paths.setdefault(endpoint, url_for(endpoint))
        return f"{path}?{urlencode(params)}" if params else path

    @property
    def period_chosen(self) -> bool:
        return self.period.span is not periods.USUAL

    def unfiltered(self) -> str:
        return self.url(q=None, direction=None, outcome=None, at_least=None, at_most=None)

    def day_url(self, day: date) -> str:
        """The calls of one day; all of them again, when that day is chosen already."""
        chosen = self.period.first == self.period.last == day
        return self.url(since=None, until=None) if chosen else self.url(since=day.isoformat(), until=day.isoformat(), period=None)

    def kept(self, *without: str) -> dict[str, str]:
        """For forms of the page that ask for something else."""
        return {name: value for name, value in self.values.items() if name not in without}

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=size), size == self.size) for size in SIZES]

    def sort_url(self, first: Order, second: Order) -> str:
        return self.url(order=second if self.order is first else first)


def read(whose: Whose, zone: ZoneInfo, home: Home) -> Query:
    """Raises NotFound for a person that is not of this company."""
    form = FilterForm.read()
    values = _values(form)
    who = _person(whose, values.get("person"))
    wanted = _period(form, values, clock.today(zone))
    return Query(
        values=values,
        form=form,
        period=wanted,
        asked=_asked(whose, home, values, wanted, zone, line=who[0] if who else None),
        order=Order(values.get("order", USUAL["order"])),
        size=int(values.get("rows", USUAL_SIZE)),
        place=place(request.args.get("before", ""), back=True) or place(request.args.get("after", "")),
        person=who[1] if who else None,
    )


def _values(form: FilterForm) -> dict[str, str]:
    values = {name: request.args.get(name, "") for name, offered in OFFERED.items() if request.args.get(name) in offered}
    values |= {field.name: request.args[field.name].strip() for field in form.usable()}
    values |= {name: text for name in ("q", "person") if (text := _typed(name))}
    if "since" in values or "until" in values:
        values.pop("period", None)
    return {name: value for name, value in values.items() if value != USUAL.get(name)}


def _typed(name: str) -> str:
    return "".join(sign for sign in request.args.get(name, "") if sign.isprintable()).strip()[:LONGEST_WORDS]


def _person(whose: Whose, public_id: str | None) -> tuple[int, Person] | None:
    if public_id is None:
        return None
    if not ids.PATTERN.fullmatch(public_id):
        raise NotFound
    return queries.person(whose, PublicId(public_id))


def _period(form: FilterForm, values: Mapping[str, str], today: date) -> Period:
    if "since" in values or "until" in values:
        since, until = (form[name].data if name in values else None for name in ("since", "until"))
        return periods.chosen(since, until, today)
    return periods.period(Span(values.get("period", USUAL["period"])), today)


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
    """Words are a name, a number, or with up to five digits an extension as well as a number."""
    prefix = phone.search_digits(words, home)
    if prefix is not None and len(phone.bare(words)) > queries.LONGEST_EXTENSION:
        return replace(asked, prefix=prefix)
    people = queries.matching(whose, words)
    if len(people) == 1 and prefix is None and whose.company and asked.line is None:
        return replace(asked, line=people[0])
    return replace(asked, prefix=prefix, people=people)

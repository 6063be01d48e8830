"""Parts of a time set as they are typed, kept as text, and begun with."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from typing import Any

import phonenumbers

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home
from portal.features.callhandling.rules import calendars
from portal.features.callhandling.rules.lines import Dates, Holidays, Span, Weekly

declare("span-no-day", N_("Tick at least one day."))
declare("span-half-hours", N_("Type both times, or none for the whole day."))
declare("span-hours", N_("“%(typed)s” is not a time of day. Type it like 18:00."))
declare("span-no-date", N_("Say which day it begins."))
declare("span-date", N_("“%(typed)s” is not a day of the calendar."))
declare("span-order", N_("The last day is before the first."))
declare("span-country", N_("The holidays of this country are not known. Choose another one."))
declare("span-region", N_("This region is not in the country chosen. Choose the region again."))
declare("span-kind", N_("This part cannot be read. Remove it and add it again."))

_CLOCK = re.compile(r"([01]?[0-9]|2[0-4])[:.]?([0-5][0-9])?")
_WHOLE_DAY = time.min


class SpanKind(StrEnum):
    """The values are stored."""

    WEEKLY = "weekly"
    DATES = "dates"
    HOLIDAYS = "holidays"


@dataclass(frozen=True)
class Typed:
    """A part as it was typed; what does not belong to its kind is empty."""

    kind: str
    excluded: bool = False
    days: frozenset[str] = frozenset()
    begins: str = ""
    ends: str = ""
    first: str = ""
    last: str = ""
    country: str = ""
    region: str = ""

    def span(self) -> Span:
        """Raises Refused."""
        match self.kind:
            case SpanKind.WEEKLY:
                return self._weekly()
            case SpanKind.DATES:
                return self._dates()
            case SpanKind.HOLIDAYS:
                return self._holidays()
        raise Refused("span-kind")

    def _weekly(self) -> Weekly:
        days = frozenset(int(day) for day in self.days if day in set("0123456"))
        if not days:
            raise Refused("span-no-day")
        if bool(self.begins.strip()) != bool(self.ends.strip()):
            raise Refused("span-half-hours")
        return Weekly(days, read_clock(self.begins), read_clock(self.ends), self.excluded)

    def _dates(self) -> Dates:
        if not self.first.strip():
            raise Refused("span-no-date")
        first = _day(self.first)
        last = _day(self.last) if self.last.strip() else first
        if last < first:
            raise Refused("span-order")
        return Dates(first, last, self.excluded)

    def _holidays(self) -> Holidays:
        if not calendars.known(self.country):
            raise Refused("span-country")
        if self.region and not calendars.known(self.country, self.region):
            raise Refused("span-region")
        return Holidays(self.country, self.region or None, self.excluded)


def read_clock(typed: str) -> time:
    """“18:00”, “8.30” or “9”; nothing is midnight, and so is 24:00. Raises Refused."""
    text = typed.strip()
    if not text:
        return _WHOLE_DAY
    found = _CLOCK.fullmatch(text)
    if found is None or (found[1] == "24" and found[2] not in {None, "00"}):
        raise Refused("span-hours", typed=text[:20])
    return time(int(found[1]) % 24, int(found[2] or 0))


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed.strip())
    except ValueError:
        raise Refused("span-date", typed=typed.strip()[:20]) from None


def typed_of(span: Span) -> Typed:
    """What would have to be typed for it."""
    match span:
        case Weekly():
            whole = span.begins == span.ends == _WHOLE_DAY
            hours = ("", "") if whole else (f"{span.begins:%H:%M}", f"{span.ends:%H:%M}")
            return Typed(SpanKind.WEEKLY, span.excluded, frozenset(map(str, span.weekdays)), *hours)
        case Dates():
            days = span.first.isoformat(), span.last.isoformat()
            return Typed(SpanKind.DATES, span.excluded, first=days[0], last="" if days[0] == days[1] else days[1])
        case Holidays():
            return Typed(SpanKind.HOLIDAYS, span.excluded, country=span.country, region=span.region or "")


# --- as text, to be told apart and sent back ------------------------------------------------------------------------------------


def spans_as_text(spans: Sequence[Span]) -> str:
    """The same text for the same spans."""
    return json.dumps([_plain(typed_of(span)) for span in spans], sort_keys=True)


def _plain(typed: Typed) -> dict[str, Any]:
    values = {**vars(typed), "days": "".join(sorted(typed.days)), "kind": str(typed.kind)}
    return {name: value for name, value in values.items() if value}


def typed_from_text(text: str) -> list[Typed]:
    """Nothing where the text is none of ours."""
    try:
        found = json.loads(text or "[]")
        return [_typed(one) for one in found]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return []


def _typed(values: Mapping[str, Any]) -> Typed:
    texts = {name: str(values.get(name, "")) for name in ("kind", "begins", "ends", "first", "last", "country", "region")}
    return Typed(**texts, excluded=bool(values.get("excluded")), days=frozenset(str(values.get("days", ""))))


# --- what a new one can begin with --------------------------------------------------------------------------------------------


class Beginning(StrEnum):
    OFFICE = "office"
    AFTER_HOURS = "after-hours"
    WEEKEND = "weekend"
    HOLIDAYS = "holidays"


_WORKDAYS, _EVERY_DAY, _WEEKEND = frozenset(range(5)), frozenset(range(7)), frozenset({5, 6})
_OPENS, _CLOSES = time(9), time(18)


def country_of(home: Home) -> str:
    """Where the numbers of a provider are at home, as in ISO 3166."""
    return phonenumbers.region_code_for_country_code(int(home.cc))


def beginning(which: Beginning, country: str) -> list[Span]:
    """`country`: whose holidays count here; left out when they are not known."""
    holidays = [Holidays(country)] if calendars.known(country) else []
    closed = [Holidays(country, excluded=True)] if calendars.known(country) else []
    spans: dict[Beginning, list[Span]] = {
        Beginning.OFFICE: [Weekly(_WORKDAYS, _OPENS, _CLOSES), *closed],
        Beginning.AFTER_HOURS: [Weekly(_EVERY_DAY, _CLOSES, _OPENS), Weekly(_WEEKEND, _WHOLE_DAY, _WHOLE_DAY), *holidays],
        Beginning.WEEKEND: [Weekly(_WEEKEND, _WHOLE_DAY, _WHOLE_DAY)],
        Beginning.HOLIDAYS: [*holidays],
    }
    return spans[which]

"""How entries are shown: sentences, names, moments and values in the reader's language."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from itertools import groupby
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from markupsafe import Markup, escape

from portal.core import clock, i18n
from portal.core.identity import Identity
from portal.core.permissions import Withheld
from portal.features.audit.queries import Entry, Named
from portal.features.audit.rules import details, doer, kinds, sentence
from portal.features.audit.rules.details import Fact
from portal.features.audit.rules.kinds import Kind
from portal.web import dates
from portal.web.templating import clock_time

NAME = "\ue000"  # stands for the name of who acted, until the rest of a sentence is escaped


class Row(NamedTuple):
    """An entry. `exact`: its moment to the second; `kind` and `reseller` may be empty."""

    time: str
    moment: str
    sentence: Markup
    exact: str
    who: str
    as_whom: str
    address: str
    about: str
    kind: str
    reseller: str
    facts: list[Fact]


def kind_word(kind: Kind | None) -> str:
    return i18n.gettext(kinds.WORDS[kind]) if kind else ""


def kind_words(*, company: bool) -> dict[str, str]:
    """Kinds of entries to choose from."""
    offered = kinds.OF_COMPANIES if company else tuple(Kind)
    return {kind.value: kind_word(kind) for kind in offered}


class DayRows(NamedTuple):
    """“Today” or the weekday, and the date."""

    title: str
    note: str
    rows: list[Row]


@dataclass(frozen=True)
class Words:
    """What all entries of a page, or of a file, are told with."""

    home_cc: str
    resellers: Mapping[int, str]  # empty where there is but one
    billing: bool = True  # whether the reader may know of taxes and prices

    @classmethod
    def of(cls, reader: Identity, home_cc: str, resellers: Iterable[Named]) -> "Words":
        return cls(home_cc, {one.id: one.name for one in resellers}, billing=Withheld.BILLING not in reader.withheld)

    def kind(self, entry: Entry) -> str:
        return kind_word(kinds.kind_of(entry.event))

    def facts(self, entry: Entry) -> list[Fact]:
        known = details_of(entry)
        told = known if self.billing else {name: value for name, value in known.items() if name not in details.BILLING}
        return details.facts(told, self.home_cc)

    def sentence(self, entry: Entry, name: str) -> str:
        """Always with the name: a log says “you” to nobody."""
        return sentence(entry.event, details_of(entry), name=name, label=entry.label, you=False, home_cc=self.home_cc)


def details_of(entry: Entry) -> Mapping[str, Any]:
    """What the portal writes; whoever tampered with a row may have put anything there."""
    return entry.details if isinstance(entry.details, dict) else {"details": str(entry.details)}


def by_day(entries: Sequence[Entry], words: Words, zone: ZoneInfo) -> Iterator[DayRows]:
    today, spoken = clock.today(zone), i18n.current()
    for day, some in groupby(entries, key=lambda entry: entry.at.astimezone(zone).date()):
        yield DayRows(dates.title(day, today), dates.full(day, spoken, today.year), [_row(entry, words, zone) for entry in some])


def _row(entry: Entry, words: Words, zone: ZoneInfo) -> Row:
    local = entry.at.astimezone(zone)
    return Row(
        time=clock_time(entry.at),
        moment=local.isoformat(timespec="seconds"),
        sentence=_marked(words.sentence(entry, doer(NAME, entry.as_whom_name)), entry.actor_name),
        exact=exact(entry.at.astimezone(UTC).replace(microsecond=0), zone, i18n.current()),
        who=entry.actor_name,
        as_whom=entry.as_whom_name or "",
        address=entry.address or "",
        about=entry.label or "",
        kind=words.kind(entry),
        reseller=words.resellers.get(entry.reseller_id, ""),
        facts=words.facts(entry),
    )


def _marked(text: str, name: str) -> Markup:
    """The sentence, in which the name stands out."""
    marked = Markup('<b class="who"><bdi>{}</bdi></b>').format(name)
    return Markup(str(escape(text)).replace(NAME, marked))  # noqa: S704 - both are escaped


@lru_cache(maxsize=4096)
def exact(moment: datetime, zone: ZoneInfo, spoken: str) -> str:
    """To the second, with the time zone: “24 November 2026, 14:02:33 CET”."""
    return str(format_datetime(moment, "long", tzinfo=zone, locale=i18n.babel_name(spoken)))

"""Numbers typed one per line, each with a note if one likes: lists of callers, and who is blocked."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home
from portal.features.callhandling.rules import patterns
from portal.features.callhandling.rules.conditions import MOST_ENTRIES, Entry
from portal.features.callhandling.rules.wording import listed

LONGEST_NOTE = 100
# digits of any script that telephones write, marks, and the signs that phone.bare takes away
_NUMBER = r"[0-9٠-٩۰-۹+*?\s()/.\-\u2010-\u2015\u2212\u200b-\u200f\u202a-\u202e\u2066-\u2069]"
_NOTE_APART = re.compile(r"\t+|\s{2,}|\s*[;,#]\s*")
_NUMBER_FIRST = re.compile(rf"({_NUMBER}+)(.*)")
_ALL_NUMBER = re.compile(rf"{_NUMBER}*")

declare(
    "entry-no-number",
    N_("Line %(line)s, “%(typed)s”, is not a number. Use digits, + in front, * at the end for any digits, ? for one digit."),
)
declare(
    "entries-no-numbers",
    N_("Lines %(lines)s are not numbers. Use digits, + in front, * at the end for any digits, ? for one digit."),
)
declare("entry-twice", N_("Line %(line)s says the same as line %(first)s: %(number)s."))
declare("entry-note-long", N_("The note in line %(line)s is too long; use at most %(longest)s characters."))


@dataclass(frozen=True)
class _Line:
    place: int
    typed: str
    pattern: str | None
    note: str | None


def read_entries(text: str, home: Home, *, field: str = "entries") -> list[Entry]:
    """Raises Refused with the lines that cannot be used."""
    lines = list(_lines(text, home))
    if len(lines) > MOST_ENTRIES:
        raise Refused("entries-many", field=field, count=len(lines), most=MOST_ENTRIES)
    wrong = [line for line in lines if line.pattern is None]
    if len(wrong) == 1:
        raise Refused("entry-no-number", field=field, line=wrong[0].place, typed=wrong[0].typed[:40])
    if wrong:
        raise Refused("entries-no-numbers", field=field, lines=_places(wrong))
    return [_checked(line, first, home, field) for line, first in _firsts(lines)]


def _lines(text: str, home: Home) -> Iterator[_Line]:
    for place, line in enumerate(text.splitlines(), 1):
        typed = "".join(sign for sign in line.replace("\t", "  ") if sign.isprintable() or sign.isspace()).strip()
        if typed:
            number, note = split(typed)
            yield _Line(place, typed, _pattern(number, home), note)


def split(typed: str) -> tuple[str, str | None]:
    """The number of a line, and its note: what stands apart by two blanks, a comma or a semicolon, or begins with a letter."""
    apart = _NOTE_APART.search(typed)
    if apart and not _ALL_NUMBER.fullmatch(typed):
        number, note = typed[: apart.start()], typed[apart.end() :]
        if _ALL_NUMBER.fullmatch(number):
            return number, _note(note)
    found = _NUMBER_FIRST.fullmatch(typed)
    return (found[1].strip(), _note(found[2])) if found else (typed, None)


def _note(typed: str) -> str | None:
    return " ".join(typed.split()) or None


def _pattern(typed: str, home: Home) -> str | None:
    try:
        return patterns.parse(typed, home)
    except phone.NotANumber:
        return None


def _firsts(lines: Sequence[_Line]) -> Iterator[tuple[_Line, int | None]]:
    """Each line, with the place of an earlier one that says the same."""
    places: dict[str | None, int] = {}
    for line in lines:
        yield line, places.get(line.pattern)
        places.setdefault(line.pattern, line.place)


def _checked(line: _Line, first: int | None, home: Home, field: str) -> Entry:
    pattern = line.pattern or ""
    if first is not None:
        raise Refused("entry-twice", field=field, line=line.place, first=first, number=patterns.spoken(pattern, home))
    if line.note and len(line.note) > LONGEST_NOTE:
        raise Refused("entry-note-long", field=field, line=line.place, longest=LONGEST_NOTE)
    return Entry(pattern, line.note)


def _places(lines: Sequence[_Line]) -> str:
    shown = [str(line.place) for line in lines[:10]]
    return listed(shown) if len(lines) <= 10 else i18n.listed(shown) + " …"


def shown_entries(entries: Sequence[Entry], home: Home) -> str:
    """The text to edit."""
    return "\n".join(patterns.typed(entry.pattern, home) + (f"  {entry.note}" if entry.note else "") for entry in entries)

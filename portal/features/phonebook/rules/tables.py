"""Tables of contacts as CSV: our own, and those that other programs write, known by what their columns are called."""

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from enum import StrEnum, auto
from io import StringIO
from typing import NamedTuple

from portal.core import i18n, sheets
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.phonebook.rules.entries import LABELS, Content, Label, written
from portal.features.phonebook.rules.raw import Raw

SEPARATORS = (",", ";", "\t")
MOST_COLUMNS = 300  # those of other programs have a hundred; what stands further right is left out
LONGEST_HEADER = 50_000
TOGETHER = " ::: "  # between several numbers in one cell, as Google writes them

declare("table-no-name", N_("The first line names no column for names. Call one of them “Name”."))
declare("table-no-number", N_("The first line names no column for numbers. Call one of them “Number”, “Work” or “Mobile”."))
declare("table-broken", N_("This table cannot be read: the quotation marks do not match."))


class Column(StrEnum):
    NAME = auto()
    GIVEN = auto()
    FAMILY = auto()
    COMPANY = auto()
    EMAIL = auto()
    NOTE = auto()
    NUMBER = auto()
    KIND = auto()


# As our own tables call them; “Number” and “Kind” once for each number.
OWN: Mapping[Column, str] = {
    Column.NAME: N_("Name"),
    Column.COMPANY: N_("Company"),
    Column.EMAIL: N_("E-mail"),
    Column.NOTE: N_("Note"),
    Column.NUMBER: N_("Number"),
    Column.KIND: N_("Kind"),
}
# As others do: Outlook, Google, Apple, Thunderbird, routers. Without case, accents, signs and counting digits.
_OTHERS: Mapping[Column, str] = {
    Column.NAME: "name|display name|full name|file as|contact|kontakt|anzeigename|vollstandiger name|nom|nombre|nome|ad soyad"
    "|isim",
    Column.GIVEN: "first name|given name|vorname|prenom|nombre de pila|ad",
    Column.FAMILY: "last name|family name|surname|nachname|familienname|nom de famille|apellidos|cognome|soyad",
    Column.COMPANY: "company|organization|organisation|organization name|firma|unternehmen|societe|empresa|azienda|sirket",
    Column.EMAIL: "email|e mail|mail|email address|e mail address|e mail adresse|email value|e mail value|primary email|courriel",
    Column.NOTE: "note|notes|notiz|notizen|bemerkung|bemerkungen|comment|remark|remarks|description",
    Column.NUMBER: "number|phone|phone number|phone value|telephone|telephone number|telefon|telefonnummer|nummer|rufnummer|tel",
    Column.KIND: "kind|type|label|phone type|phone label|art",
}
_LABELLED: Mapping[Label, str] = {
    Label.WORK: "work|work phone|business|business phone|office|company main phone|geschaftlich|telefon geschaftlich|arbeit"
    "|telefon arbeit|dienstlich|buro",
    Label.MOBILE: "mobile|mobile phone|mobile number|cell|cell phone|cellular|mobil|mobiltelefon|mobilnummer|handy|portable"
    "|movil",
    Label.HOME: "home|home phone|privat|telefon privat|private|zuhause|domicile|casa",
    Label.OTHER: "other|other phone|sonstige|sonstiges|weitere|telefon weitere|primary phone",
}


class Meaning(NamedTuple):
    """`turn` tells several columns of a kind apart: the second number belongs to the second kind."""

    column: Column
    label: Label | None = None
    turn: int = 0


def read(text: str, languages: Collection[str]) -> Iterator[Raw]:
    """A row for each line that says anything. Raises Refused."""
    lines = _without_hint(text)
    words = _words(languages)
    separator = max(SEPARATORS, key=lambda one: len(_meanings(_first(lines, one), words)))
    meanings = _meanings(_first(lines, separator), words)
    _check(meanings)
    kinds = _labels(languages)
    try:
        for place, cells in enumerate(csv.reader(StringIO(lines, newline=""), delimiter=separator, strict=True), 1):
            if place > 1 and any(map(str.strip, cells)):
                yield _row(place, [sheets.unmarked(cell.strip()) for cell in cells[:MOST_COLUMNS]], meanings, kinds)
    except csv.Error:
        raise Refused("table-broken", field="file") from None


def _without_hint(text: str) -> str:
    """Without the line in which a spreadsheet names its separator."""
    first, _end, rest = text.partition("\n")
    return rest if re.fullmatch(r"\"?sep=.\"?\r?", first) else text.lstrip("\r\n")


def _first(text: str, separator: str) -> list[str]:
    try:
        return next(csv.reader(StringIO(text[:LONGEST_HEADER], newline=""), delimiter=separator), [])[:MOST_COLUMNS]
    except csv.Error:
        return []


def _meanings(header: Sequence[str], words: Mapping[str, Meaning]) -> dict[int, Meaning]:
    """What each column is, by its place. A number at the end of a name counts columns of a kind."""
    found: dict[int, Meaning] = {}
    for place, title in enumerate(header):
        plain = _sought(title)
        name = " ".join(part for part in plain.split() if not part.isdecimal())
        known = words.get(name)
        if known is not None:
            turn = next((int(part[:3]) for part in plain.split() if part.isdecimal()), 1)
            found[place] = known._replace(turn=turn)
    return found


def _sought(title: str) -> str:
    return re.sub(r"[^\w]+|_", " ", i18n.sort_key(title)).strip()


def _check(meanings: Mapping[int, Meaning]) -> None:
    columns = {one.column for one in meanings.values()}
    if not columns & {Column.NAME, Column.GIVEN, Column.FAMILY, Column.COMPANY}:
        raise Refused("table-no-name", field="file")
    if Column.NUMBER not in columns:
        raise Refused("table-no-number", field="file")


def _words(languages: Collection[str]) -> dict[str, Meaning]:
    found = {word: Meaning(column) for column, words in _OTHERS.items() for word in words.split("|")}
    found |= {word: Meaning(Column.NUMBER, label) for label, words in _LABELLED.items() for word in words.split("|")}
    for language in languages:
        with i18n.using(language):
            found |= {_sought(i18n.gettext(title)): Meaning(column) for column, title in OWN.items()}
    return found


def _labels(languages: Collection[str]) -> dict[str, Label]:
    found = {word: label for label, words in _LABELLED.items() for word in words.split("|")}
    for language in languages:
        with i18n.using(language):
            found |= {_sought(i18n.gettext(word)): label for label, word in LABELS.items()}
    return found


def _row(place: int, cells: Sequence[str], meanings: Mapping[int, Meaning], kinds: Mapping[str, Label]) -> Raw:
    said = [(meaning, cells[at]) for at, meaning in meanings.items() if at < len(cells) and cells[at]]

    def of(column: Column) -> str:
        return next((cell for meaning, cell in said if meaning.column is column), "")

    company = of(Column.COMPANY)
    name = of(Column.NAME) or f"{of(Column.GIVEN)} {of(Column.FAMILY)}".strip() or company
    return Raw(
        place,
        name=name,
        company=company if name != company else "",
        email=of(Column.EMAIL),
        note=of(Column.NOTE),
        numbers=tuple(_numbers(said, kinds)),
    )


def _numbers(said: Sequence[tuple[Meaning, str]], kinds: Mapping[str, Label]) -> Iterator[tuple[str, str]]:
    kind = {meaning.turn: kinds.get(_sought(cell), Label.OTHER) for meaning, cell in said if meaning.column is Column.KIND}
    for meaning, cell in said:
        if meaning.column is Column.NUMBER:
            label = meaning.label or kind.get(meaning.turn, Label.OTHER)
            yield from ((label.value, one) for one in cell.split(TOGETHER))


def write_table(entries: Sequence[Content]) -> Iterator[str]:
    """A line for each, below a header line in the reader's language."""
    most_numbers = max((len(one.numbers) for one in entries), default=1)
    number, kind = i18n.gettext(OWN[Column.NUMBER]), i18n.gettext(OWN[Column.KIND])
    titles = [i18n.gettext(OWN[column]) for column in (Column.NAME, Column.COMPANY, Column.EMAIL, Column.NOTE)]
    yield sheets.line(*titles, *(f"{one} {turn}" for turn in range(1, most_numbers + 1) for one in (number, kind)))
    labels = {label: i18n.gettext(word) for label, word in LABELS.items()}
    for one in entries:
        numbers = [cell for number in one.numbers for cell in (written(number.digits), labels[number.label])]
        blanks = [""] * 2 * (most_numbers - len(one.numbers))
        yield sheets.line(*map(sheets.marked, (one.name, one.company or "", one.email or "", one.note or "")), *numbers, *blanks)

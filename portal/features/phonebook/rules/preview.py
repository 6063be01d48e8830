"""What a file would bring: what is new, what is there already, and what cannot be used."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line
from portal.core.phone import Home
from portal.features.phonebook.rules.entries import (
    LONGEST_NOTE,
    LONGEST_TYPED,
    MOST_NUMBERS,
    Content,
    Key,
    Label,
    Numbered,
    check_numbers,
    check_person,
    keys_of,
)
from portal.features.phonebook.rules.raw import Raw

declare("contact-no-name", N_("There is no name."))
declare("contact-no-number", N_("There is no telephone number that can be used."))
declare("contact-number-left", N_("“%(typed)s” is no telephone number and is left out."))
declare("contact-numbers-left", N_("The first %(most)s numbers are taken, the others are left out."))
declare("contact-email-left", N_("“%(typed)s” is no e-mail address and is left out."))
declare("contact-note-cut", N_("The note is cut after %(longest)s characters."))
declare("contacts-nothing-new", N_("There is nothing new in this file."))
MOST_LOOKED_AT = 100  # numbers of an entry, good ones or not
_IN_A_FILE = {"contact-name": "contact-no-name"}


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that can be used; `remarks` say what of it is left out."""

    place: int
    content: Content
    remarks: tuple[Refused, ...] = ()


@dataclass(frozen=True, slots=True)
class Bad:
    """One that cannot."""

    place: int
    name: str
    reason: Refused


@dataclass(frozen=True, slots=True)
class Preview:
    new: Sequence[Found]
    there: Sequence[Found]
    bad: Sequence[Bad]


def judge(rows: Iterable[Raw], home: Home) -> Iterator[Found | Bad]:
    """Each entry of a file, checked by the same rules as one that is typed."""
    for row in rows:
        try:
            yield _judged(row, home)
        except Refused as refusal:
            reason = _refusal([_IN_A_FILE.get(refusal.code, refusal.code), refusal.facts])
            yield Bad(row.place, one_line(row.name)[:LONGEST_TYPED], reason)


def _judged(row: Raw, home: Home) -> Found:
    if row.trouble:
        raise Refused(row.trouble)
    numbers, remarks = _usable(row.numbers, home)
    note = one_line(row.note)
    if len(note) > LONGEST_NOTE:
        note = note[:LONGEST_NOTE]
        remarks.append(Refused("contact-note-cut", longest=LONGEST_NOTE))
    person = _person(row, note, remarks)
    if not numbers:
        raise Refused("contact-no-number")
    return Found(row.place, replace(person, numbers=tuple(numbers)), tuple(remarks))


def _person(row: Raw, note: str, remarks: list[Refused]) -> Content:
    try:
        return check_person(name=row.name, company=row.company, email=row.email, note=note)
    except Refused as refusal:
        if refusal.field != "email":
            raise
        remarks.append(Refused("contact-email-left", typed=one_line(row.email)[:LONGEST_TYPED]))
        return check_person(name=row.name, company=row.company, email=None, note=note)


def _usable(typed: Iterable[tuple[str, str]], home: Home) -> tuple[list[Numbered], list[Refused]]:
    found: dict[str, Numbered] = {}
    remarks = []
    for label, text in islice(typed, MOST_LOOKED_AT):
        if not text.strip():
            continue
        try:
            for one in check_numbers([(label, text)], home):
                found.setdefault(one.digits, one)
        except Refused:
            remarks.append(Refused("contact-number-left", typed=one_line(text)[:LONGEST_TYPED]))
    if len(found) > MOST_NUMBERS:
        remarks.append(Refused("contact-numbers-left", most=MOST_NUMBERS))
    return list(found.values())[:MOST_NUMBERS], remarks


def compare(judged: Iterable[Found | Bad], known: Collection[Key]) -> Preview:
    """Known again are entries of which every number stands under the same name, in the phonebook or further up in the file."""
    seen = set(known)
    new: list[Found] = []
    there: list[Found] = []
    bad: list[Bad] = []
    for one in judged:
        if isinstance(one, Bad):
            bad.append(one)
            continue
        keys = keys_of(one.content.name, [number.digits for number in one.content.numbers])
        (there if keys <= seen else new).append(one)
        seen |= keys
    return Preview(new, there, bad)


def as_stored(judged: Iterable[Found | Bad]) -> dict[str, Any]:
    """As JSON, between the reading and the writing."""
    found: list[Any] = []
    bad: list[Any] = []
    for one in judged:
        if isinstance(one, Bad):
            bad.append([one.place, one.name, _said(one.reason)])
        else:
            found.append([one.place, entry_as_stored(one.content), [_said(remark) for remark in one.remarks]])
    return {"found": found, "bad": bad}


def from_stored(stored: Mapping[str, Any]) -> list[Found | Bad]:
    found = [Found(at, entry_from_stored(entry), tuple(map(_refusal, remarks))) for at, entry, remarks in stored["found"]]
    return [*found, *(Bad(at, name, _refusal(reason)) for at, name, reason in stored["bad"])]


def entry_as_stored(entry: Content) -> list[Any]:
    return [entry.name, entry.company, entry.email, entry.note, [[one.label.value, one.digits] for one in entry.numbers]]


def entry_from_stored(stored: Sequence[Any]) -> Content:
    name, company, email, note, numbers = stored
    return Content(name, company, email, note, tuple(Numbered(Label(label), digits) for label, digits in numbers))


def _said(refusal: Refused) -> list[Any]:
    return [refusal.code, dict(refusal.facts)]


def _refusal(stored: Sequence[Any]) -> Refused:
    code, facts = stored
    return Refused(code, **facts)

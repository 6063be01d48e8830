"""vCards: 2.1 of old phones, 3.0 and 4.0, written by anybody and so read with care. Ours are 3.0, which everybody reads."""

import quopri
import re
from collections.abc import Iterable, Iterator
from typing import Any

import vobject
from vobject.base import VObjectError

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.phonebook.rules.entries import Content, Label, written
from portal.features.phonebook.rules.raw import Raw

KEPT = frozenset({"FN", "N", "ORG", "TEL", "EMAIL", "NOTE", "NICKNAME"})  # no photos, no keys, no sounds
LONGEST_LINE = 10_000
TYPES = {Label.WORK: "WORK", Label.MOBILE: "CELL", Label.HOME: "HOME", Label.OTHER: "VOICE"}
_WORDS = (
    ({"cell", "mobile", "iphone", "car"}, Label.MOBILE),
    ({"work", "main"}, Label.WORK),
    ({"home"}, Label.HOME),
)
_BEGIN, _END = re.compile(r"BEGIN:\s*(\S+)\s*", re.IGNORECASE), re.compile(r"END:\s*(\S+)\s*", re.IGNORECASE)
_NAME = re.compile(r"(?:[A-Za-z0-9-]+\.)?([A-Za-z0-9-]+)[;:]")
_QUOTED_PRINTABLE = re.compile(r";(?:ENCODING=)?QUOTED-PRINTABLE(?=[;:])", re.IGNORECASE)
_CHARSET = re.compile(r";CHARSET=\"?([^;:\"]*)\"?", re.IGNORECASE)
# What a file of strangers may set off inside of the library
_BROKEN = (VObjectError, ValueError, TypeError, LookupError, AttributeError)

declare("card-broken", N_("This card cannot be read."))


def looks_like(text: str) -> bool:
    return text.lstrip()[:11].upper() == "BEGIN:VCARD"


def read(text: str) -> Iterator[Raw]:
    """Every card of a text, also of those that cannot be used."""
    for place, lines in enumerate(_cards(text), 1):
        yield _raw(place, lines)


def _cards(text: str) -> Iterator[list[str] | None]:
    """The lines of each card that matter, None for a card without an end. A card inside of a card is left out."""
    depth, lines = 0, list[str]()
    for line in _whole_lines(text):
        if _BEGIN.fullmatch(line):
            depth += 1
        elif _END.fullmatch(line):
            if depth == 1:
                yield lines
            depth, lines = max(depth - 1, 0), lines if depth > 1 else []
        elif depth == 1 and (name := _NAME.match(line)) and name[1].upper() in KEPT and len(line) <= LONGEST_LINE:
            lines.append(line)
    if depth:
        yield None


def _whole_lines(text: str) -> Iterator[str]:
    """Lines put together again: those that go on after a blank, and those of old phones that end in “=”."""
    pieces: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if pieces and line[:1] in {" ", "\t"}:
            pieces.append(line[1:])
        elif pieces and pieces[-1].endswith("=") and _QUOTED_PRINTABLE.search(pieces[0].partition(":")[0] + ":"):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        else:
            yield "".join(pieces)
            pieces = [line]
    yield "".join(pieces)


def _raw(place: int, lines: list[str] | None) -> Raw:
    if lines is None:
        return Raw(place, trouble="card-broken")
    text = "\r\n".join(["BEGIN:VCARD", "VERSION:3.0", *map(_readable, lines), "END:VCARD", ""])
    try:
        return _of_card(place, vobject.readOne(text).contents)
    except _BROKEN:
        return Raw(place, trouble="card-broken")


def _readable(line: str) -> str:
    """Without quoted-printable, whose character set old phones do not always name."""
    head, colon, value = line.partition(":")
    if not _QUOTED_PRINTABLE.search(head + ":"):
        return line
    said = _CHARSET.search(head)
    head = _CHARSET.sub("", _QUOTED_PRINTABLE.sub("", head + ":").removesuffix(":"))
    text = _text(quopri.decodestring(value.encode()), said[1] if said else "utf-8")
    return head + colon + text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _text(octets: bytes, charset: str) -> str:
    try:
        return octets.decode(charset)
    except (LookupError, ValueError):
        return octets.decode("cp1252", errors="replace")


def _of_card(place: int, found: dict[str, list[Any]]) -> Raw:
    company = ", ".join(filter(None, _texts(found, "org")[:1]))
    name = next(filter(str.strip, (*_texts(found, "fn"), _full_name(found), *_texts(found, "nickname"), company)), "")
    return Raw(
        place,
        name=name,
        company=company if company != name else "",
        email=next(iter(_texts(found, "email")), ""),
        note=" ".join(_texts(found, "note")),
        numbers=tuple((_label(one), _number(str(one.value))) for one in found.get("tel", ())),
    )


def _texts(found: dict[str, list[Any]], name: str) -> list[str]:
    return [", ".join(filter(None, one.value)) if isinstance(one.value, list) else str(one.value) for one in found.get(name, ())]


def _full_name(found: dict[str, list[Any]]) -> str:
    names = [one.value for one in found.get("n", ())][:1]
    return " ".join(part for name in names for kind in ("given", "additional", "family") for part in _parts(getattr(name, kind)))


def _parts(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value] if value else []


def _label(line: Any) -> Label:
    said = {word.strip().lower() for one in (*line.params.get("TYPE", ()), *line.singletonparams) for word in one.split(",")}
    return next((label for words, label in _WORDS if said & words), Label.OTHER)


def _number(value: str) -> str:
    """As it is dialled: 4.0 writes “tel:+49-30-1”, with what is to be dialled behind it after a semicolon."""
    number, *more = value.strip().removeprefix("tel:").removeprefix("TEL:").split(";")
    extension = next((part[4:] for part in more if part.lower().startswith("ext=")), "")
    return number + extension


def write_cards(entries: Iterable[Content]) -> str:
    """A card for each."""
    return "".join(map(_card, entries))


def _card(entry: Content) -> str:
    card = vobject.vCard()
    card.add("fn").value = entry.name
    given, _blank, family = entry.name.rpartition(" ")
    card.add("n").value = vobject.vcard.Name(family=family, given=given)
    if entry.company:
        card.add("org").value = [entry.company]
    for number in entry.numbers:
        line = card.add("tel")
        line.value = written(number.digits)
        line.type_param = TYPES[number.label]
    if entry.email:
        card.add("email").value = entry.email
    if entry.note:
        card.add("note").value = entry.note
    return str(card.serialize())

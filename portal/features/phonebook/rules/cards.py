"""vCards: 2.1 of old phones, 3.0 and 4.0, written by anybody and so read with care. Ours are 3.0, which everybody reads."""

import codecs
import quopri
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import vobject

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.phonebook.rules.entries import Content, Label, written
from portal.features.phonebook.rules.raw import Raw

KEPT = frozenset({"FN", "N", "ORG", "TEL", "EMAIL", "NOTE", "NICKNAME"})  # no photos, no keys, no sounds
LONGEST_LINE = 10_000
MOST_LINES = 200  # of a card
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
# Each reads a line from left to right and never goes back, whatever strangers have written into it
_HEAD = re.compile(r'((?:[^":]|"[^"]*")*+):')
_PART = re.compile(r"((?:[^\\;]|\\.|\\$)*+)(?:;|$)", re.DOTALL)
_PIECE = re.compile(r"((?:[^\\,]|\\.|\\$)*+)(?:,|$)", re.DOTALL)
_ESCAPED = re.compile(r"\\([nN\\,;:])")
_SLOW = frozenset({"punycode", "idna"})  # no character sets, and they take the square of the time

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
        elif depth == 1 and (name := _NAME.match(line)) and name[1].upper() in KEPT and _fits(line, lines):
            lines.append(line)
    if depth:
        yield None


def _fits(line: str, lines: list[str]) -> bool:
    return len(line) <= LONGEST_LINE and len(lines) < MOST_LINES


def _whole_lines(text: str) -> Iterator[str]:
    """Lines put together again: those that go on after a blank, and those of old phones that end in “=”."""
    pieces: list[str] = []
    soft: bool | None = None  # whether lines that end in “=” go on; asked once, however long it gets
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if pieces and line[:1] in {" ", "\t"}:
            pieces.append(line[1:])
            continue
        if soft is None and pieces and pieces[-1].endswith("="):
            soft = _is_quoted_printable(pieces[0].partition(":")[0])
        if soft and pieces[-1].endswith("="):
            pieces[-1] = pieces[-1][:-1]
            pieces.append(line)
        else:
            yield "".join(pieces)
            pieces, soft = [line], None
    yield "".join(pieces)


def _is_quoted_printable(head: str) -> bool:
    return _QUOTED_PRINTABLE.search(head + ":") is not None


class _Property(NamedTuple):
    """`value` as it stands there, quoted-printable taken away, but not what is escaped."""

    name: str
    head: str
    value: str


def _raw(place: int, lines: list[str] | None) -> Raw:
    if lines is None:
        return Raw(place, trouble="card-broken")
    found: dict[str, list[_Property]] = {}
    for one in map(_property, lines):
        found.setdefault(one.name, []).append(one)
    return _of_card(place, found)


def _property(line: str) -> _Property:
    match = _HEAD.match(line)
    head, value = (match[1], line[match.end() :]) if match else (line, "")
    name = head.partition(";")[0].rpartition(".")[2].upper()
    return _Property(name, head, _decoded(head, value) if _is_quoted_printable(head) else value)


def _decoded(head: str, value: str) -> str:
    """Old phones do not always name the character set of quoted-printable."""
    said = _CHARSET.search(head)
    text = _text(quopri.decodestring(value.encode()), said[1] if said else "utf-8")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def _text(octets: bytes, charset: str) -> str:
    try:
        return octets.decode("cp1252" if codecs.lookup(charset).name in _SLOW else charset)
    except (LookupError, ValueError):
        return octets.decode("cp1252", errors="replace")


def _of_card(place: int, found: dict[str, list[_Property]]) -> Raw:
    company = ", ".join(filter(None, next((_apart(_PART, one.value) for one in found.get("ORG", ())), ())))
    name = next(filter(str.strip, (*_texts(found, "FN"), _full_name(found), *_texts(found, "NICKNAME"), company)), "")
    return Raw(
        place,
        name=name,
        company=company if company != name else "",
        email=next(iter(_texts(found, "EMAIL")), ""),
        note=" ".join(_texts(found, "NOTE")),
        numbers=tuple((_label(one.head), _number(_plain(one.value))) for one in found.get("TEL", ())),
    )


def _texts(found: dict[str, list[_Property]], name: str) -> list[str]:
    return [_plain(one.value) for one in found.get(name, ())]


def _full_name(found: dict[str, list[_Property]]) -> str:
    """What stands first is the family name."""
    parts: list[str] = next((_PART.findall(one.value) for one in found.get("N", ())), [])
    family, given, more = [*parts, "", "", ""][:3]
    return " ".join(piece for part in (given, more, family) for piece in _apart(_PIECE, part) if piece)


def _apart(parts: re.Pattern[str], value: str) -> list[str]:
    return [_plain(part) for part in parts.findall(value)]


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)


def _label(head: str) -> Label:
    said = {word.strip(' "').lower() for one in head.split(";")[1:] for word in _types(one).split(",")}
    return next((label for words, label in _WORDS if said & words), Label.OTHER)


def _types(parameter: str) -> str:
    """TYPE=work,voice, or the words alone, as in 2.1."""
    name, equals, value = parameter.partition("=")
    return name if not equals else value if name.upper() == "TYPE" else ""


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

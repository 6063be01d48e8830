"""Files with contacts, whatever program wrote them: vCards, or a table as CSV."""

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.phonebook.rules import cards, tables
from portal.features.phonebook.rules.raw import Raw

MOST_IN_FILE = 5_000

declare("contacts-file-empty", N_("There is nothing in this file."))
declare("contacts-file-large", N_("This file is larger than %(most)s MB. Export it without photos, or in parts."))
declare("contacts-file-no-text", N_("This is no file of contacts. Choose one that ends in .vcf or .csv."))
declare("contacts-file-long", N_("This file has more than %(most)s entries. Import it in parts."))


def read(data: bytes, languages: Collection[str]) -> list[Raw]:
    """What a file holds, as it stands there. Raises Refused.

    `languages`: in which the columns of a table may be named, besides those that other programs use.
    """
    text = decoded(data)
    if not text.strip():
        raise Refused("contacts-file-empty", field="file")
    found = cards.read(text) if cards.looks_like(text) else tables.read(text, languages)
    return list(_few(found))


def _few(found: Iterable[Raw]) -> Iterator[Raw]:
    rows = iter(found)
    yield from islice(rows, MOST_IN_FILE)
    if next(rows, None) is not None:
        raise Refused("contacts-file-long", field="file", most=MOST_IN_FILE)


def decoded(data: bytes) -> str:
    """UTF-8 and UTF-16 as they say they are; anything else is taken for Windows-1252. Raises Refused for what is no text."""
    try:
        text = data.decode(_encoding(data))
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    if "\0" in text:
        raise Refused("contacts-file-no-text", field="file")
    return text


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8-sig"

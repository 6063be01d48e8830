"""Which column of a file is which: by our own headings in every language, and by what others call them."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from portal.core import i18n
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.pbx.rules.files.fields import FIELDS, field_of, label_of

_APART = re.compile(r"[\W_]+")

declare("column-missing", N_("The file has no column “%(column)s”. Say which one it is, or add it."))
declare("column-twice", N_("Two columns are both taken for “%(column)s”. Choose one of them."))


@dataclass(frozen=True)
class Column:
    """A column with its heading in the file; `field` None: it is left out."""

    place: int
    header: str
    field: str | None


@dataclass(frozen=True)
class Matching:
    kind: str
    columns: tuple[Column, ...]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Headings of columns that are left out."""
        return tuple(column.header for column in self.columns if column.field is None and column.header)

    @property
    def places(self) -> Mapping[str, int]:
        """Field -> where its column stands."""
        return {column.field: column.place for column in self.columns if column.field is not None}

    @property
    def trouble(self) -> Refused | None:
        """What keeps the file from being read with these columns."""
        counted = Counter(column.field for column in self.columns if column.field is not None)
        twice = next((name for name, times in counted.items() if times > 1), None)
        missing = next((field.name for field in FIELDS[self.kind] if field.required and field.name not in counted), None)
        if missing is not None:
            return Refused("column-missing", field="columns", column=label_of(self.kind, missing))
        if twice is not None:
            return Refused("column-twice", field="columns", column=label_of(self.kind, twice))
        return None

    def check(self) -> "Matching":
        """Raises Refused."""
        if self.trouble is not None:
            raise self.trouble
        return self

    def values(self, cells: Sequence[str]) -> dict[str, str]:
        """What a row says about each field that has a column."""
        return {name: cells[place] if place < len(cells) else "" for name, place in self.places.items()}


def match(kind: str, headers: Sequence[str]) -> Matching:
    """By the headings alone; what is no heading of ours is left out."""
    known = _known(kind)
    return Matching(kind, tuple(Column(place, header, known.get(plain(header))) for place, header in enumerate(headers)))


def chosen(kind: str, headers: Sequence[str], fields: Sequence[str | None]) -> Matching:
    """By what somebody chose for each column."""
    names = {field.name for field in FIELDS[kind]}
    asked = [name if name in names else None for name in fields][: len(headers)]
    every = [*asked, *[None] * (len(headers) - len(asked))]
    return Matching(kind, tuple(Column(place, *pair) for place, pair in enumerate(zip(headers, every, strict=True))))


def plain(words: str) -> str:
    """Letters and digits of a heading: “E-Mail:” and “email” are the same."""
    return _APART.sub("", i18n.sort_key(words))


@cache
def _known(kind: str) -> Mapping[str, str]:
    """Heading -> field. Our own labels go before what others say."""
    known: dict[str, str] = {}
    for language in sorted(i18n.available()):
        with i18n.using(language):
            for field in FIELDS[kind]:
                known.setdefault(plain(label_of(kind, field.name)), field.name)
    for field in FIELDS[kind]:
        for word in (field.name, field.label, *field.others):
            known.setdefault(plain(word), field.name)
    return known


def choices(kind: str) -> list[tuple[str, str]]:
    """The fields that a column can be taken for, with their labels."""
    return [(field.name, i18n.gettext(field_of(kind, field.name).label)) for field in FIELDS[kind]]

"""What the address of a list says that is leafed through from place to place. What is not offered is left out."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask import request, url_for

from portal.core import ids
from portal.core.ids import PublicId
from portal.core.leaves import Beside
from portal.web.listing import LONGEST_WORDS, SIZES, USUAL_SIZE

PLACES = ("before", "after")
Offered = Mapping[str, Collection[str] | None]


class Named(Protocol):
    @property
    def public_id(self) -> PublicId: ...


class Leaf(Protocol):
    """A page of such a list; `earlier` and `further` say whether it goes on."""

    @property
    def rows(self) -> Sequence[Named]: ...
    @property
    def earlier(self) -> bool: ...
    @property
    def further(self) -> bool: ...


@dataclass(frozen=True)
class Leafing:
    """`values` holds what differs from the usual, by its name in the address."""

    endpoint: str
    values: Mapping[str, str]
    usual_sort: str = ""

    @property
    def words(self) -> str:
        return self.values.get("q", "")

    @property
    def sort(self) -> str:
        return self.values.get("sort", self.usual_sort).removeprefix("-")

    @property
    def descending(self) -> bool:
        return self.values.get("sort", "").startswith("-")

    @property
    def size(self) -> int:
        return int(self.values.get("rows", USUAL_SIZE))

    @property
    def place(self) -> Beside | None:
        return next((Beside(PublicId(self.values[name]), name == "before") for name in PLACES if name in self.values), None)

    def kept(self, *without: str) -> dict[str, str]:
        """For forms of the page that ask for something else."""
        return {name: value for name, value in self.values.items() if name not in {*PLACES, *without}}

    def url(self, **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted: dict[str, Any] = {**self.kept(), **changes}
        return url_for(self.endpoint, **{name: value for name, value in wanted.items() if value is not None})

    def sort_url(self, name: str) -> str:
        turned = f"-{name}" if self.sort == name and not self.descending else name
        return self.url(sort=None if turned == self.usual_sort else turned)

    def direction(self, name: str) -> str:
        if self.sort != name:
            return ""
        return "descending" if self.descending else "ascending"

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=None if size == USUAL_SIZE else size), size == self.size) for size in SIZES]

    def neighbours(self, leaf: Leaf) -> dict[str, str]:
        """The addresses of the pages before and after, empty where there is none."""
        return {
            "earlier": self.url(before=leaf.rows[0].public_id) if leaf.rows and leaf.earlier else "",
            "further": self.url(after=leaf.rows[-1].public_id) if leaf.rows and leaf.further else "",
        }


def read_leafing(endpoint: str, *, filters: Offered, sorts: Sequence[str] = ()) -> Leafing:
    """`filters`: the values that each may have, None for any public id. The first of `sorts` is the usual order."""
    usual = sorts[0] if sorts else ""
    found = {name: value for name, allowed in filters.items() if (value := request.args.get(name)) and _offered(value, allowed)}
    found |= {name: value for name in PLACES if _offered(value := request.args.get(name, ""), None)}
    rows, sort = request.args.get("rows", ""), request.args.get("sort", "")
    if rows in {str(size) for size in SIZES if size != USUAL_SIZE}:
        found["rows"] = rows
    if sort.removeprefix("-") in sorts and sort != usual:
        found["sort"] = sort
    words = "".join(sign for sign in request.args.get("q", "") if sign.isprintable()).strip()[:LONGEST_WORDS]
    return Leafing(endpoint, {**found, "q": words} if words else found, usual)


def _offered(value: str, allowed: Collection[str] | None) -> bool:
    return ids.PATTERN.fullmatch(value) is not None if allowed is None else value in allowed

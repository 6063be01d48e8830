"""Lists by name that go on from any place: what their addresses say."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from portal.core import ids
from portal.core.ids import PublicId

LONGEST_WORDS = 100
SIZES = (25, 50, 100)
USUAL_SIZE = 50


@dataclass(frozen=True)
class Asked:
    """What is not offered is left out."""

    endpoint: str
    values: Mapping[str, str]

    @property
    def words(self) -> str:
        return self.values.get("q", "")

    @property
    def size(self) -> int:
        return int(self.values.get("rows", USUAL_SIZE))

    @property
    def place(self) -> PublicId | None:
        found = self.values.get("before") or self.values.get("after")
        return PublicId(found) if found else None

    @property
    def back(self) -> bool:
        return "before" in self.values

    def kept(self, *without: str) -> dict[str, str]:
        return {name: value for name, value in self.values.items() if name not in {"before", "after", *without}}

    def url(self, **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted: dict[str, Any] = {**self.kept(), **changes}
        return url_for(self.endpoint, **{name: value for name, value in wanted.items() if value is not None})

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=None if size == USUAL_SIZE else size), size == self.size) for size in SIZES]

    def turns(self, page: Any) -> dict[str, Any]:
        """The addresses of the pages before and after, empty where there is none."""
        rows = page.rows
        return {
            "earlier": self.url(before=rows[0].public_id) if rows and page.earlier else "",
            "further": self.url(after=rows[-1].public_id) if rows and page.further else "",
        }


def read_asked(endpoint: str, filters: Mapping[str, Collection[str]]) -> Asked:
    """`filters`: the values that each may have."""
    values = {name: value for name, allowed in filters.items() if (value := request.args.get(name, "")) in allowed}
    values |= {name: value for name in ("before", "after") if ids.PATTERN.fullmatch(value := request.args.get(name, ""))}
    rows = request.args.get("rows", "")
    if rows in {str(size) for size in SIZES if size != USUAL_SIZE}:
        values["rows"] = rows
    words = request.args.get("q", "").strip()[:LONGEST_WORDS].replace("\0", "")
    return Asked(endpoint, {**values, "q": words} if words else values)

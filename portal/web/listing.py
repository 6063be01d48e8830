"""What the address of a list says: search, filters, order, page. Anything that is not offered is left out."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol, TypeVar

from flask import request, url_for

SIZES = (25, 50, 100)
USUAL_SIZE = 50
LONGEST_WORDS = 100
FAREST_PAGE = 100_000


@dataclass(frozen=True)
class Query:
    """`values` holds what differs from the usual, by its name in the address."""

    endpoint: str
    values: Mapping[str, str]
    usual_sort: str

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
    def page(self) -> int:
        return int(self.values.get("page", 1))

    @property
    def offset(self) -> int:
        return (self.page - 1) * self.size

    @property
    def window(self) -> Mapping[str, Any]:
        """Order and place, as reads of a page take them."""
        return {"sort": self.sort, "descending": self.descending, "limit": self.size, "offset": self.offset}

    def url(self, **changes: str | int | None) -> str:
        """The same list with something else; a change leads back to the first page."""
        kept = {name: value for name, value in self.values.items() if name != "page"}
        wanted = {**kept, **{name: str(value) for name, value in changes.items() if value is not None}}
        params: dict[str, Any] = {name: value for name, value in wanted.items() if changes.get(name, "") is not None}
        return url_for(self.endpoint, **params)

    def sort_url(self, name: str) -> str:
        return self.url(sort=f"-{name}" if self.sort == name and not self.descending else name)

    def direction(self, name: str) -> str:
        if self.sort != name:
            return ""
        return "descending" if self.descending else "ascending"

    def kept(self, *without: str) -> dict[str, str]:
        """For forms of the page that ask for something else."""
        return {name: value for name, value in self.values.items() if name not in {"page", *without}}

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=None if size == USUAL_SIZE else size), size == self.size) for size in SIZES]

    def neighbours(self, total: int) -> tuple[str, str]:
        """The addresses of the page before and the page after, empty where there is none."""
        before = self.url(page=self.page - 1 if self.page > 2 else None) if self.page > 1 else ""
        after = self.url(page=self.page + 1) if self.offset + self.size < total else ""
        return before, after


class Page(Protocol):
    @property
    def rows(self) -> Sequence[Any]: ...


AnyPage = TypeVar("AnyPage", bound=Page)


def page_of(query: Query, read: Callable[[Query], AnyPage]) -> tuple[Query, AnyPage]:
    """The asked page, or the first one when there is nothing so far back."""
    page = read(query)
    if page.rows or query.page == 1:
        return query, page
    first = replace(query, values=query.kept())
    return first, read(first)


def read_query(endpoint: str, *, sorts: Collection[str], filters: Mapping[str, Collection[str] | None]) -> Query:
    """`filters`: the values that each may have; None for any. The first of `sorts` is the usual order."""
    usual = next(iter(sorts))
    values = {
        name: value
        for name, allowed in filters.items()
        if (value := request.args.get(name)) and (allowed is None or value in allowed)
    }
    words = request.args.get("q", "").strip()[:LONGEST_WORDS].replace("\0", "")
    if words:
        values["q"] = words
    sort = request.args.get("sort", "")
    if sort.removeprefix("-") in sorts and sort != usual:
        values["sort"] = sort
    rows = request.args.get("rows", "")
    if rows in {str(size) for size in SIZES if size != USUAL_SIZE}:
        values["rows"] = rows
    page = request.args.get("page", "")
    if page.isascii() and page.isdigit() and 1 < int(page[:9]) <= FAREST_PAGE:
        values["page"] = str(int(page[:9]))
    return Query(endpoint, values, usual)

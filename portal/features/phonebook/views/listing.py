"""The list of entries, and the same as a file."""

from dataclasses import replace

from flask import Response

from portal.core import clock
from portal.core.permissions import P
from portal.features.phonebook import queries, rules
from portal.features.phonebook.queries import Book, Filters
from portal.features.phonebook.views.door import bp, reader, writable
from portal.web.access import requires
from portal.web.download import attachment, spreadsheet
from portal.web.listing import Query, page_of, read_query
from portal.web.templating import render, zone
from portal.web.tenant import tenant

LIST = "phonebook.index"


def read(endpoint: str = LIST) -> tuple[Query, Filters]:
    """What the address asks for."""
    query = read_query(endpoint, sorts=queries.SORTS, filters={"book": [*Book], "letter": None})
    letter = query.values.get("letter", "")
    if len(letter) > 1 or not letter.isprintable():
        query, letter = replace(query, values={name: one for name, one in query.values.items() if name != "letter"}), ""
    book = Book(query.values["book"]) if "book" in query.values else None
    return query, Filters(query.words, book, letter)


@bp.get("/phonebook")
@requires(P.PHONEBOOK)
def index() -> Response:
    query, filters = read()
    query, page = page_of(query, lambda asked: queries.page(reader(), filters, tenant().home, **asked.window))
    facts = queries.facts(reader(), filters.book)
    return render(
        "phonebook/list.html",
        query=query,
        page=page,
        filters=filters,
        facts=facts,
        books=writable(facts),
        labels=rules.LABELS,
        files={name: _file_url(query, name) for name in ("sheet", "cards")},
    )


def _file_url(query: Query, name: str) -> str:
    """The same list as a file."""
    return replace(query, endpoint=f"phonebook.{name}", values=query.kept("rows")).url()


@bp.get("/phonebook.csv")
@requires(P.PHONEBOOK)
def sheet() -> Response:
    query, filters = read()
    found = queries.every(reader(), filters, tenant().home, sort=query.sort, descending=query.descending)
    header, *lines = rules.write_table(found)
    return spreadsheet(_name(), header, lines)


@bp.get("/phonebook.vcf")
@requires(P.PHONEBOOK)
def cards() -> Response:
    query, filters = read()
    found = queries.every(reader(), filters, tenant().home, sort=query.sort, descending=query.descending)
    return attachment(f"{_name()}.vcf", "text/vcard; charset=utf-8", rules.write_cards(found))


def _name() -> str:
    return f"phonebook-{clock.today(zone()).isoformat()}"

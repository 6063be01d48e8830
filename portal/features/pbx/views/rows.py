"""The rows of an import, as a page and as a file shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from portal.core import i18n
from portal.core.sheets import line
from portal.features.pbx import queries
from portal.features.pbx.models import Import, ImportKind, ImportRow, ImportState
from portal.features.pbx.queries.imports import RowPage
from portal.features.pbx.rules import files
from portal.features.pbx.rules.files import words
from portal.features.pbx.views.outcomes import BEFORE, verdicts
from portal.web.listing import Query, read_query
from portal.web.tenant import tenant

KEYS: Mapping[str, tuple[str, ...]] = {
    ImportKind.EXTENSIONS.value: ("display_name", "extension"),
    ImportKind.GROUPS.value: ("display_name", "extension"),
    ImportKind.NUMBERS.value: ("number",),
}  # what identifies a row: stands as its title
PAGES: Mapping[str, tuple[str, str]] = {
    ImportKind.EXTENSIONS.value: ("pbx.show", "extension_id"),
    ImportKind.GROUPS.value: ("pbx.group", "group_id"),
    ImportKind.NUMBERS.value: ("pbx.number", "number_id"),
}


@dataclass(frozen=True)
class Shown:
    """A row: changes are (label, was, now), troubles are (label, what the cell says, sentence)."""

    line: int
    verdict: str
    title: str
    beside: str
    url: str
    changes: Sequence[tuple[str, str, str]]
    troubles: Sequence[tuple[str, str, str]]


def asked(run: Import) -> tuple[Query, RowPage]:
    """The asked page of rows, or the first one when there is nothing so far back."""
    found = read_query("pbx.show_import", sorts=["line"], filters={"verdict": list(BEFORE)})
    query = Query(found.endpoint, {**found.values, "import_id": run.public_id}, found.usual_sort)
    for wanted in (query, Query(query.endpoint, query.kept(), query.usual_sort)):
        page = _page(run, wanted)
        if page.rows or wanted.page == 1:
            break
    return wanted, page


def _page(run: Import, query: Query) -> RowPage:
    return queries.imports.rows(run, query.values.get("verdict"), words=query.words, limit=query.size, offset=query.offset)


def shown(run: Import, row: ImportRow) -> Shown:
    title, *beside = (row.values.get(name, "").strip() for name in KEYS[run.kind])
    return Shown(
        row.line,
        row.verdict,
        title or next(iter(beside), ""),
        next(iter(beside), "") if title else "",
        _url(run, row),
        _changes(run, row),
        _troubles(run, row),
    )


def _url(run: Import, row: ImportRow) -> str:
    """Where there is something to look at: not what is still to come, nor what was taken back."""
    gone = row.verdict == "new" and run.state != ImportState.WRITTEN
    if row.subject is None or gone:
        return ""
    endpoint, argument = PAGES[run.kind]
    return url_for(endpoint, **{argument: row.subject})


def _changes(run: Import, row: ImportRow) -> list[tuple[str, str, str]]:
    """What is new says in its title who it is."""
    home_cc = tenant().home.cc
    known = KEYS[run.kind] if row.verdict == "new" else ()
    return [
        (files.label_of(run.kind, field.name), words.in_words(field.name, was, home_cc), words.in_words(field.name, now, home_cc))
        for field in files.FIELDS[run.kind]
        if field.name in row.changes and field.name not in known
        for was, now in [row.changes[field.name]]
    ]


def _troubles(run: Import, row: ImportRow) -> list[tuple[str, str, str]]:
    return [
        (files.label_of(run.kind, one.field) if one.field else "", row.values.get(one.field, "").strip(), one.sentence())
        for one in queries.imports.troubles(row)
    ]


def report_lines(run: Import, chunks: Iterator[Sequence[ImportRow]], spoken: str) -> Iterator[str]:
    """The file as it was, with what becomes of each row and why."""
    said = {name: str(verdict.word) for name, verdict in verdicts(run).items()}
    names = [field.name for field in files.FIELDS[run.kind]]
    for rows in chunks:
        with i18n.using(spoken):  # the request is over when this is read
            piece = "".join(
                line(str(row.line), *(row.values.get(name, "") for name in names), said[row.verdict], _reasons(run, row))
                for row in rows
            )
        yield piece


def report_header(run: Import) -> str:
    labels = [files.label_of(run.kind, field.name) for field in files.FIELDS[run.kind]]
    return line(_("Row"), *labels, _("Result"), _("Reason"))


def _reasons(run: Import, row: ImportRow) -> str:
    return " ".join(f"{label}: {sentence}" if label else sentence for label, _typed, sentence in _troubles(run, row))

"""The rows of an import, as a page and as a file shows them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from babel.lists import format_list
from flask import url_for
from flask_babel import gettext as _

from portal.core import i18n
from portal.core.sheets import line
from portal.features.pbx import queries
from portal.features.pbx.models import Import, ImportKind, ImportRow, ImportState
from portal.features.pbx.queries.imports import RowPage
from portal.features.pbx.rules import CancelMode, files
from portal.features.pbx.rules.files import words
from portal.features.pbx.views.outcomes import BEFORE, verdicts
from portal.web.listing import Query, page_of, read_query
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

NAMING = frozenset({"groups", "members", "owner"})  # fields whose values are extensions of others
USUAL: Mapping[str, str] = {
    "outgoing": words.OWN,
    "do_not_disturb": str(False),
    "music_on_hold": str(True),
    "cancel_mode": CancelMode.CANCEL.value,
    "ignore_forwards": str(False),
}
ANY = "*"
_PLAIN = str.maketrans({"\u2066": None, "\u2069": None, "\u00a0": " "})  # what only helps on a page


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
    return page_of(query, lambda wanted: _page(run, wanted))


def _page(run: Import, query: Query) -> RowPage:
    return queries.imports.rows(run, query.values.get("verdict"), words=query.words, limit=query.size, offset=query.offset)


def shown(run: Import, page: RowPage) -> list[Shown]:
    """The rows of a page; who is meant by an extension is looked up for all of them together."""
    names = queries.files.names(run.customer_id, {handle for row in page.rows for handle in _handles(row)})
    return [_shown(run, row, names) for row in page.rows]


def _handles(row: ImportRow) -> Iterator[str]:
    for name in NAMING & row.changes.keys():
        for value in row.changes[name]:
            yield from value if isinstance(value, list) else [value] if value else []


def _shown(run: Import, row: ImportRow, names: Mapping[str, str]) -> Shown:
    title, *more = (row.values.get(name, "").strip() for name in KEYS[run.kind])
    beside = "".join(more)
    return Shown(
        line=row.line,
        verdict=row.verdict,
        title=title or beside,
        beside=beside if title else "",
        url=_url(run, row),
        changes=_changes(run, row, names),
        troubles=_troubles(run.kind, row),
    )


def _url(run: Import, row: ImportRow) -> str:
    """Where there is something to look at: not what is still to come, nor what was taken back."""
    gone = row.verdict == "new" and run.state != ImportState.WRITTEN
    if row.subject is None or gone:
        return ""
    endpoint, argument = PAGES[run.kind]
    where: dict[str, Any] = {argument: row.subject}
    return url_for(endpoint, **where)


def _changes(run: Import, row: ImportRow, names: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Of what is new, what is not as usual; its title says who it is."""
    usual = {**_usual(row), **dict.fromkeys(KEYS[run.kind], ANY)} if row.verdict == "new" else {}
    return [
        (files.label_of(run.kind, name), _text(name, was, names), _text(name, now, names))
        for name in (field.name for field in files.FIELDS[run.kind])
        if name in row.changes
        for was, now in [row.changes[name]]
        if usual.get(name) not in {ANY, str(now)}
    ]


def _usual(row: ImportRow) -> dict[str, str]:
    """What something new has when a file says nothing else; as text, to compare."""
    extension, username = (str(row.changes.get(name, ("", ""))[1]) for name in ("extension", "username"))
    return {**USUAL, "username": extension, "web_username": username}


def _text(name: str, value: Any, names: Mapping[str, str]) -> str:
    if name in NAMING and value:
        handles = value if isinstance(value, list) else [value]
        return str(format_list([names.get(one, one) for one in handles], style="unit", locale=i18n.babel_name(i18n.current())))
    return words.in_words(name, value, tenant().home.cc)


def _troubles(kind: str, row: ImportRow) -> list[tuple[str, str, str]]:
    return [
        (files.label_of(kind, one.field) if one.field else "", row.values.get(one.field, "").strip(), one.sentence())
        for one in queries.imports.troubles(row)
    ]


def report_header(run: Import) -> str:
    return line(_("Row"), *(files.label_of(run.kind, name) for name in _said(run)), _("Result"), _("Reason"))


def report_lines(run: Import, chunks: Iterator[Sequence[ImportRow]]) -> Iterator[str]:
    """The file as it was, with what becomes of each row and why; in the language of whoever asks."""
    results = {name: str(verdict.word) for name, verdict in verdicts(run).items()}
    return _report_lines(run.kind, _said(run), results, chunks, i18n.current())


def _said(run: Import) -> list[str]:
    """The fields that the file has columns for. Others would stand empty, and to import that again would empty them."""
    made = run.options.get("range")
    said = ["extension", "display_name", *made["common"]] if made else run.options["columns"]
    return [field.name for field in files.FIELDS[run.kind] if field.name in said]


def _report_lines(
    kind: str, names: Sequence[str], results: Mapping[str, str], chunks: Iterator[Sequence[ImportRow]], spoken: str
) -> Iterator[str]:
    for some in chunks:
        with i18n.using(spoken):  # the request is over when this is read
            piece = "".join(
                line(str(row.line), *(row.values.get(name, "") for name in names), results[row.verdict], _reasons(kind, row))
                for row in some
            )
        yield piece


def _reasons(kind: str, row: ImportRow) -> str:
    found = " ".join(f"{label}: {sentence}" if label else sentence for label, _typed, sentence in _troubles(kind, row))
    return found.translate(_PLAIN)

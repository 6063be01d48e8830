"""The list as a file: all its calls, in its order, for spreadsheets."""

import csv
import io
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext as _

from portal.core.permissions import P
from portal.features.calls import queries
from portal.features.calls.queries import Call, whose
from portal.features.calls.rules.cells import safe
from portal.features.calls.views import shown
from portal.features.calls.views.door import bp
from portal.features.calls.views.query import read
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import zone
from portal.web.tenant import tenant

MARK = "\ufeff"  # by which spreadsheets know UTF-8


@bp.get("/calls.csv")
@requires(P.CALLS_VIEW)
def download() -> Response:
    seen, here = whose(me()), zone()
    query = read(seen, here, tenant().home)
    said = shown.words(tenant().home.cc)
    found = queries.chunks(me().scope, seen, query.asked, query.order)
    name = f"calls-{query.period.first.isoformat()}-{query.period.last.isoformat()}.csv"
    return Response(
        _lines(_header(), found, said, here),
        content_type="text/csv; charset=utf-8; header=present",
        headers={"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"},
    )


def _header() -> tuple[str, ...]:
    """In the reader's language, as long as the request lasts."""
    return (
        _("Start"),
        _("Direction"),
        _("Who"),
        _("Number"),
        _("With"),
        _("Extension"),
        _("Result"),
        _("Seconds"),
        _("Cost"),
        _("Currency"),
    )


def _lines(header: tuple[str, ...], found: Iterable[list[Call]], said: shown.Words, here: ZoneInfo) -> Iterator[str]:
    yield MARK + _written([header])
    for calls in found:
        yield _written(_cells(call, said, here) for call in calls)


def _written(rows: Iterable[Iterable[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, quoting=csv.QUOTE_ALL).writerows(rows)
    return text.getvalue()


def _cells(call: Call, said: shown.Words, here: ZoneInfo) -> tuple[str, ...]:
    other = call.other
    return (
        call.start_time.astimezone(here).strftime("%Y-%m-%d %H:%M:%S"),
        said.direction(call),
        safe(other.name) if other else said.hidden if call.hidden else "",
        safe(shown.plain_number(call.other_number, said.home_cc)) if call.other_number else "",
        safe(call.own.name),
        call.own.extension or "",
        safe(said.result(call)),
        f"{call.duration:.0f}" if call.answered else "0",
        "" if call.cost is None else f"{call.cost:f}",
        call.currency or "" if call.cost is not None else "",
    )

"""Lists as files, which can be changed in a spreadsheet and imported again."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

from flask import Response

from portal.core import clock, i18n
from portal.core.permissions import P
from portal.features.pbx import queries
from portal.features.pbx.models import ImportKind
from portal.features.pbx.queries.snapshot import snapshot
from portal.features.pbx.rules.files import exported, words
from portal.features.pbx.rules.plan_rows import LineNow, Snapshot
from portal.features.pbx.views import listing, numbers as numbers_list
from portal.features.pbx.views.door import bp, customer_id
from portal.web.access import requires
from portal.web.download import spreadsheet
from portal.web.templating import zone
from portal.web.tenant import tenant

PIECE = 500  # lines that are written at a time
Thing = Mapping[str, Any]


@bp.get("/extensions.csv")
@requires(P.BULK)
def extensions_file() -> Response:
    """Those of the list, in its order."""
    asked, now = listing.asked(), snapshot(customer_id())
    query = asked.query
    chosen = queries.exports.extensions(customer_id(), asked.filters, tenant().home, sort=query.sort, descending=query.descending)
    return _file(ImportKind.EXTENSIONS, [_line(now.lines[one]) for one in chosen if one in now.lines], now)


@bp.get("/groups.csv")
@requires(P.BULK)
def groups_file() -> Response:
    now = snapshot(customer_id())
    return _file(ImportKind.GROUPS, [_line(line) for line in now.lines.values() if line.kind == "group"], now)


@bp.get("/numbers.csv")
@requires(P.BULK)
def numbers_file() -> Response:
    """Those of the list, in its order."""
    now = snapshot(customer_id())
    query, filters, _owner = numbers_list.asked(queries.owners(customer_id()))
    chosen = queries.exports.numbers(customer_id(), filters, tenant().home, sort=query.sort, descending=query.descending)
    return _file(ImportKind.NUMBERS, [{"number": one, "owner": now.pool[one].owner} for one in chosen if one in now.pool], now)


def _line(line: LineNow) -> Thing:
    """By field, as a file names it."""
    return {**vars(line), "extension": line.handle, "display_name": line.name}


def _file(kind: ImportKind, things: Iterable[Thing], now: Snapshot) -> Response:
    def number(digits: str) -> str:
        return words.number_text(now.pool[digits].parts)

    name = f"{kind.value}-{clock.today(zone()).isoformat()}"
    return spreadsheet(name, exported.header(kind), _pieces(kind, things, number, i18n.current()))


def _pieces(kind: ImportKind, things: Iterable[Thing], number: Callable[[str], str], spoken: str) -> Iterator[str]:
    left = iter(things)
    while some := list(islice(left, PIECE)):
        with i18n.using(spoken):  # the request is over when this is read
            piece = "".join(exported.lines(kind, some, number))
        yield piece

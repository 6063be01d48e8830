"""Lists as files, which can be changed in a spreadsheet and imported again."""

from collections.abc import Iterable

from flask import Response

from portal.core import clock
from portal.core.permissions import P
from portal.features.pbx import queries
from portal.features.pbx.models import ImportKind
from portal.features.pbx.views import listing, numbers
from portal.features.pbx.views.door import bp, customer_id
from portal.web.access import requires
from portal.web.download import spreadsheet
from portal.web.templating import zone
from portal.web.tenant import tenant


@bp.get("/extensions.csv")
@requires(P.BULK)
def extensions_file() -> Response:
    """Those of the list, in its order."""
    asked = listing.asked()
    sort, descending = asked.query.sort, asked.query.descending
    chosen = queries.files.extensions(customer_id(), asked.filters, tenant().home, sort=sort, descending=descending)
    return _file(ImportKind.EXTENSIONS, chosen)


@bp.get("/groups.csv")
@requires(P.BULK)
def groups_file() -> Response:
    return _file(ImportKind.GROUPS)


@bp.get("/numbers.csv")
@requires(P.BULK)
def numbers_file() -> Response:
    """Those of the list, in its order."""
    query, filters, _owner = numbers.asked(queries.owners(customer_id()))
    sort, descending = query.sort, query.descending
    return _file(
        ImportKind.NUMBERS, queries.files.numbers(customer_id(), filters, tenant().home, sort=sort, descending=descending)
    )


def _file(kind: ImportKind, chosen: Iterable[str] | None = None) -> Response:
    name = f"{kind.value}-{clock.today(zone()).isoformat()}"
    return spreadsheet(name, queries.exports.header(kind), queries.exports.pieces(kind, customer_id(), chosen))

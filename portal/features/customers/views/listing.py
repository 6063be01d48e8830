"""The list of customers."""

from collections.abc import Collection
from typing import Any

from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.customers import queries
from portal.features.customers.queries import Filters
from portal.features.customers.rules import KIND_TEXTS, STATUS_WORDS, Kind, Status
from portal.features.customers.views.door import LIST, bp
from portal.features.resellers.queries.choosing import chosen
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import render


@bp.get("/customers")
@within(LIST)
@requires(P.CUSTOMERS_VIEW)
def index() -> Response:
    offered: dict[str, Collection[str] | None] = {
        "kind": set(Kind),
        "status": set(Status),
        "provider": None,
        "service_class": None,
    }
    asked = read_leafing(LIST, filters=offered, sorts=tuple(queries.SORTS))
    provider = chosen(me().reseller_id or 0, asked.values.get("provider"), choose=me().can(P.RESELLERS_VIEW))
    kind, status, held = (asked.values.get(name) for name in ("kind", "status", "service_class"))
    filters = Filters(
        asked.words, Kind(kind) if kind else None, Status(status) if status else None, PublicId(held) if held else None
    )
    order: dict[str, Any] = {"sort": asked.sort, "descending": asked.descending}
    page = queries.customers(provider.id, filters, size=asked.size, place=asked.place, **order)
    near: dict[str, Any] = asked.neighbours(page)
    return render(
        "customers/customers.html",
        asked=asked,
        provider=provider,
        filters=filters,
        page=page,
        counted=queries.count(provider.id, filters),
        kinds=KIND_TEXTS,
        statuses=STATUS_WORDS,
        **near,
    )

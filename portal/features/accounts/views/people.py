"""Who can sign in, for staff: the list."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P, Role
from portal.features.accounts import queries
from portal.features.accounts.queries import Filters
from portal.features.resellers import queries as resellers
from portal.web.access import requires
from portal.web.leafing import Leafing, read_leafing
from portal.web.nav import Place as NavPlace
from portal.web.session import me
from portal.web.templating import render

bp = Blueprint("people", __name__)
PLACES = [NavPlace("accounts.people.index", _l("Accounts"), "users", 50, permission=P.ACCOUNTS_VIEW)]
FILTERS: Mapping[str, Collection[str] | None] = {
    "role": set(Role),
    "locked": ("1",),
    "fresh": ("1",),
    "provider": None,
    "customer": None,
}


@bp.get("/accounts")
@requires(P.ACCOUNTS_VIEW)
def index() -> Response:
    asked = read_leafing("accounts.people.index", filters=FILTERS)
    providers = resellers.resellers() if me().can(P.RESELLERS_VIEW) else []
    provider = next((one for one in providers if one.public_id == asked.values.get("provider")), None)
    company = queries.company(PublicId(asked.values["customer"])) if "customer" in asked.values else None
    whose = company.reseller_id if company else provider.id if provider else me().reseller_id or 0
    filters = _filters(asked, company.id if company else None)
    page = queries.people(whose, filters, size=asked.size, place=asked.place)
    near: dict[str, Any] = asked.neighbours(page)
    return render(
        "accounts/people.html",
        asked=asked,
        page=page,
        filters=filters,
        company=company,
        counted=queries.count(whose, filters),
        providers=providers,
        provider=next((one for one in providers if one.id == whose), None),
        roles=[role for role in Role if role is not Role.OPERATOR or me().can(P.RESELLERS_VIEW)],
        **near,
    )


def _filters(asked: Leafing, customer_id: int | None) -> Filters:
    role, locked, fresh = asked.values.get("role"), "locked" in asked.values, "fresh" in asked.values
    return Filters(asked.words, Role(role) if role else None, locked, fresh, customer_id)

"""Who can sign in, for staff: the list."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import ids
from portal.core.ids import PublicId
from portal.core.permissions import P, Role
from portal.features.accounts import queries
from portal.features.accounts.queries import Filters, Place
from portal.features.resellers import queries as resellers
from portal.web.access import requires
from portal.web.nav import Place as NavPlace
from portal.web.session import me
from portal.web.templating import render

bp = Blueprint("people", __name__)
PLACES = [NavPlace("accounts.people.index", _l("Accounts"), "users", 50, permission=P.ACCOUNTS_VIEW)]
LONGEST_WORDS = 100
SIZES = (25, 50, 100)
USUAL_SIZE = 50


@dataclass(frozen=True)
class Asked:
    """What the address of the list says; what is not offered is left out."""

    values: dict[str, str]

    def filters(self, customer_id: int | None) -> Filters:
        role = self.values.get("role")
        locked, fresh = "locked" in self.values, "fresh" in self.values
        return Filters(self.values.get("q", ""), Role(role) if role else None, locked, fresh, customer_id)

    @property
    def size(self) -> int:
        return int(self.values.get("rows", USUAL_SIZE))

    @property
    def place(self) -> Place | None:
        for name in ("before", "after"):
            if name in self.values:
                return Place(PublicId(self.values[name]), back=name == "before")
        return None

    def kept(self, *without: str) -> dict[str, str]:
        return {name: value for name, value in self.values.items() if name not in {"before", "after", *without}}

    def url(self, **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted: dict[str, Any] = {**self.kept(), **changes}
        return url_for("accounts.people.index", **{name: value for name, value in wanted.items() if value is not None})

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=None if size == USUAL_SIZE else size), size == self.size) for size in SIZES]


def _is_id(value: str) -> bool:
    return ids.PATTERN.fullmatch(value) is not None


OFFERED = {
    "role": lambda value: value in set(Role),
    "locked": lambda value: value == "1",
    "fresh": lambda value: value == "1",
    "rows": lambda value: value in {str(size) for size in SIZES if size != USUAL_SIZE},
    "provider": _is_id,
    "customer": _is_id,
    "before": _is_id,
    "after": _is_id,
}


def read_asked() -> Asked:
    values = {name: value for name, offered in OFFERED.items() if (value := request.args.get(name)) and offered(value)}
    words = request.args.get("q", "").strip()[:LONGEST_WORDS].replace("\0", "")
    return Asked({**values, "q": words} if words else values)


@bp.get("/accounts")
@requires(P.ACCOUNTS_VIEW)
def index() -> Response:
    asked = read_asked()
    providers = resellers.resellers() if me().can(P.RESELLERS_VIEW) else []
    provider = next((one for one in providers if one.public_id == asked.values.get("provider")), None)
    company = queries.company(PublicId(asked.values["customer"])) if "customer" in asked.values else None
    whose = company.reseller_id if company else provider.id if provider else me().reseller_id or 0
    filters = asked.filters(company.id if company else None)
    page = queries.people(whose, filters, size=asked.size, place=asked.place)
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
        earlier=asked.url(before=page.rows[0].public_id) if page.rows and page.earlier else "",
        further=asked.url(after=page.rows[-1].public_id) if page.rows and page.further else "",
    )

"""The page of one's own account: sections that are edited in place, each in its module."""

from typing import Any

from flask import current_app, g
from werkzeug.wrappers import Response

from portal.core import clock, zones
from portal.features.accounts import queries
from portal.features.accounts.models import Account
from portal.features.accounts.queries import Standing
from portal.features.accounts.views.door import Line, bp
from portal.web.access import signed_in
from portal.web.nav import Card
from portal.web.session import me
from portal.web.templating import render
from portal.web.tenant import tenant


@bp.get("/account")
@signed_in
def account() -> Response:
    return page(queries.own(me()))


def own_line() -> Line | None:
    found: Line | None = current_app.extensions["line_of"](me())
    return found


def standing() -> Standing:
    return queries.standing(me(), current_app.config["SESSION_IDLE"])


def page(own: Account, **editing: Any) -> Response:
    """One's own account, with the section that is being edited open."""
    zone = own.time_zone or tenant().time_zone
    name, place = queries.full_name(own, tenant()), zones.place_of(zone)
    line = own_line()
    if line is not None:
        g.card = Card(line.customer, line.base)
    facts: dict[str, Any] = {"line": line, "name": name, "place": place, "factors": queries.factors(own.id)}
    facts |= {"standing": standing(), "passkeys": queries.passkeys(own.id)}
    return render("accounts/account.html", account=own, now=clock.now(), **facts, **editing)

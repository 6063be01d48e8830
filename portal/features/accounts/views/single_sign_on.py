"""Signing in by the provider of the reseller: there, back, and out."""

import secrets
from collections.abc import Mapping

from flask import current_app, redirect, request, session as visit, url_for
from werkzeug.wrappers import Response

from portal.core import db, links
from portal.core.errors import Refused
from portal.features.accounts import operations
from portal.features.accounts.operations import Returned
from portal.features.accounts.views.door import arrival, bp, goal
from portal.gateways.oidc import Gateway
from portal.web.access import public
from portal.web.session import address, drop_cookie, keep_cookies, me_or_nobody, new_token, renew_cookie
from portal.web.templating import render, say
from portal.web.tenant import tenant

LONGEST_PARAM = 4096  # characters that come back, for example of a code


def gateway() -> Gateway:
    found: Gateway = current_app.extensions["oidc"]
    return found


@bp.get("/login/provider")
@public
def visit_provider() -> Response:
    """Anybody may begin; `confirm`: to prove who one is; `other`: as somebody else than the one signed in there."""
    confirming = me_or_nobody() if "confirm" in request.args else None
    browser = visit.setdefault("browser", secrets.token_urlsafe(16))
    try:
        url = operations.visit_provider(
            tenant=tenant(),
            address=address(),
            gateway=gateway(),
            browser=browser,
            back=links.link(tenant().host, url_for(".return_from_provider")),
            goal=goal(),
            anew="other" in request.args,
            confirming=confirming,
        )
    except Refused as refusal:
        return _not_let_in(refusal, goal())
    return redirect(url)


@bp.get("/login/provider/back")
@public
def return_from_provider() -> Response:
    """The browser comes by GET, and is signed in all the same: in units of work of its own, for the request's only reads."""
    try:
        returned = operations.return_from_provider(
            tenant=tenant(), gateway=gateway(), params=_params(), browser=visit.get("browser"),
        )
        return _let_in(returned) if returned.confirms is None else _confirmed(returned)
    except Refused as refusal:
        return _not_let_in(refusal, "/")


def _params() -> Mapping[str, str]:
    return {name: value for name, value in request.args.items() if len(value) <= LONGEST_PARAM}


def _let_in(returned: Returned) -> Response:
    arriving, token, until = arrival()
    try:
        with db.unit_of_work(tenant().scope):
            entered = operations.enter_from_provider(visit=arriving, returned=returned)
    except Refused:
        return render("accounts/provider_unknown.html", status=403, provider_name=returned.provider.name)
    response = keep_cookies(redirect(returned.goal, code=303), token, until, entered.device)
    visit["farewell"] = _farewell()  # the process that will show it may not know this provider
    return response


def _confirmed(returned: Returned) -> Response:
    who = me_or_nobody()
    token, hashed = new_token()
    with db.unit_of_work(who.scope if who else tenant().scope):
        until = operations.confirm_from_provider(by=who, returned=returned, token_hash=hashed)
    return renew_cookie(redirect(returned.goal, code=303), token, until)


def _not_let_in(refusal: Refused, onward: str) -> Response:
    say(refusal.sentence(), kind="bad")
    page = ".sign_in" if me_or_nobody() is None else ".confirm"
    return redirect(url_for(page, next=onward if onward != "/" else None))


@bp.get("/signed-out")
@public
def signed_out() -> Response:
    """For those who had come from a provider: there they are still signed in."""
    return render("accounts/signed_out.html", farewell=visit.get("farewell") or _farewell())


def leave() -> Response:
    """Signed out here; the way out at the provider is kept for the page that offers it."""
    farewell = visit.get("farewell")
    response = drop_cookie(redirect(url_for(".signed_out"), code=303))
    if farewell:
        visit["farewell"] = farewell
    return response


def _farewell() -> tuple[str, str] | None:
    return operations.farewell(tenant=tenant(), gateway=gateway(), back=links.link(tenant().host, url_for(".sign_in")))

"""What a private link shows: this browser sees the hosts of this reseller in a look that is not published, and nothing more."""

import re
from dataclasses import replace

from flask import Response as Answer, abort, current_app, g, redirect, request
from werkzeug.wrappers import Response

from portal.core import db
from portal.core.permissions import P
from portal.features.branding import queries
from portal.features.branding.queries import Previewed
from portal.features.branding.rules import source
from portal.features.branding.rules.shelf import Shelf
from portal.features.branding.rules.theme import SLOTS
from portal.features.branding.views.brands import Brands
from portal.features.branding.views.door import bp
from portal.web.access import public
from portal.web.assets import answer, asset
from portal.web.session import cookie_name, me_or_nobody, token_hash
from portal.web.tenant import tenant

COOKIE = "preview"
TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
KEEP = "private, max-age=604800, immutable"
_NOT_WORN = frozenset({"branding.see_preview", "branding.leave_preview"})


@bp.before_app_request
def wear() -> None:
    """Asks only for browsers that followed a link."""
    token = request.cookies.get(cookie_name(COOKIE), "")
    if g.get("tenant") is None or not TOKEN.fullmatch(token) or request.endpoint in _NOT_WORN:
        return
    with db.unit_of_work(tenant().scope, read_only=True):
        seen = queries.previewed(tenant().reseller_id, token_hash(token))
        if seen is not None:
            brand, g.previewed_shelf = brands().unpublished(seen, tenant().reseller_name)
            g.previewed_brand = replace(brand, previewed=seen.name)
            g.previewed = seen


def brands() -> Brands:
    found: Brands = current_app.extensions["brands"]
    return found


@bp.get("/preview/<token>")
@public
def see_preview(token: str) -> Response:
    """Whoever has the link; it opens no page that would not open without it."""
    seen = queries.previewed(tenant().reseller_id, token_hash(token)) if TOKEN.fullmatch(token) else None
    if seen is None:
        abort(404)
    response = redirect("/", code=303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(cookie_name(COOKIE), token, expires=seen.until, secure=secure, httponly=True, samesite="Lax", path="/")
    response.headers["Cache-Control"] = "no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@bp.post("/preview/leave")
@public
def leave_preview() -> Response:
    response = redirect("/", code=303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(cookie_name(COOKIE), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


@bp.get("/branding/files/<digest>/<path:name>")
@public
def draft_file(digest: str, name: str) -> Answer:
    """A file of a look that is not published: for browsers with a link to it, and for those who work on it."""
    on: Shelf | None = g.get("previewed_shelf")
    seen: Previewed | None = g.get("previewed")
    made = brands().drawn(name, on, lambda: queries.files_of_version(seen.version_id)) if on and seen else None
    if made is None and name in source.KNOWN - {source.SHEET, *SLOTS} and _works_here():
        made = queries.draft_file(tenant().reseller_id, digest, name)
    if made is None:
        abort(404)
    return answer(asset(name, made, digest), KEEP)


def _works_here() -> bool:
    who = me_or_nobody()
    return who is not None and who.can(P.BRANDING_EDIT)

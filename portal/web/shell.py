"""The few addresses of the shell itself: health, language, light or dark."""

from collections.abc import Callable

from flask import Blueprint, Flask, Response, current_app, redirect, request, session as visit
from werkzeug.wrappers import Response as AnyResponse

from portal.core import db
from portal.core.identity import Identity
from portal.web.access import public
from portal.web.session import me_or_nobody, own_path
from portal.web.tenant import tenant

bp = Blueprint("shell", __name__)
SavePreference = Callable[[Identity, str, str | None], None]


def install(app: Flask, save: SavePreference) -> None:
    """`save(who, "language" | "scheme", value)` keeps an explicit choice on the account."""
    app.extensions["save_preference"] = save
    app.register_blueprint(bp)


@bp.get("/healthz")
@public
def healthz() -> Response:
    return Response("yes\n", mimetype="text/plain")


@bp.get("/readyz")
@public
def readyz() -> Response:
    ready = db.answers()
    return Response("yes\n" if ready else "no\n", status=200 if ready else 503, mimetype="text/plain")


@bp.post("/language")
@public
def language() -> AnyResponse:
    wish = request.form.get("language", "")
    if wish in tenant().languages:
        _keep("language", wish)
    return redirect(own_path(request.form.get("next")) or "/", code=303)


@bp.post("/scheme")
@public
def scheme() -> AnyResponse:
    wish = request.form.get("scheme", "")
    if wish in {"light", "dark", ""}:
        _keep("scheme", wish or None)
    return redirect(own_path(request.form.get("next")) or "/", code=303)


def _keep(name: str, value: str | None) -> None:
    if value is None:
        visit.pop(name, None)
    else:
        visit[name] = value
    who = me_or_nobody()
    if who is not None:
        current_app.extensions["save_preference"](who, name, value)

"""`/_gallery`, in development only: every component in every state, in every theme."""

from collections.abc import Iterable
from dataclasses import replace

from flask import Blueprint, Flask, Response, current_app, g, request

from portal.web.access import public
from portal.web.templating import render

bp = Blueprint("gallery", __name__)


def install(app: Flask, themes: Iterable[str]) -> None:
    app.extensions["gallery_themes"] = sorted(themes)
    app.register_blueprint(bp)


@bp.get("/_gallery")
@public
def show() -> Response:
    themes: list[str] = current_app.extensions["gallery_themes"]
    wish = request.args.get("theme")
    if wish in themes:
        g.tenant = replace(g.tenant, theme=wish, theme_version_id=None)
    return render("gallery.html", themes=themes)

"""The long texts of a brand: for everybody, signed in or not."""

from flask import Response, abort, current_app
from flask_babel import gettext as _

from portal.features.branding.views.door import bp
from portal.web.access import public
from portal.web.brand import Brand
from portal.web.templating import render
from portal.web.tenant import tenant


@bp.get("/help")
@public
def help_page() -> Response:
    return _page("support", _("Help"))


@bp.get("/legal")
@public
def legal_page() -> Response:
    return _page("legal", _("Legal"))


def _page(key: str, title: str) -> Response:
    brand: Brand = current_app.extensions["brand_of"](tenant())
    text = brand.page(key)
    if not text:
        abort(404)
    return render("branding/reading.html", heading=title, text=text, contact=key == "support")

from flask import Blueprint
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.web.access import signed_in
from portal.web.nav import Place
from portal.web.templating import render

bp = Blueprint("dashboard", __name__, template_folder="templates")
PLACES = [Place("dashboard.show", _l("Dashboard"), "house", 0)]


@bp.get("/")
@signed_in
def show() -> Response:
    return render("dashboard/staff.html")

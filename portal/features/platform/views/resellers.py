"""The list of resellers, and a new one."""

from collections.abc import Mapping
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.permissions import P
from portal.features.branding import queries as branding
from portal.features.branding.rules.gallery import LOOKS
from portal.features.platform import operations, queries
from portal.features.platform.forms import NewResellerForm
from portal.features.platform.operations import Wish
from portal.features.platform.queries import Filters
from portal.features.platform.views.door import bp
from portal.settings import Settings
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LIST = "platform.resellers"
STATES = ("active", "locked", "terminated")


@bp.get("/resellers")
@within(LIST)
@requires(P.RESELLERS_VIEW)
def resellers() -> Response:
    asked = read_leafing(LIST, filters={"state": STATES})
    filters = Filters(asked.words, asked.values.get("state", ""))
    page = queries.resellers(filters, size=asked.size, place=asked.place)
    near: dict[str, Any] = asked.neighbours(page)
    return render("platform/resellers.html", asked=asked, filters=filters, page=page, total=queries.count(filters), **near)


@bp.route("/resellers/new", methods=["GET", "POST"])
@within(LIST)
@requires(P.RESELLERS_EDIT)
def create() -> Response:
    here = tenant()
    form = NewResellerForm().offer(under=here.host, time_zone=here.time_zone, contacts=queries.system_contacts_offered())
    if form.validate_on_submit():
        with form.refusals():
            reseller, account = operations.create_reseller(by=me(), wish=_wish(form), under=here.host)
            text = _("%(name)s is there. An invitation is on its way to %(address)s.", name=reseller.name, address=account.email)
            return done(text, ".reseller", reseller_id=reseller.public_id)
    return render("platform/reseller_new.html", form=form)


def _look(name: str) -> Mapping[str, bytes] | None:
    settings: Settings = current_app.extensions["plant"]
    return branding.files(settings.themes_dir / name) if name in LOOKS else None


def _wish(form: NewResellerForm) -> Wish:
    return Wish(
        name=form.name.data,
        admin_name=form.admin.data,
        admin_email=form.email.data or "",
        host=form.host.data,
        languages=form.languages.data or (),
        time_zone=form.time_zone.data,
        look=_look(form.look.data),
        contact=queries.system_contact(form.contact.data or None),
        external_id=form.external_id.data or None,
        max_subscribers=form.max_subscribers.data,
        blocks_only=form.blocks_only.data,
    )

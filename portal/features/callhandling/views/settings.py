"""Do not disturb, ring time, and whether the own number is shown."""

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import operations
from portal.features.callhandling.forms import PrivacyForm, RingForm
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.views.conditions import back
from portal.features.callhandling.views.door import bp
from portal.features.callhandling.views.page import page
from portal.features.callhandling.views.parts import edit, part_of
from portal.features.subscribers.rules import Feature
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import Undo


@bp.post("/call-handling/<public_id:line_id>/do-not-disturb")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def do_not_disturb(line_id: PublicId) -> AnyResponse:
    """`on` says what it is to be, so that pressing twice does no harm."""
    sheet = part_of(line_id, Feature.DO_NOT_DISTURB)
    form, on = Form(), bool(request.form.get("on"))
    if form.validate_on_submit():
        with form.refusals():
            operations.switch_do_not_disturb(by=me(), line=sheet.line, on=on)
            undo = Undo("callhandling.do_not_disturb", {"line_id": line_id}, {"on": "" if on else "1", **_next()})
            return back(_quiet(sheet, on=on), ".show", undo=undo, line_id=line_id, _anchor="quiet")
    return page(sheet, form=form)


def _next() -> dict[str, str]:
    """Where the press was made, when it was on another page."""
    goal = request.form.get("next")
    return {"next": goal} if goal else {}


def _quiet(sheet: Sheet, *, on: bool) -> str:
    if sheet.line.id == me().subscriber_id:
        return _("Your telephone does not ring any more.") if on else _("Calls ring again.")
    name = sheet.line.display_name
    return _("Calls to %(name)s do not ring any more.", name=name) if on else _("Calls to %(name)s ring again.", name=name)


@bp.route("/call-handling/<public_id:line_id>/ringing", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def ringing(line_id: PublicId) -> AnyResponse:
    form = RingForm()

    def save(sheet: Sheet, version: int) -> None:
        operations.change_ring_time(by=me(), line=sheet.line, version=version, ring_seconds=form.ring_seconds.data)

    return edit(part_of(line_id, Feature.FORWARDING), form, "ringing", save, _rings)


def _rings(sheet: Sheet) -> str:
    seconds = sheet.handling.ring_seconds
    return ngettext(
        "A call now counts as not answered after %(num)s second.",
        "A call now counts as not answered after %(num)s seconds.",
        seconds,
    )


@bp.route("/call-handling/<public_id:line_id>/privacy", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def privacy(line_id: PublicId) -> AnyResponse:
    form = PrivacyForm()

    def save(sheet: Sheet, version: int) -> None:
        outside, inside = form.hide_outside.data, form.hide_inside.data
        operations.change_privacy(by=me(), line=sheet.line, version=version, hide_outside=outside, hide_inside=inside)

    return edit(part_of(line_id, Feature.PRIVACY), form, "privacy", save, _shown)


def _shown(sheet: Sheet) -> str:
    match sheet.handling.hide_outside, sheet.handling.hide_inside:
        case True, True:
            return _("Nobody who is called sees the number.")
        case True, False:
            return _("People outside no longer see the number; colleagues do.")
        case False, True:
            return _("Colleagues no longer see who calls; people outside do.")
    return _("Everybody who is called sees the number.")

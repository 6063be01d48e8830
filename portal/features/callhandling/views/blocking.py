"""Who does not get through to a line, and what cannot be called from it."""

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import phone
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import operations, queries
from portal.features.callhandling.forms import BlockingForm, IncomingForm
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Direction, Mode
from portal.features.callhandling.views.conditions import back, refused
from portal.features.callhandling.views.door import bp
from portal.features.callhandling.views.parts import edit, part_of
from portal.features.subscribers.rules import Feature
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import Undo
from portal.web.tenant import tenant


@bp.route("/call-handling/<public_id:line_id>/blocking/incoming", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def blocking_incoming(line_id: PublicId) -> AnyResponse:
    return _edit(part_of(line_id, Feature.BLOCK_INCOMING, person=False), IncomingForm())


@bp.route("/call-handling/<public_id:line_id>/blocking/outgoing", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def blocking_outgoing(line_id: PublicId) -> AnyResponse:
    return _edit(part_of(line_id, Feature.BLOCK_OUTGOING), BlockingForm())


def _edit(sheet: Sheet, form: BlockingForm) -> AnyResponse:
    form.offer()

    def save(sheet: Sheet, version: int) -> None:
        operations.change_blocking(
            by=me(),
            line=sheet.line,
            version=version,
            direction=form.DIRECTION,
            mode=Mode(form.mode.data),
            entries=form.entries.entries(tenant().home),
            home=tenant().home,
            hidden=form.hides,
        )

    if form.DIRECTION is Direction.IN:
        return edit(sheet, form, "blocking-incoming", save, _comes_in)
    return edit(sheet, form, "blocking-outgoing", save, _goes_out)


def _comes_in(sheet: Sheet) -> str:
    count, handling = len(sheet.blocked["in"]), sheet.handling
    if handling.incoming == Mode.ALLOW:
        return ngettext(
            "Only calls from %(num)s number get through now.", "Only calls from %(num)s numbers get through now.", count
        )
    if not count:
        return _("Hidden callers no longer get through.") if handling.block_hidden else _("All calls get through.")
    if handling.block_hidden:
        return ngettext(
            "Calls from %(num)s number and hidden callers no longer get through.",
            "Calls from %(num)s numbers and hidden callers no longer get through.",
            count,
        )
    return ngettext(
        "Calls from %(num)s number no longer get through.", "Calls from %(num)s numbers no longer get through.", count
    )


def _goes_out(sheet: Sheet) -> str:
    count = len(sheet.blocked["out"])
    if sheet.handling.outgoing == Mode.ALLOW:
        return ngettext(
            "Only %(num)s number and emergency numbers can be called now.",
            "Only %(num)s numbers and emergency numbers can be called now.",
            count,
        )
    if not count:
        return _("All numbers can be called.")
    return ngettext("%(num)s number can no longer be called.", "%(num)s numbers can no longer be called.", count)


# --- from the list of calls ----------------------------------------------------------------------------------------------------


@bp.post("/call-handling/block-caller")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def block_caller() -> AnyResponse:
    """For the own line."""
    number = request.form.get("number", "")
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            operations.block_caller(by=me(), line=queries.line_of(me()), number=number)
            undo = Undo("callhandling.unblock_caller", {}, {"number": number, "next": request.form.get("next", "")})
            text = _("Calls from %(number)s no longer get through to you.", number=phone.spoken(number, tenant().home.cc))
            return back(text, ".own", undo=undo)
    return refused(form, ".own")


@bp.post("/call-handling/unblock-caller")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def unblock_caller() -> AnyResponse:
    number = request.form.get("number", "")
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            operations.unblock_caller(by=me(), line=queries.line_of(me()), number=number)
            text = _("Calls from %(number)s get through again.", number=phone.spoken(number, tenant().home.cc))
            return back(text, ".own")
    return refused(form, ".own")

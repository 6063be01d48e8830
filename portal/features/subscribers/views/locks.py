"""The provider's own lock of a line. Those of others are shown, and stay."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n
from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import LockForm, PlainForm
from portal.features.subscribers.models import LockSource
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.rules import LOCK_WORDS, LockLevel
from portal.features.subscribers.views.door import PLACE, bp, within
from portal.features.subscribers.views.line import page
from portal.web.access import requires
from portal.web.fields import stripped
from portal.web.session import me
from portal.web.templating import Undo, done


@bp.route("/lines/<public_id:staff_line_id>/lock", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_LOCK)
def lock_line(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    own = sheet.lock_by(LockSource.RESELLER)
    level = str(own.level if own else LockLevel.OUTGOING.value)
    form = LockForm(level=level, reason=own.reason if own else "").offer(locked=own is not None)
    if form.validate_on_submit():
        with form.refusals():
            if form.level.data == "0":
                return _unlocked(sheet)
            return _locked(sheet, LockLevel(int(form.level.data)), form.reason.data or "")
    return page(sheet, editing="lock", form=form)


@bp.post("/lines/<public_id:staff_line_id>/unlock")
@within(PLACE)
@requires(P.LINES_LOCK)
def unlock_line(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            return _unlocked(sheet)
    return page(sheet, form=form)


@bp.post("/lines/<public_id:staff_line_id>/relock")
@within(PLACE)
@requires(P.LINES_LOCK)
def relock_line(staff_line_id: PublicId) -> AnyResponse:
    """The way back from an unlocking or from another level."""
    sheet = queries.line_sheet(staff_line_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            return _locked(sheet, _level(request.form.get("level", "")), stripped(request.form.get("reason")) or "")
    return page(sheet, form=form)


def _level(typed: str) -> LockLevel:
    try:
        return LockLevel(int(typed))
    except ValueError:
        raise Refused("lock-level", field="level") from None


def _locked(sheet: LineSheet, level: LockLevel, reason: str) -> AnyResponse:
    """`sheet` is from before: its lock is what Undo brings back."""
    own, line = sheet.lock_by(LockSource.RESELLER), sheet.line
    operations.lock(by=me(), line=line, level=level, reason=reason)
    here = {"staff_line_id": line.public_id}
    undo = (
        Undo("subscribers.relock_line", here, {"level": str(own.level), "reason": own.reason})
        if own
        else Undo("subscribers.unlock_line", here)
    )
    text = _("%(name)s is locked: %(level)s.", name=line.display_name, level=i18n.gettext(LOCK_WORDS[level].title))
    return done(text, ".line", undo=undo, staff_line_id=line.public_id, _anchor="lock")


def _unlocked(sheet: LineSheet) -> AnyResponse:
    was = operations.unlock(by=me(), line=sheet.line)
    others = [lock for lock in sheet.locks if lock.source is not LockSource.RESELLER]
    text = _("%(name)s is unlocked.", name=sheet.line.display_name)
    if others:
        text = _("Your lock of %(name)s is lifted; locks of others stay.", name=sheet.line.display_name)
    undo = Undo(
        "subscribers.relock_line", {"staff_line_id": sheet.line.public_id}, {"level": str(was.level), "reason": was.reason}
    )
    return done(text, ".line", undo=undo, staff_line_id=sheet.line.public_id, _anchor="lock")

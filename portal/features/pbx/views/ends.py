"""Locking an extension, unlocking it, and removing it."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n, phone
from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import LockForm, PlainForm
from portal.features.pbx.queries import Sheet
from portal.features.pbx.rules import LOCK_WORDS
from portal.features.pbx.views.door import bp, within
from portal.features.pbx.views.sheet import page
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import LockSource
from portal.features.subscribers.rules import LockLevel
from portal.web.access import requires
from portal.web.fields import stripped
from portal.web.session import me
from portal.web.templating import Undo, done, render
from portal.web.tenant import tenant


@bp.route("/extensions/<public_id:extension_id>/lock", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def lock(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    own = sheet.lock_by(LockSource.PILOT)
    form = LockForm(level=str(own.level if own else LockLevel.OUTGOING.value), reason=own.reason if own else "").offer()
    if form.validate_on_submit():
        with form.refusals():
            subscribers.lock(by=me(), line=sheet.line, level=LockLevel(int(form.level.data)), reason=form.reason.data)
            return _locked(sheet, LockLevel(int(form.level.data)))
    return page(sheet, editing="lock", form=form)


def _locked(sheet: Sheet, level: LockLevel) -> AnyResponse:
    """`sheet` is from before: its lock is what Undo brings back."""
    own, line = sheet.lock_by(LockSource.PILOT), sheet.line
    undo = (
        Undo("pbx.relock", {"extension_id": line.public_id}, {"level": str(own.level), "reason": own.reason})
        if own
        else _unlock(line.public_id)
    )
    text = _("%(name)s is locked: %(level)s.", name=line.display_name, level=i18n.gettext(LOCK_WORDS[level].title))
    return done(text, ".show", undo=undo, extension_id=line.public_id)


def _unlock(extension_id: PublicId) -> Undo:
    return Undo("pbx.unlock", {"extension_id": extension_id})


@bp.post("/extensions/<public_id:extension_id>/unlock")
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def unlock(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            was = subscribers.unlock(by=me(), line=sheet.line)
            undo = Undo("pbx.relock", {"extension_id": extension_id}, {"level": str(was.level), "reason": was.reason})
            return done(_unlocked(queries.sheet(extension_id)), ".show", undo=undo, extension_id=extension_id)
    return page(sheet, form=form)


def _unlocked(sheet: Sheet) -> str:
    if sheet.locks:
        return _("Your lock of %(name)s is lifted; that of your provider stays.", name=sheet.line.display_name)
    return _("%(name)s is unlocked.", name=sheet.line.display_name)


@bp.post("/extensions/<public_id:extension_id>/relock")
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def relock(extension_id: PublicId) -> AnyResponse:
    """The way back from an unlocking or from another level."""
    sheet = queries.sheet(extension_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            level = _level(request.form.get("level", ""))
            subscribers.lock(by=me(), line=sheet.line, level=level, reason=stripped(request.form.get("reason")) or "")
            return _locked(sheet, level)
    return page(sheet, form=form)


def _level(typed: str) -> LockLevel:
    try:
        return LockLevel(int(typed))
    except ValueError:
        raise Refused("lock-level", field="level") from None


@bp.route("/extensions/<public_id:extension_id>/remove", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, in_person=True)
def remove(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.terminate(by=me(), line=sheet.line)
            text = _(
                "%(name)s is removed. Extension %(extension)s is free again.",
                name=sheet.line.display_name,
                extension=sheet.line.extension,
            )
            return done(text, ".extensions")
    return render("pbx/remove.html", form=form, sheet=sheet, goes=_goes(sheet))


def _goes(sheet: Sheet) -> list[str]:
    """What ends together with an extension."""
    home_cc = tenant().home.cc
    own = phone.spoken(sheet.number, home_cc)
    sentences = [_("Calls to %(extension)s and %(number)s no longer arrive.", extension=sheet.line.extension, number=own)]
    if sheet.aliases:
        listed = i18n.listed(phone.spoken(alias.digits, home_cc) for alias in sheet.aliases)
        sentences.append(_("Further numbers return to the pool: %(numbers)s.", numbers=listed))
    if sheet.groups:
        sentences.append(_("The place in these groups: %(groups)s.", groups=i18n.listed(sheet.groups)))
    if sheet.account:
        sentences.append(
            _("The sign-in %(name)s: it is signed out everywhere.", name=f"{sheet.account.username}@{sheet.domain.domain}")
        )
    sentences.append(_("Phones signed in as %(name)s stop working. The name is free again.", name=sheet.line.username))
    return sentences

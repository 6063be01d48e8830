"""A reseller is locked, unlocked, terminated."""

from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.platform import operations, queries
from portal.features.platform.forms import EndForm, LockForm, PlainForm
from portal.features.platform.views.door import bp
from portal.features.platform.views.reseller import living, page
from portal.features.platform.views.resellers import LIST
from portal.features.resellers.models import Reseller
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, render


@bp.route("/resellers/<public_id:reseller_id>/lock", methods=["GET", "POST"])
@within(LIST)
@requires(P.RESELLERS_EDIT)
def lock(reseller_id: PublicId) -> Response:
    one, form = _other(reseller_id), LockForm()
    if form.validate_on_submit():
        with form.refusals():
            lines = operations.lock_reseller(by=me(), reseller=one, reason=form.reason.data)
            text = ngettext(
                "%(name)s is locked, with %(num)s line.", "%(name)s is locked, with %(num)s lines.", lines, name=one.name
            )
            return done(text, ".reseller", reseller_id=reseller_id)
    return render("platform/reseller_lock.html", form=form, reseller=one, has=queries.belongings(one.id))


@bp.post("/resellers/<public_id:reseller_id>/unlock")
@within(LIST)
@requires(P.RESELLERS_EDIT)
def unlock(reseller_id: PublicId) -> Response:
    one, form = _other(reseller_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.unlock_reseller(by=me(), reseller=one)
            text = _("%(name)s is not locked any more. Who was locked by somebody else stays so.", name=one.name)
            return done(text, ".reseller", reseller_id=reseller_id)
    return page(queries.sheet(reseller_id), form=form)


@bp.route("/resellers/<public_id:reseller_id>/terminate", methods=["GET", "POST"])
@within(LIST)
@requires(P.RESELLERS_EDIT, confirmed=True, in_person=True)
def terminate(reseller_id: PublicId) -> Response:
    one, form = _other(reseller_id), EndForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.terminate_reseller(
                by=me(), reseller=one, typed=form.typed.data or "", with_customers=form.with_customers.data
            )
            return done(_("%(name)s has ended.", name=one.name), ".reseller", reseller_id=reseller_id)
    return render("platform/reseller_end.html", form=form, reseller=one, has=queries.belongings(one.id))


def _other(reseller_id: PublicId) -> Reseller:
    """Not the platform's own, and not the one that somebody is signed in under."""
    one = living(reseller_id)
    if one.operator or one.id == me().reseller_id:
        raise NotFound
    return one

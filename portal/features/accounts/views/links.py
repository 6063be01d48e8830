"""Back in by a mailed link: a forgotten password, an invitation. What a link does, it does on a press of a button only."""

from flask import redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound, Refused
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import ForgotForm, NewPasswordForm
from portal.features.accounts.models import Method, Purpose
from portal.features.accounts.operations.tokens import hashed
from portal.features.accounts.queries import Link
from portal.features.accounts.views.door import arrival, bp
from portal.web.access import public
from portal.web.session import address, keep_cookies
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.route("/forgot-password", methods=["GET", "POST"])
@public
def forgot() -> Response:
    form = ForgotForm()
    if form.validate_on_submit():
        try:
            operations.ask_for_reset(tenant=tenant(), username=form.username.data, address=address())
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return render("accounts/forgot_sent.html")
    return render("accounts/forgot.html", form=form)


@bp.route("/reset-password/<token>", methods=["GET", "POST"])
@public
def reset(token: str) -> Response:
    try:
        found = _link(token, Purpose.RESET)
    except NotFound:
        return bad_link()
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.reset_password(link=found, password=form.password.data, repeat=form.repeat.data, address=address())
            return done(_("Your new password is in use from now on. Sign in with it."), ".sign_in")
    name = queries.full_name(found.account, tenant())
    return render("accounts/reset.html", form=form, name=name)


@bp.route("/invitation/<token>", methods=["GET", "POST"])
@public
def invitation(token: str) -> Response:
    try:
        found = _link(token, Purpose.INVITATION)
    except NotFound:
        return bad_link(invited=True)
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            account = operations.accept_invitation(
                link=found, password=form.password.data, repeat=form.repeat.data, address=address()
            )
            visit, session_token, until = arrival()
            entered = operations.enter(visit=visit, account=account, method=Method.PASSWORD)
            return keep_cookies(redirect("/", code=303), session_token, until, entered.device)
    name = queries.full_name(found.account, tenant())
    return render("accounts/invitation.html", form=form, name=name, person=found.account.name)


def _link(token: str, purpose: Purpose) -> Link:
    return queries.link(tenant(), hashed(token), purpose)


def bad_link(*, invited: bool = False) -> Response:
    """One answer for every link that opens nothing: used, too old, cut off, or somebody else's."""
    return render("accounts/bad_link.html", status=404, invited=invited)

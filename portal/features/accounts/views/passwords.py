"""One's own web password."""

from flask import redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.permissions import Owed
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import ChangePasswordForm, NewPasswordForm
from portal.features.accounts.views.door import bp
from portal.features.accounts.views.page import page
from portal.web.access import in_person, sudo_owing
from portal.web.session import me, new_token, renew_cookie
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.route("/new-password", methods=["GET", "POST"])
@sudo_owing(Owed.PASSWORD)
def new_password() -> Response:
    if me().owes is not Owed.PASSWORD:
        return redirect(url_for(".account"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            return _changed(form, None, _("Your new password is in use from now on."), "dashboard.show")
    own = queries.own(me())
    name = queries.full_name(own, tenant())
    return render("accounts/new_password.html", form=form, name=name, given=own.must_change_password)


@bp.route("/account/password", methods=["GET", "POST"])
@in_person
def password() -> Response:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            text = _("Your password is changed. You are signed out everywhere else.")
            return _changed(form, form.current.data, text, ".account")
    return page(queries.own(me()), editing="password", form=form)


def _changed(form: NewPasswordForm, current: str | None, text: str, endpoint: str) -> Response:
    """From here on this browser shows another token: whoever has copied the present one is signed out as well."""
    token, hashed = new_token()
    until = operations.change_password(
        by=me(), current=current, password=form.password.data, repeat=form.repeat.data, token_hash=hashed
    )
    return renew_cookie(done(text, endpoint), token, until)

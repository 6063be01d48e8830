"""Signing in and out, and one's own account."""

from datetime import timedelta
from zoneinfo import available_timezones

from flask import Blueprint, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock, i18n
from portal.core.errors import Refused
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import ChangePasswordForm, NewPasswordForm, OwnForm, SignInForm
from portal.web.access import public, signed_in, signed_in_even_with_old_password
from portal.web.session import address, drop_cookie, forget_language_choice, keep_cookie, me, me_or_nobody, new_token, own_path
from portal.web.templating import done, render
from portal.web.tenant import tenant

bp = Blueprint("accounts", __name__, template_folder="templates")


@bp.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    form = SignInForm()
    goal = own_path(request.args.get("next")) or "/"
    if request.method == "GET" and me_or_nobody() is not None and goal == "/":
        return redirect(goal)
    if form.validate_on_submit():
        token, hashed = new_token()
        until = clock.now() + timedelta(hours=current_app.config["SESSION_HOURS"])
        attempt = operations.Attempt(form.username.data, form.password.data, address(), request.user_agent.string)
        try:
            operations.sign_in(tenant=tenant(), attempt=attempt, token_hash=hashed, until=until, pepper=current_app.config["SECRET_KEY"])
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return keep_cookie(redirect(goal, code=303), token, until)
    return render("accounts/sign_in.html", form=form)


@bp.post("/logout")
@public
def sign_out() -> Response:
    who = me_or_nobody()
    if who is not None:
        operations.sign_out(by=who)
    return drop_cookie(redirect(url_for(".sign_in"), code=303))


@bp.route("/new-password", methods=["GET", "POST"])
@signed_in_even_with_old_password
def new_password() -> Response:
    if not me().must_change_password:
        return redirect(url_for(".account"))
    form = NewPasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.change_password(by=me(), current=None, password=form.password.data, repeat=form.repeat.data)
            return done(_("Your new password is in use from now on."), "dashboard.show")
    return render("accounts/new_password.html", form=form)


@bp.get("/account")
@signed_in
def account() -> Response:
    own = queries.own(me())
    return render("accounts/account.html", account=own, zone_name=own.time_zone or tenant().time_zone)


@bp.route("/account/settings", methods=["GET", "POST"])
@signed_in
def settings() -> Response:
    own = queries.own(me())
    form = OwnForm(obj=own)
    form.language.choices = [("", _("As my browser asks")), *((code, i18n.own_name(code)) for code in tenant().languages)]
    form.time_zone.choices = [("", _("As my provider sets it: %(zone)s", zone=tenant().time_zone)), *((name, name) for name in sorted(available_timezones()) if "/" in name)]
    if form.validate_on_submit():
        with form.refusals():
            operations.change_own(by=me(), language=form.language.data or None, time_zone=form.time_zone.data or None)
            forget_language_choice()
            return done(_("Saved."), ".account")
    return render("accounts/account.html", form=form, editing="settings", account=own, zone_name=own.time_zone or tenant().time_zone)


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> Response:
    own = queries.own(me())
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.change_password(by=me(), current=form.current.data, password=form.password.data, repeat=form.repeat.data)
            return done(_("Your password is changed. You are signed out everywhere else."), ".account")
    return render("accounts/account.html", form=form, editing="password", account=own, zone_name=own.time_zone or tenant().time_zone)

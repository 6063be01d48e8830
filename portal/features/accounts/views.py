"""Signing in and out, and one's own account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from flask import Blueprint, Flask, current_app, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.forms import ChangePasswordForm, DisplayForm, NewPasswordForm, SignInForm
from portal.features.accounts.models import Account
from portal.web.access import public, signed_in, signed_in_even_with_old_password
from portal.web.session import (
    address,
    device,
    drop_cookie,
    forget_passing_choices,
    keep_cookies,
    me,
    me_or_nobody,
    new_token,
    own_path,
    passing_language,
)
from portal.web.templating import done, render
from portal.web.tenant import tenant

bp = Blueprint("accounts", __name__, template_folder="templates")


class Line(Protocol):
    """What the account page says of a person's line; the number in digits."""

    @property
    def customer(self) -> str: ...
    @property
    def extension(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...


def install(app: Flask, line_of: Callable[[Identity], Line | None]) -> None:
    """`line_of`: lines belong to features that this one does not know."""
    app.extensions["line_of"] = line_of


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
        attempt = operations.Attempt(
            form.username.data, form.password.data, address(), request.user_agent.string, device(), passing_language()
        )
        pepper, before = current_app.config["SECRET_KEY"], me_or_nobody()
        try:
            known = operations.sign_in(
                tenant=tenant(), attempt=attempt, token_hash=hashed, until=until, pepper=pepper, instead_of=before,
            )
        except Refused as refusal:
            form.refuse(refusal)
        else:
            return keep_cookies(redirect(goal, code=303), token, until, known)
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
    return _page(queries.own(me()))


@bp.route("/account/display", methods=["GET", "POST"])
@signed_in
def display() -> Response:
    own = queries.own(me())
    form = DisplayForm(language=own.language or "", time_zone=own.time_zone or "", scheme=own.scheme or "").offer(tenant())
    if form.validate_on_submit():
        with form.refusals():
            operations.change_display(by=me(), **form.chosen())
            forget_passing_choices()
            return done(_("Saved."), ".account")
    return _page(own, editing="display", form=form)


@bp.route("/account/password", methods=["GET", "POST"])
@signed_in
def password() -> Response:
    form = ChangePasswordForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.change_password(by=me(), current=form.current.data, password=form.password.data, repeat=form.repeat.data)
            return done(_("Your password is changed. You are signed out everywhere else."), ".account")
    return _page(queries.own(me()), editing="password", form=form)


def _page(own: Account, **editing: Any) -> Response:
    """One's own account, with the section that is being edited open."""
    zone = own.time_zone or tenant().time_zone
    line: Line | None = current_app.extensions["line_of"](me())
    name, place = queries.full_name(own, tenant()), rules.place_of(zone)
    return render("accounts/account.html", account=own, line=line, name=name, place=place, now=clock.now(), **editing)

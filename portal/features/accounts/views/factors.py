"""One's own authenticator app and recovery codes."""

from flask import current_app, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.permissions import Owed
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.forms import CodeForm, PlainForm
from portal.features.accounts.views.door import bp
from portal.web import once
from portal.web.access import signed_in_owing, sudo, sudo_owing
from portal.web.qr import qr_code
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.get("/enrol")
@signed_in_owing(Owed.FACTOR)
def enrol() -> Response:
    if me().owes is not Owed.FACTOR:
        return redirect(url_for(".account"))
    return render("accounts/enrol.html")


@bp.route("/account/authenticator", methods=["GET", "POST"])
@sudo_owing(Owed.FACTOR)
def authenticator() -> Response:
    own = queries.own(me())
    form = CodeForm()
    if form.validate_on_submit():
        with form.refusals():
            _show_once(operations.confirm_totp(by=me(), code=form.code.data))
            return done(_("Your authenticator app is set up."), ".recovery_codes")
    seed = queries.seed_to_confirm(own.id)
    if seed is None:
        return render("accounts/authenticator.html", form=form, factors=queries.factors(own.id))
    name = queries.full_name(own, tenant())
    issuer = current_app.extensions["brand_of"](tenant()).name
    address = rules.otpauth(seed, issuer=issuer, name=name)
    shown = {"key": rules.in_fours(seed), "address": address, "qr": qr_code(address), "issuer": issuer, "name": name}
    return render("accounts/authenticator_new.html", form=form, **shown)


@bp.post("/account/authenticator/begin")
@sudo_owing(Owed.FACTOR)
def begin_authenticator() -> Response:
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.begin_totp(by=me())
    return redirect(url_for(".authenticator"), code=303)


@bp.route("/account/authenticator/remove", methods=["GET", "POST"])
@sudo
def remove_authenticator() -> Response:
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_totp(by=me())
            return done(_("Your authenticator app no longer counts. You may delete its entry in the app."), ".account")
    return render("accounts/authenticator_remove.html", form=form, factors=queries.factors(me().account_id or 0))


@bp.route("/account/recovery-codes", methods=["GET", "POST"])
@sudo
def recovery_codes() -> Response:
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            _show_once(operations.make_recovery_codes(by=me()))
            return done(_("Ten new recovery codes are made; those from before are void."), ".recovery_codes")
    own = queries.own(me())
    kept = once.take("recovery-codes", own.public_id)
    codes = kept.split() if kept else []
    return render("accounts/recovery_codes.html", form=form, factors=queries.factors(own.id), codes=codes)


def _show_once(codes: list[str]) -> None:
    once.keep("recovery-codes", "\n".join(codes), subject=str(me().public_id))

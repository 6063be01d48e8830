"""Signing in and out."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.errors import Refused
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import SignInForm
from portal.features.accounts.models import Method
from portal.features.accounts.views.door import arrival, bp
from portal.features.accounts.views.single_sign_on import leave
from portal.web.access import public
from portal.web.session import drop_cookie, half_signed_in, keep_cookies, me_or_nobody, own_path
from portal.web.templating import render
from portal.web.tenant import tenant


@bp.route("/login", methods=["GET", "POST"])
@public
def sign_in() -> Response:
    form = SignInForm()
    goal = own_path(request.args.get("next")) or "/"
    if request.method == "GET" and me_or_nobody() is not None and goal == "/":
        return redirect(goal)
    if form.validate_on_submit():
        visit, token, until = arrival()
        try:
            entered = operations.sign_in(visit=visit, username=form.username.data, password=form.password.data)
        except Refused as refusal:
            form.refuse(refusal)
        else:
            onward = url_for(".second_factor", next=goal if goal != "/" else None) if entered.half else goal
            return keep_cookies(redirect(onward, code=303), token, until, entered.device)
    return render("accounts/sign_in.html", form=form, provider_name=queries.provider_name(tenant().reseller_id))


@bp.post("/logout")
@public
def sign_out() -> Response:
    who = me_or_nobody() or half_signed_in()
    method = operations.sign_out(by=who) if who is not None else None
    return leave() if method is Method.PROVIDER else drop_cookie(redirect(url_for(".sign_in"), code=303))

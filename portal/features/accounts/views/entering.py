"""Signing in and out."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from portal.core.errors import Refused
from portal.features.accounts import operations
from portal.features.accounts.forms import SignInForm
from portal.features.accounts.views.door import arrival, bp
from portal.web.access import public
from portal.web.session import drop_cookie, half_signed_in, keep_cookies, me_or_nobody, own_path
from portal.web.templating import render


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
    return render("accounts/sign_in.html", form=form)


@bp.post("/logout")
@public
def sign_out() -> Response:
    who = me_or_nobody() or half_signed_in()
    if who is not None:
        operations.sign_out(by=who)
    return drop_cookie(redirect(url_for(".sign_in"), code=303))

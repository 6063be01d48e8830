"""The second step of a sign-in, for those whose password was right."""

from flask import redirect, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from portal.core.identity import Identity
from portal.core.links import link
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import CodeForm, RecoveryForm
from portal.features.accounts.models import Method
from portal.features.accounts.views.door import bp, goal, let_in
from portal.web.access import public
from portal.web.session import half_signed_in, me_or_nobody
from portal.web.templating import render, say
from portal.web.tenant import tenant


@bp.route("/second-factor", methods=["GET", "POST"])
@public
def second_factor() -> Response:
    who = half_signed_in()
    if who is None:
        onward = goal()
        return redirect(onward if me_or_nobody() else url_for(".sign_in", next=onward if onward != "/" else None))
    recovery = request.args.get("with") == "recovery"
    form = RecoveryForm() if recovery else CodeForm()
    if form.validate_on_submit():
        with form.refusals():
            return _with_recovery(who, form.code.data) if recovery else _with_totp(who, form.code.data)
    factors = queries.factors(who.account_id or 0)
    elsewhere = {host: link(host, "/login") for host in factors.hosts if host != tenant().host}
    here = tenant().host in factors.hosts
    return render(
        "accounts/second_factor.html", form=form, who=who, factors=factors, here_too=here, elsewhere=elsewhere, recovery=recovery,
    )


def _with_totp(who: Identity, code: str) -> Response:
    return let_in(operations.pass_totp(by=who, code=code), Method.TOTP)


def _with_recovery(who: Identity, code: str) -> Response:
    account, left = operations.pass_recovery(by=who, code=code)
    response = let_in(account, Method.RECOVERY)
    if left:
        text = ngettext(
            "You used a recovery code; one is left. Your account page makes new ones.",
            "You used a recovery code; %(num)s are left. Your account page makes new ones.",
            left,
        )
    else:
        text = _("You used your last recovery code. Make new ones on your account page.")
    say(text, kind="info")
    return response

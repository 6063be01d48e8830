"""Confirm that it is you: before pages that a stranger at an open browser must not reach."""

from flask import redirect
from werkzeug.wrappers import Response

from portal.core.permissions import Owed
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import ConfirmForm
from portal.features.accounts.views.door import bp, goal
from portal.web.access import signed_in_owing
from portal.web.session import me, new_token, renew_cookie
from portal.web.templating import render
from portal.web.tenant import tenant


@bp.route("/confirm", methods=["GET", "POST"])
@signed_in_owing(Owed.PASSWORD, Owed.FACTOR)
def confirm() -> Response:
    form = ConfirmForm()
    if form.validate_on_submit():
        with form.refusals():
            token, hashed = new_token()
            until = operations.confirm_by_password(by=me(), password=form.current.data, token_hash=hashed)
            return renew_cookie(redirect(goal(), code=303), token, until)
    own = queries.own(me())
    name = queries.full_name(own, tenant())
    return render(
        "accounts/confirm.html",
        form=form,
        name=name,
        has_password=own.password_hash is not None,
        here_too=tenant().host in queries.factors(own.id).hosts,
        provider_name=queries.own_provider_name(me()),
    )

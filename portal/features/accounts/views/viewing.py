"""Staff who see the portal as one of a customer's people does."""

from flask import redirect
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import ViewAsForm
from portal.features.accounts.views.door import bp
from portal.features.accounts.views.people import bp as people
from portal.web.access import requires, signed_in
from portal.web.session import me, new_token, renew_cookie
from portal.web.templating import done, render


@people.route("/accounts/<public_id:account_id>/view-as", methods=["GET", "POST"])
@requires(P.VIEW_AS, confirmed=True, in_person=True, looks=True)
def view_as(account_id: PublicId) -> Response:
    account = queries.account(account_id)
    operations.check_viewable(by=me(), account=account)
    form = ViewAsForm()
    if form.validate_on_submit():
        with form.refusals():
            token, hashed = new_token()
            until = operations.start_viewing(by=me(), account=account, reason=form.reason.data, token_hash=hashed)
            return renew_cookie(redirect("/", code=303), token, until)
    return render("accounts/view_as.html", form=form, account=account)


@bp.post("/stop-viewing")
@signed_in
def stop_viewing() -> Response:
    viewed = me()
    if viewed.viewer is None:
        return redirect("/", code=303)
    token, hashed = new_token()
    until = operations.stop_viewing(by=viewed, token_hash=hashed)
    answer = done(_("You no longer view as %(name)s.", name=viewed.name), "accounts.people.show", account_id=viewed.public_id)
    return renew_cookie(answer, token, until) if until else answer

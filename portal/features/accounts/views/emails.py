"""One's own name and e-mail address."""

from flask import current_app
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import EmailForm, NameForm, PlainForm
from portal.features.accounts.models import Purpose
from portal.features.accounts.operations.emails import Follow
from portal.features.accounts.operations.tokens import hashed
from portal.features.accounts.views.door import bp
from portal.features.accounts.views.page import own_line, page, standing
from portal.web.access import in_person, public, sudo
from portal.web.session import address, me, me_or_nobody
from portal.web.templating import done, render
from portal.web.tenant import tenant


def follow() -> Follow:
    found: Follow = current_app.extensions["follow"]
    return found


@bp.route("/account/person", methods=["GET", "POST"])
@in_person
def person() -> Response:
    own, line = queries.own(me()), own_line()
    if line is not None and line.extension:
        raise NotFound  # the pilot names extensions
    form = NameForm(name=own.name)
    if form.validate_on_submit():
        with form.refusals():
            operations.rename(by=me(), name=form.name.data, follow=follow())
            return done(_("Saved."), ".account")
    return page(own, editing="person", form=form)


@bp.route("/account/email", methods=["GET", "POST"])
@sudo
def email() -> Response:
    own = queries.own(me())
    form = EmailForm(email=own.email)
    form.email.flags.optional = own.domain_id is not None  # staff sign in with theirs
    if form.validate_on_submit():
        with form.refusals():
            if form.email.data:
                operations.ask_email(by=me(), address=form.email.data)
                return done(_("A mail with a link is on its way to %(address)s.", address=form.email.data), ".account")
            operations.remove_email(by=me(), follow=follow())
            return done(_("You have no address of your own any more."), ".account")
    return page(own, editing="email", form=form)


@bp.post("/account/email/send-again")
@in_person
def send_email_again() -> Response:
    waiting, form = standing().waiting, EmailForm()
    if waiting is None:
        raise NotFound
    with form.refusals():
        operations.ask_email(by=me(), address=waiting)
        return done(_("A mail with a link is on its way to %(address)s.", address=waiting), ".account")
    form.email.data = waiting
    return page(queries.own(me()), editing="email", form=form)


@bp.post("/account/email/cancel")
@in_person
def cancel_email() -> Response:
    operations.cancel_email(by=me())
    return done(_("Your address stays as it is."), ".account")


@bp.route("/confirm-email/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> Response:
    """Mail programs look at links before their readers do: only the button confirms."""
    form = PlainForm()
    try:
        link = queries.link(tenant(), hashed(token), Purpose.EMAIL)
        if form.validate_on_submit():
            with form.refusals():
                operations.confirm_email(link=link, network_address=address(), follow=follow())
                return done(_("Your new e-mail address is confirmed."), ".account" if me_or_nobody() else ".sign_in")
    except NotFound:
        return render("accounts/bad_link.html", status=404, invited=False, email=True)
    return render("accounts/confirm_email.html", form=form, new=link.token.email, name=link.account.name)

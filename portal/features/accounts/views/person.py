"""One account, for staff: how it stands, and what helps somebody who cannot sign in."""

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P, Role
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.forms import PlainForm
from portal.features.accounts.models import Account, Status
from portal.features.accounts.operations.throttle import of_person
from portal.features.accounts.queries import Person
from portal.features.accounts.views.people import bp
from portal.features.audit import queries as audit
from portal.features.audit.rules import told
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LATEST = 10


@bp.get("/accounts/<public_id:account_id>")
@requires(P.ACCOUNTS_VIEW)
def show(account_id: PublicId) -> Response:
    return page(_person(account_id))


@bp.post("/accounts/<public_id:account_id>/send-link")
@requires(P.ACCOUNTS_HELP, in_person=True)
def send_link(account_id: PublicId) -> Response:
    """To a first password for who has none yet, to a new one for others."""
    person, form = _helped(account_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            send = operations.send_reset if person.account.password_hash else operations.invite
            address = send(by=me(), account=person.account)
            return done(_("A mail with a link is on its way to %(address)s.", address=address), ".show", account_id=account_id)
    return page(person, form=form)


@bp.post("/accounts/<public_id:account_id>/let-try-again")
@requires(P.ACCOUNTS_HELP, in_person=True)
def let_try_again(account_id: PublicId) -> Response:
    person = _helped(account_id)
    operations.let_try_again(by=me(), account=person.account)
    return done(_("%(name)s can try again now.", name=person.account.name), ".show", account_id=account_id)


@bp.route("/accounts/<public_id:account_id>/clear-factors", methods=["GET", "POST"])
@requires(P.ACCOUNTS_HELP, confirmed=True, in_person=True)
def clear_factors(account_id: PublicId) -> Response:
    person, form = _helped(account_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.clear_factors(by=me(), account=person.account)
            text = _("%(name)s has no second factor any more and is signed out everywhere.", name=person.account.name)
            return done(text, ".show", account_id=account_id)
    return render("accounts/clear_factors.html", form=form, person=person)


@bp.route("/accounts/<public_id:account_id>/unlink-provider", methods=["GET", "POST"])
@requires(P.ACCOUNTS_HELP, confirmed=True, in_person=True)
def unlink_provider(account_id: PublicId) -> Response:
    person, form = _helped(account_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.unlink_provider(by=me(), account=person.account)
            text = _("%(name)s is not linked any more and is signed out everywhere.", name=person.account.name)
            return done(text, ".show", account_id=account_id)
    return render("accounts/unlink_provider.html", form=form, person=person)


def _person(account_id: PublicId) -> Person:
    return queries.person(account_id, current_app.config["SESSION_IDLE"])


def _helped(account_id: PublicId) -> Person:
    """Whoever may not help, for them there is nothing to help with."""
    person = _person(account_id)
    if not may_help(person.account):
        raise NotFound
    return person


def page(person: Person, **more: Any) -> Response:
    account = person.account
    history = audit.history([account.public_id], LATEST)
    return render(
        "accounts/person.html",
        person=person,
        trouble=queries.trouble(of_person(account.reseller_id, person.sign_in_name)),
        help=may_help(account),
        view=may_view(account),
        history=told(history.entries, reader=me().public_id, home_cc=tenant().home.cc),
        **more,
    )


def may_help(account: Account) -> bool:
    """Nobody helps themselves this way: the own account has its own page, which asks who one is."""
    who = me()
    role = who.role if who.can(P.ACCOUNTS_HELP) and account.id != who.account_id else None
    return role is not None and rules.may_help(role, Role(account.role))


def may_view(account: Account) -> bool:
    own = account.reseller_id == me().reseller_id and account.status == Status.ACTIVE
    return own and me().can(P.VIEW_AS) and rules.may_be_viewed(account.role)

"""Whom to write to about contracts: of no reseller, for operators only."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.rules import told
from portal.features.contacts import operations, queries as contacts
from portal.features.contacts.models import Contact
from portal.features.contacts.queries import Filters
from portal.features.platform.forms import PlainForm
from portal.features.platform.forms.system_contacts import SystemContactForm
from portal.features.platform.views.contracts import LIST as CONTRACTS
from portal.features.platform.views.door import bp
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LIST = "platform.system_contacts"
LATEST = 10


@bp.get("/system-contacts")
@within(CONTRACTS)
@requires(P.CONTRACTS)
def system_contacts() -> Response:
    asked = read_leafing(LIST, filters={})
    filters = Filters(asked.words)
    page, counted = contacts.contacts(None, filters, size=asked.size, place=asked.place), contacts.count(None, filters)
    near: dict[str, Any] = asked.neighbours(page)
    return render("platform/system_contacts.html", asked=asked, page=page, counted=counted, **near)


@bp.route("/system-contacts/new", methods=["GET", "POST"])
@within(CONTRACTS)
@requires(P.CONTRACTS)
def add_system_contact() -> Response:
    form = SystemContactForm().offer(tenant().time_zone)
    if form.validate_on_submit():
        with form.refusals():
            contact = operations.create_contact(by=me(), reseller_id=None, **form.as_typed())
            return done(_("%(name)s is there.", name=contact.name), ".system_contacts")
    return render("platform/system_contact_new.html", form=form)


@bp.route("/system-contacts/<public_id:system_contact_id>", methods=["GET", "POST"])
@within(CONTRACTS)
@requires(P.CONTRACTS)
def edit_system_contact(system_contact_id: PublicId) -> Response:
    contact, form = contacts.contact(system_contact_id, system=True), SystemContactForm().offer(tenant().time_zone)
    if request.method == "GET":
        form.show(form.stored(contact), contact.version)
        return _page(contact, form)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, contact, lambda held, version: _save(form, held, version), lambda: _again(system_contact_id, form))
        if clashes:
            return _conflict(system_contact_id, form, clashes)
        if not form.summary:
            return done(_("Saved."), ".edit_system_contact", system_contact_id=system_contact_id)
    return _page(contacts.contact(system_contact_id, system=True), form)


def _save(form: SystemContactForm, contact: Contact, version: int) -> object:
    return operations.change_contact(by=me(), contact=contact, version=version, **form.as_typed())


def _again(contact_id: PublicId, form: SystemContactForm) -> tuple[Contact, Values, int]:
    fresh = contacts.contact(contact_id, system=True)
    return fresh, form.stored(fresh), fresh.version


def _conflict(contact_id: PublicId, form: SystemContactForm, clashes: tuple[str, ...]) -> Response:
    fresh, theirs, version = _again(contact_id, form)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, version)
    last = audit.history([contact_id], 1).entries
    return _page(fresh, form, status=409, clashes=rows, last=last[0] if last else None)


@bp.route("/system-contacts/<public_id:system_contact_id>/remove", methods=["GET", "POST"])
@within(CONTRACTS)
@requires(P.CONTRACTS)
def remove_system_contact(system_contact_id: PublicId) -> Response:
    contact, form = contacts.contact(system_contact_id, system=True), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_contact(by=me(), contact=contact)
            return done(_("%(name)s has been removed.", name=contact.name), ".system_contacts")
    return render("platform/system_contact_remove.html", form=form, contact=contact, users=contacts.users(contact.id))


def _page(contact: Contact, form: SystemContactForm, **more: Any) -> Response:
    entries = audit.history([contact.public_id], LATEST).entries
    history = told(entries, reader=me().public_id, home_cc=tenant().home.cc)
    users = contacts.users(contact.id)
    return render("platform/system_contact.html", contact=contact, form=form, users=users, history=history, **more)

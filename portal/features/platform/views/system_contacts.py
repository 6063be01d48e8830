"""Whom to write to about contracts: of no reseller, for operators only."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.queries import last_change
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
from portal.web.sections import Section, edit
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
    form = SystemContactForm().offer(tenant().time_zone)

    def save(contact: Contact, version: int) -> object:
        return operations.change_contact(by=me(), contact=contact, version=version, **form.as_typed())

    section = Section(
        read=lambda: contacts.contact(system_contact_id, system=True),
        stored=lambda contact: (form.stored(contact), contact.version),
        save=save,
        show=lambda contact, **more: _page(contact, form, **more),
        last=lambda: last_change(system_contact_id),
        done=lambda: done(_("Saved."), ".edit_system_contact", system_contact_id=system_contact_id),
    )
    return edit(form, section.read(), section)


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

"""Contacts of a provider: the list, a new one, one with who uses it, its end."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, zones
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.rules import told
from portal.features.contacts import operations, queries
from portal.features.contacts.forms import ContactForm, ContactSection, PlainForm
from portal.features.contacts.models import Contact
from portal.features.contacts.operations import Removal
from portal.features.contacts.queries import Filters
from portal.features.contacts.rules import countries, grouped
from portal.features.contacts.views.door import bp
from portal.features.resellers.queries.choosing import chosen
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LIST = "contacts.index"
LATEST = 10


@bp.get("/contacts")
@within(LIST)
@requires(P.CONTACTS_VIEW)
def index() -> Response:
    asked = read_leafing(LIST, filters={"lines": ("1",), "unused": ("1",), "provider": None})
    provider = chosen(me().reseller_id or 0, asked.values.get("provider"), choose=me().can(P.RESELLERS_VIEW))
    filters = Filters(asked.words, "lines" in asked.values, "unused" in asked.values)
    page = queries.contacts(provider.id, filters, size=asked.size, place=asked.place)
    counted = queries.count(provider.id, filters)
    near: dict[str, Any] = asked.neighbours(page)
    return render("contacts/contacts.html", asked=asked, provider=provider, filters=filters, page=page, counted=counted, **near)


@bp.route("/contacts/new", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def create() -> Response:
    form = ContactForm()
    form.offer_places(tenant().time_zone)
    if form.validate_on_submit():
        with form.refusals():
            made = operations.create_contact(by=me(), reseller_id=me().reseller_id, **form.facts)
            return done(_("%(name)s is added.", name=made.name), ".show", contact_id=made.public_id)
    return render("contacts/contact_new.html", form=form)


@bp.get("/contacts/<public_id:contact_id>")
@within(LIST)
@requires(P.CONTACTS_VIEW)
def show(contact_id: PublicId) -> Response:
    return page_of(queries.contact(contact_id))


@bp.route("/contacts/<public_id:contact_id>/remove", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def remove(contact_id: PublicId) -> Response:
    """In use it is said by whom; else it is asked once."""
    contact, form = queries.contact(contact_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            name = contact.name
            kept = operations.remove_contact(by=me(), contact=contact) is Removal.TERMINATED
            text = _("%(name)s is in no list any more.", name=name) if kept else _("%(name)s is removed.", name=name)
            return done(text, ".index")
    users = queries.users(contact.id)
    return render("contacts/contact_remove.html", form=form, contact=contact, users=users)


def page_of(contact: Contact, *, editing: str = "", form: ContactSection | None = None, **context: Any) -> Response:
    """`editing`: the section that `form` stands in."""
    history = audit.history([contact.public_id], LATEST)
    return render(
        "contacts/contact.html",
        contact=contact,
        users=queries.users(contact.id),
        editing=editing,
        form=form,
        edits=me().can(P.CONTACTS_EDIT),
        country=countries(i18n.current()).get(contact.country or ""),
        iban=grouped(contact.iban or ""),
        place=zones.place_of(contact.time_zone) if contact.time_zone else None,
        came_back=queries.returned(contact.email) if request.method == "GET" else None,
        history=told(history.entries, reader=me().public_id, home_cc=tenant().home.cc),
        **context,
    )

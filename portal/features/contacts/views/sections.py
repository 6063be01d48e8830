"""The sections of a contact: each is edited in place and saves on its own."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.contacts import operations, queries
from portal.features.contacts.forms import AddressForm, BankForm, ContactSection, NotesForm, PersonForm, PhonesForm
from portal.features.contacts.models import Contact
from portal.features.contacts.views.contacts import LIST, page_of
from portal.features.contacts.views.door import bp
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant


@bp.route("/contacts/<public_id:contact_id>/person", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def person(contact_id: PublicId) -> Response:
    return _edit(contact_id, PersonForm(), "person")


@bp.route("/contacts/<public_id:contact_id>/address", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def address(contact_id: PublicId) -> Response:
    return _edit(contact_id, AddressForm(), "address")


@bp.route("/contacts/<public_id:contact_id>/phones", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def phones(contact_id: PublicId) -> Response:
    return _edit(contact_id, PhonesForm(), "phones")


@bp.route("/contacts/<public_id:contact_id>/bank", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def bank(contact_id: PublicId) -> Response:
    return _edit(contact_id, BankForm(), "bank")


@bp.route("/contacts/<public_id:contact_id>/notes", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTACTS_EDIT)
def remarks(contact_id: PublicId) -> Response:
    return _edit(contact_id, NotesForm(), "remarks")


def _edit(contact_id: PublicId, form: ContactSection, editing: str) -> Response:
    contact = queries.contact(contact_id)
    form.offer_places(tenant().time_zone)
    if request.method == "GET":
        form.show(form.stored(contact), contact.version)
        return page_of(contact, editing=editing, form=form)
    form.settle()
    if not form.validate_on_submit():
        return page_of(contact, editing=editing, form=form)

    def save(contact: Contact, version: int) -> object:
        return operations.change_contact(by=me(), contact=contact, version=version, **form.facts)

    clashes = saved(form, contact, save, lambda: _again(contact, form))
    if clashes:
        return _conflict(contact_id, form, editing, clashes)
    if not form.summary:
        return done(_("Saved."), ".show", contact_id=contact_id, _anchor=editing)
    return page_of(queries.contact(contact_id), editing=editing, form=form)


def _again(contact: Contact, form: ContactSection) -> tuple[Contact, Values, int]:
    fresh = queries.hold(contact)
    return fresh, form.stored(fresh), fresh.version


def _conflict(contact_id: PublicId, form: ContactSection, editing: str, clashes: tuple[str, ...]) -> Response:
    contact = queries.contact(contact_id)
    theirs = form.stored(contact)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, contact.version)
    last = audit.history([contact_id], 1).entries
    return page_of(contact, editing=editing, form=form, status=409, clashes=rows, last=last[0] if last else None)

"""The sections of a contact: each is edited in place and saves on its own."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.contacts import operations, queries
from portal.features.contacts.forms import AddressForm, BankForm, ContactSection, NotesForm, PersonForm, PhonesForm
from portal.features.contacts.models import Contact
from portal.features.contacts.views.contacts import LIST, page_of
from portal.features.contacts.views.door import bp
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Section, edit
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
    form.offer_places(tenant().time_zone)

    def save(contact: Contact, version: int) -> object:
        return operations.change_contact(by=me(), contact=contact, version=version, **form.facts)

    contact = queries.contact(contact_id)
    section = Section(
        read=lambda: queries.hold(contact),
        stored=lambda contact: (form.stored(contact), contact.version),
        save=save,
        show=lambda contact, **more: page_of(contact, editing=editing, form=form, **more),
        last=lambda: last_change(contact_id),
        done=lambda: done(_("Saved."), ".show", contact_id=contact_id, _anchor=editing),
    )
    return edit(form, contact, section)

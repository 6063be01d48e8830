"""The sections of a customer: each is edited in place and saves on its own."""

from collections.abc import Callable

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound, Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.contacts import queries as contacts
from portal.features.contacts.models import Contact
from portal.features.customers import operations, queries
from portal.features.customers.forms import (
    BasicsForm,
    BillingForm,
    CustomerSection,
    DefaultsForm,
    LimitsForm,
    RangeForm,
    ServiceForm,
)
from portal.features.customers.queries import Sheet
from portal.features.customers.views.door import LIST, MOST_DOMAINS, bp
from portal.features.customers.views.sheet import page
from portal.features.resellers import queries as resellers
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done

OFFERED = 8
Save = Callable[[Sheet, int], object]


@bp.route("/customers/<public_id:customer_id>/basics", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def basics(customer_id: PublicId) -> Response:
    sheet, form = _living(customer_id), BasicsForm()
    found = contacts.found(sheet.customer.reseller_id, form.who.data, OFFERED) if form.who.data else []
    form.offer(sheet, found)
    if form.is_submitted() and ("find" in request.form or (form.who.data and form.contact.data == sheet.contact.public_id)):
        form.who.errors = [_("Choose which one is meant.") if found else _("No contact begins like that.")]
        return page(sheet, editing="basics", form=form)

    def save(sheet: Sheet, version: int) -> object:
        contact = _contact(form, sheet)
        texts = {"name": form.name.data, "external_id": form.external_id.data}
        return operations.change_basics(
            by=me(), customer=sheet.customer, version=version, was=sheet.contact, contact=contact, **texts
        )

    return _edit(sheet, form, "basics", save)


def _contact(form: BasicsForm, sheet: Sheet) -> Contact:
    if form.wanted in {None, sheet.contact.public_id}:
        return sheet.contact
    try:
        return contacts.contact(PublicId(str(form.wanted)))
    except NotFound:
        raise Refused("contact-gone", field="who") from None


@bp.route("/customers/<public_id:customer_id>/limits", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def limits(customer_id: PublicId) -> Response:
    form = LimitsForm()

    def save(sheet: Sheet, version: int) -> object:
        numbers = {"max_subscribers": form.max_subscribers.data, "max_calls": form.max_calls.data}
        return operations.change_limits(by=me(), customer=sheet.customer, version=version, **numbers)

    return _edit(_living(customer_id), form, "limits", save)


@bp.route("/customers/<public_id:customer_id>/extension-range", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def extension_range(customer_id: PublicId) -> Response:
    sheet, form = _living(customer_id), RangeForm()
    if not sheet.cloudpbx:
        raise NotFound

    def save(sheet: Sheet, version: int) -> object:
        bounds = {name: form.bound(name) for name in form.EDITED}
        return operations.change_range(by=me(), customer=sheet.customer, version=version, **bounds)

    return _edit(sheet, form, "range", save)


@bp.route("/customers/<public_id:customer_id>/billing", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_BILLING)
def billing(customer_id: PublicId) -> Response:
    form = BillingForm()

    def save(sheet: Sheet, version: int) -> object:
        facts = {"add_vat": form.add_vat.data, "vat_rate": form.vat_rate.rate, "send_invoice": form.send_invoice.data}
        return operations.change_billing(by=me(), customer=sheet.customer, version=version, **facts)

    return _edit(_living(customer_id), form, "billing", save)


@bp.route("/customers/<public_id:customer_id>/service", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def service(customer_id: PublicId) -> Response:
    sheet, form = _living(customer_id), ServiceForm()
    classes = queries.service_classes(sheet.customer.reseller_id)
    form.offer(classes, queries.above().profiles(sheet.customer.id) if sheet.cloudpbx else [])

    def save(sheet: Sheet, version: int) -> object:
        chosen = next((one.service_class for one in classes if one.service_class.public_id == form.service_class.data), None)
        profile = PublicId(form.profile.data) if PATTERN.fullmatch(form.profile.data or "") else None
        return operations.change_service(
            by=me(), customer=sheet.customer, version=version, service_class=chosen, was=sheet.service_class, profile=profile
        )

    return _edit(sheet, form, "service", save)


@bp.route("/customers/<public_id:customer_id>/defaults", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def defaults(customer_id: PublicId) -> Response:
    sheet, form = _living(customer_id), DefaultsForm()
    domains = resellers.domains_of(sheet.customer.reseller_id, most=MOST_DOMAINS)
    form.offer(domains, sheet.reseller.languages)

    def save(sheet: Sheet, version: int) -> object:
        domain = next((one for one in domains if one.public_id == form.domain.data), None)
        return operations.change_defaults(
            by=me(), customer=sheet.customer, version=version, domain=domain, was=sheet.domain, **form.facts
        )

    return _edit(sheet, form, "defaults", save)


def _living(customer_id: PublicId) -> Sheet:
    """Of one that has ended nothing is changed any more."""
    sheet = queries.sheet(customer_id)
    if sheet.ended:
        raise NotFound
    return sheet


def _edit(sheet: Sheet, form: CustomerSection, editing: str, save: Save) -> Response:
    customer_id = sheet.customer.public_id
    section = Section(
        read=lambda: queries.sheet(customer_id),
        stored=lambda sheet: (form.stored(sheet), sheet.customer.version),
        save=save,
        show=lambda sheet, **more: page(sheet, editing=editing, form=form, **more),
        last=lambda: last_change(customer_id),
        done=lambda: done(_("Saved."), ".show", customer_id=customer_id, _anchor=editing),
    )
    return edit(form, sheet, section)

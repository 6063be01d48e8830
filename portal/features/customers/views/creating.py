"""A new customer: first what is sold, then one short form."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.contacts import operations as contact_operations, queries as contacts
from portal.features.contacts.models import Contact
from portal.features.contacts.queries import ListedContact
from portal.features.contacts.rules import country_of, standard_rate
from portal.features.customers import operations, queries
from portal.features.customers.forms import NewForm
from portal.features.customers.forms.fields import NEW
from portal.features.customers.models import Customer, Kind, ServiceClass, Status
from portal.features.customers.rules import FORMS, KIND_DEFAULTS, KIND_TEXTS, slug
from portal.features.customers.views.door import LIST, MOST_DOMAINS, bp
from portal.features.resellers import queries as resellers
from portal.features.resellers.models import SipDomain
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

OFFERED = 8  # contacts to choose one of


@bp.get("/customers/new")
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def kinds() -> Response:
    wanted = request.args.get("contact", "")
    kept = {"contact": wanted} if ids.PATTERN.fullmatch(wanted) else {}
    return render("customers/kinds.html", kinds=KIND_TEXTS, slug=slug, kept=kept)


@bp.route("/customers/new/<customer_kind>", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def create(customer_kind: str) -> Response:
    kind = FORMS.get(customer_kind)
    if kind is None:
        raise NotFound
    form = NewForm()
    _begin_with_contact(form)
    found = _found(form)
    classes, domains = queries.service_classes(_own()), resellers.domains_of(_own(), most=MOST_DOMAINS)
    form.offer(classes, domains, found)
    usual = next((one.service_class.public_id for one in classes if kind in one.kinds), "")
    form.start_with(KIND_DEFAULTS[kind], standard_rate(country_of(tenant().home.cc)), usual)
    if not form.searches and form.validate_on_submit():
        with form.refusals():
            chosen_class = next(
                (one.service_class for one in classes if one.service_class.public_id == form.service_class.data), None
            )
            domain = next((one for one in domains if one.public_id == form.domain.data), None)
            made = _make(form, kind, found, chosen_class, domain)
            return done(_("%(name)s is added.", name=made.name), ".show", customer_id=made.public_id)
    if form.searches or (form.is_submitted() and not form.contact.data and len(found) != 1):
        form.say_who(found)
    billing = me().can(P.CUSTOMERS_BILLING)
    return render("customers/customer_new.html", form=form, kind=KIND_TEXTS[kind], found=found, billing=billing)


def _own() -> int:
    return me().reseller_id or 0


def _begin_with_contact(form: NewForm) -> None:
    """Somebody comes from the page of a contact."""
    wanted = request.args.get("contact", "")
    if not form.is_submitted() and ids.PATTERN.fullmatch(wanted):
        contact = contacts.contact(PublicId(wanted))
        form.who.data, form.contact.data = contact.email, contact.public_id


def _found(form: NewForm) -> Sequence[ListedContact]:
    if not form.who.data:
        return []
    every = contacts.found(_own(), form.who.data, OFFERED)
    return [one for one in every if one.email.lower() == form.address.lower()] if form.address else every


def _make(
    form: NewForm, kind: Kind, found: Sequence[ListedContact], service_class: ServiceClass | None, domain: SipDomain | None
) -> Customer:
    return operations.create_customer(
        by=me(),
        contact=_contact(form, kind, found),
        name=form.name.data,
        kind=kind,
        external_id=form.external_id.data,
        max_subscribers=form.max_subscribers.data,
        max_calls=form.max_calls.data,
        status=Status(form.status.data),
        service_class=service_class,
        domain=domain,
        **_billing(form),
    )


def _billing(form: NewForm) -> dict[str, Any]:
    """Whoever sees nothing of taxes leaves them as they are usual."""
    if not me().can(P.CUSTOMERS_BILLING):
        return {}
    return {"add_vat": form.add_vat.data, "vat_rate": form.vat_rate.rate, "send_invoice": form.send_invoice.data}


def _contact(form: NewForm, kind: Kind, found: Sequence[ListedContact]) -> Contact:
    """The one that was chosen, the only one that is meant, or a new one. Raises Refused at the field “who”."""
    chosen = form.contact.data or (found[0].public_id if len(found) == 1 else "")
    if ids.PATTERN.fullmatch(chosen):
        return contacts.contact(PublicId(chosen))
    if form.address and (chosen == NEW or not found):
        facts = form.facts_of_contact(kind)
        return contact_operations.create_contact(by=me(), reseller_id=_own(), email=form.address, **facts)
    raise Refused("contact-choice", field="who")

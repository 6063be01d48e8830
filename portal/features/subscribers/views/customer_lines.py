"""The lines of one customer, and a new one of the kind that the customer has."""

import json

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.core.phone import Home
from portal.features.customers import queries as customers
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.numbers import rules as numbers
from portal.features.resellers import queries as resellers
from portal.features.resellers.models import SipDomain
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import NewLineForm, NewPilotForm, NewTrunkForm
from portal.features.subscribers.forms.lines import LineForm
from portal.features.subscribers.models import Kind
from portal.features.subscribers.operations import Draft, NewLine
from portal.features.subscribers.queries import LineFilters
from portal.features.subscribers.rules import LOCK_WORDS, check_external_id, next_hop
from portal.features.subscribers.views.door import PLACE, bp, suggested_numbers, within
from portal.features.subscribers.views.words import KIND_WORDS
from portal.web import once
from portal.web.access import requires
from portal.web.listing import Query, page_of, read_query
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

MOST_DOMAINS = 200


@bp.get("/customers/<public_id:customer_id>/lines")
@within(PLACE)
@requires(P.LINES_VIEW)
def lines(customer_id: PublicId) -> AnyResponse:
    customer = customers.customer(customer_id)
    facts = queries.line_facts(customer)
    query = _asked(customer_id)
    kind = query.values.get("kind")
    filters = LineFilters(query.words, Kind(kind) if kind else None, "locked" in query.values)
    home = home_of(facts.domain)
    query, page = page_of(query, lambda asked: queries.line_page(customer.id, filters, home, **asked.window))
    return render(
        "subscribers/lines.html",
        customer=customer,
        tab="lines",
        facts=facts,
        query=query,
        page=page,
        filters=filters,
        kinds=KIND_WORDS,
        lock_words=LOCK_WORDS,
    )


def _asked(customer_id: PublicId) -> Query:
    found = read_query("subscribers.lines", sorts=queries.STAFF_SORTS, filters={"kind": list(Kind), "locked": ("1",)})
    return Query(found.endpoint, {**found.values, "customer_id": customer_id}, found.usual_sort)


def home_of(domain: SipDomain | None) -> Home:
    return Home(domain.cc, domain.ac) if domain else tenant().home


@bp.route("/customers/<public_id:customer_id>/lines/new", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT, in_person=True)
def new_line(customer_id: PublicId) -> AnyResponse:
    customer = customers.customer(customer_id)
    kind = _kind_for(customer)
    if kind is Kind.EXTENSION:
        return redirect(url_for("pbx.new_extension", customer_id=customer_id), code=303)
    by_address = kind is Kind.TRUNK and request.args.get("way") == "address"
    domains = resellers.domains_of(customer.reseller_id, most=MOST_DOMAINS)
    form = _form(kind).offer(domains, customer.domain_id, tenant().languages)
    if form.validate_on_submit():
        with form.refusals():
            return _added(_created(customer, kind, form, _domain(form), by_address=by_address), form)
    return render(
        "subscribers/new_line.html",
        customer=customer,
        form=form,
        kind=kind,
        by_address=by_address,
        suggested=suggested_numbers(customer.reseller_id),
    )


def _kind_for(customer: Customer) -> Kind:
    """What the next line of a customer is."""
    if customer.kind == CustomerKind.TRUNK:
        return Kind.TRUNK
    if customer.kind == CustomerKind.CLOUDPBX:
        return Kind.EXTENSION if queries.has_pilot(customer.id) else Kind.PILOT
    return Kind.REGULAR


def _form(kind: Kind) -> LineForm:
    if kind is Kind.TRUNK:
        return NewTrunkForm().offer_protocols()
    return NewPilotForm() if kind is Kind.PILOT else NewLineForm()


def _domain(form: LineForm) -> SipDomain:
    chosen = str(form.domain.data)
    if not PATTERN.fullmatch(chosen):
        raise NotFound
    return resellers.domain(PublicId(chosen))


def _created(customer: Customer, kind: Kind, form: LineForm, domain: SipDomain, *, by_address: bool) -> NewLine:
    draft = Draft(
        kind=kind,
        username=operations.choose_username(domain.id, form.username.data, form.display_name.data or ""),
        display_name=form.display_name.data or "",
        email=form.email.data or None,
        invite=bool(form.email.data),
        language=form.language.data or None,
        time_zone=form.time_zone.data or None,
        external_id=check_external_id(form.external_id.data),
        max_calls=form.max_calls.data,
        portal=kind is not Kind.TRUNK or bool(form.email.data),
        next_hop=next_hop(form.next_hop.data or "") if by_address and isinstance(form, NewTrunkForm) else None,
    )
    number = numbers.number(form.number.data or "", Home(domain.cc, domain.ac))
    if kind is not Kind.TRUNK:
        return operations.create_line(by=me(), customer=customer, domain=domain, draft=draft, number=number)
    sources = form.addresses if by_address and isinstance(form, NewTrunkForm) else []
    return operations.create_trunk(by=me(), customer=customer, domain=domain, draft=draft, number=number, sources=sources)


def _added(new: NewLine, form: LineForm) -> AnyResponse:
    line = new.subscriber
    if line.next_hop is None:
        once.keep("line", json.dumps({"sip": new.sip_password}), subject=line.public_id)
    text = _("%(name)s is added.", name=line.display_name)
    if form.email.data:
        text = _("%(name)s is added, and invited by mail to %(email)s.", name=line.display_name, email=form.email.data)
    return done(text, ".line", staff_line_id=line.public_id)

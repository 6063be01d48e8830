"""A new CloudPBX customer: kept while somebody goes through its steps, checked at each, made in one go."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete

from portal.core import clock, db
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.phone import Home, Parts
from portal.features.contacts import operations as contacts, queries as contact_queries
from portal.features.contacts.models import Contact
from portal.features.customers import operations as customers, rules as customer_rules
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.numbers import operations as numbers
from portal.features.pbx.models import CompanyDraft
from portal.features.pbx.queries import wizard as queries
from portal.features.pbx.rules import wizard as rules
from portal.features.resellers import operations as resellers, queries as reseller_queries, rules as reseller_rules
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.subscribers import operations as subscribers, rules as subscriber_rules
from portal.features.subscribers.models import Kind
from portal.features.subscribers.operations import Draft, NewLine

Values = Mapping[str, Any]
MADE = "made"


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What the company is to be. One of `contact` and `contact_facts`, one of `domain` and `new_domain`."""

    name: str
    external_id: str | None
    contact: Contact | None
    contact_facts: Mapping[str, Any]
    domain: SipDomain | None
    new_domain: str | None
    host: str | None
    pilot_name: str
    pilot_email: str
    username: str | None
    base: Parts
    further: Sequence[Parts]
    extension_min: int | None
    extension_max: int | None
    max_subscribers: int | None
    max_calls: int | None


@dataclass(frozen=True)
class Made:
    customer: Customer
    pilot: NewLine
    host: WebHost | None


# --- on the way ----------------------------------------------------------------------------------------------------------


def begin_draft(*, by: Identity, values: Values) -> CompanyDraft:
    """The first step is done. Those of this person that are too old go. Raises Refused when there are too many."""
    now, account_id, reseller_id = clock.now(), by.account_id or 0, by.reseller_id or 0
    old = CompanyDraft.account_id == account_id, CompanyDraft.expires_at <= now
    db.session().execute(delete(CompanyDraft).where(*old))
    if queries.drafts_of(account_id, now) >= rules.MOST_DRAFTS:
        raise Refused("drafts-full", most=rules.MOST_DRAFTS)
    draft = CompanyDraft(
        reseller_id=reseller_id,
        account_id=account_id,
        values={rules.Step.CUSTOMER.value: dict(values)},
        created_at=now,
        changed_at=now,
        expires_at=now + rules.DRAFTS_KEPT,
    )
    db.session().add(draft)
    db.session().flush()
    return draft


def keep_step(*, draft: CompanyDraft, step: rules.Step, values: Values) -> CompanyDraft:
    """What was typed in a step stands in the draft."""
    draft = queries.hold_draft(draft)
    now = clock.now()
    draft.values = {**draft.values, step.value: dict(values)}
    draft.changed_at, draft.expires_at = now, now + rules.DRAFTS_KEPT
    db.session().flush()
    return draft


def drop_draft(*, draft: CompanyDraft) -> None:
    db.session().delete(queries.hold_draft(draft))
    db.session().flush()


# --- the checks of a step, which the end makes again -----------------------------------------------------------------------


def check_customer(name: str, external_id: str | None) -> None:
    customer_rules.check_name(name)
    customer_rules.check_external_id(external_id)


def check_domain(reseller_id: int, domain: SipDomain | None, new_domain: str | None, host: str | None) -> None:
    if domain is None and not new_domain:
        raise Refused("company-domain", field="new_domain")
    if new_domain:
        name = reseller_rules.domain_name(new_domain, field="new_domain")
        if reseller_queries.has_domain(name, reseller_id):
            raise Refused("domain-yours", field="new_domain")
        if reseller_queries.elsewhere(name, reseller_id, as_domain=True):
            raise Refused("domain-taken", field="new_domain")
    if host:
        name = reseller_rules.host_name(host, field="host")
        if reseller_queries.has_host(name, reseller_id):
            raise Refused("host-yours", field="host")
        if reseller_queries.elsewhere(name, reseller_id, as_domain=False):
            raise Refused("host-taken", field="host")


def check_pilot(domain: SipDomain | None, name: str, email: str, username: str | None) -> None:
    subscriber_rules.check_name(name)
    if not email:
        raise Refused("company-email", field="pilot_email")
    if domain is not None:
        subscribers.free_username(domain.id, subscribers.choose_username(domain.id, username, name))
    else:
        subscriber_rules.check_username(username or subscriber_rules.username_from(name))


def check_numbers(reseller_id: int, base: Parts, further: Sequence[Parts]) -> None:
    """Whether they could be given now; nothing is taken yet."""
    if base.digits in {one.digits for one in further}:
        raise Refused("company-base-twice", field="numbers")
    numbers.check_free(reseller_id=reseller_id, parts=[base], field="number")
    if further:
        numbers.check_free(reseller_id=reseller_id, parts=further, field="numbers")


def check_extensions(low: int | None, high: int | None, lines: int | None, calls: int | None) -> None:
    customer_rules.check_range(low, high)
    customer_rules.check_limits(lines, calls)


# --- the end -------------------------------------------------------------------------------------------------------------


def create_company(*, by: Identity, draft: CompanyDraft, plan: Plan, home: Home) -> Made:
    """Contact, SIP domain, host, customer, pilot and numbers, all or nothing; the pilot is invited by mail. The draft ends.

    Raises Refused: meanwhile somebody may have taken what was free when it was typed.
    """
    draft = queries.hold_draft(draft)
    if MADE in draft.values:
        raise Refused("company-made")
    reseller = reseller_queries.reseller(draft.reseller_id)
    check_pilot(plan.domain, plan.pilot_name, plan.pilot_email, plan.username)
    contact = _contact(by, plan, reseller.id)
    domain = _domain(by, plan, reseller, home)
    host = resellers.add_host(by=by, reseller=reseller, host=plan.host, domain=domain, title=plan.name) if plan.host else None
    customer = customers.create_customer(
        by=by,
        contact=contact,
        name=plan.name,
        kind=CustomerKind.CLOUDPBX,
        external_id=plan.external_id,
        max_subscribers=plan.max_subscribers,
        max_calls=plan.max_calls,
        extension_min=plan.extension_min,
        extension_max=plan.extension_max,
        domain=domain,
    )
    pilot = _pilot(by, plan, customer, domain)
    if plan.further:
        numbers.add_numbers(by=by, customer=customer, holder_id=pilot.subscriber.id, parts=plan.further, field="numbers")
    draft.values = {MADE: customer.public_id}  # whoever presses twice is led to what was made
    db.session().flush()
    return Made(customer, pilot, host)


def _contact(by: Identity, plan: Plan, reseller_id: int) -> Contact:
    if plan.contact is not None:
        return contact_queries.hold(plan.contact)
    return contacts.create_contact(by=by, reseller_id=reseller_id, **plan.contact_facts)


def _domain(by: Identity, plan: Plan, reseller: Reseller, home: Home) -> SipDomain:
    if plan.domain is not None:
        return plan.domain
    return resellers.add_domain(
        by=by,
        reseller=reseller,
        domain=plan.new_domain or "",
        languages=reseller_rules.offered(reseller.languages),
        time_zone=reseller.time_zone,
        cc=plan.base.cc,
        ac=plan.base.ac or home.ac,
    )


def _pilot(by: Identity, plan: Plan, customer: Customer, domain: SipDomain) -> NewLine:
    draft = Draft(
        kind=Kind.PILOT,
        username=subscribers.choose_username(domain.id, plan.username, plan.pilot_name),
        display_name=plan.pilot_name,
        email=plan.pilot_email,
        invite=True,
    )
    return subscribers.create_line(by=by, customer=customer, domain=domain, draft=draft, number=plan.base)

"""Signing in by the provider of a reseller: there and back, once, in one browser."""

import hmac
import secrets as random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import structlog

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.lines import one_line
from portal.core.permissions import Role
from portal.core.tenancy import Tenant
from portal.features.accounts import mails, queries, rules
from portal.features.accounts.models import Account, Method, Provider, ProviderSubject, Status
from portal.features.accounts.operations import ceremonies
from portal.features.accounts.operations.confirming import confirm
from portal.features.accounts.operations.entering import Entered, Visit, as_actor, enter
from portal.features.accounts.operations.life import open_staff_account
from portal.features.accounts.operations.viewing import check_alone
from portal.gateways.oidc import Answer, Gateway, Person, Registration, Trouble, Why

KIND = "provider"
SAID = {Why.DOWN: "provider-down", Why.REFUSED: "provider-refused", Why.STALE: "provider-stale"}
log = structlog.get_logger()


@dataclass(frozen=True)
class Returned:
    """Somebody who came back, and is `person` at the provider. `confirms`: the session in which they prove to be who they are."""

    provider: Provider
    person: Person
    goal: str
    confirms: int | None


def visit_provider(
    *,
    tenant: Tenant,
    address: str,
    gateway: Gateway,
    browser: str,
    back: str,
    goal: str,
    anew: bool = False,
    confirming: Identity | None = None,
) -> str:
    """Where the browser goes to be asked who it is. `browser` is what it can show later, `back` is where it returns to.

    `anew`: the provider asks again, whoever is signed in there. `confirming`: so that this person proves to be who they are.
    In units of work of its own: no connection waits for the provider. Raises NotFound without a provider, and Refused.
    """
    if confirming is not None:
        check_alone(confirming)
    provider = _provider_of(tenant)
    secret = {"nonce": random.token_urlsafe(32), "verifier": random.token_urlsafe(64)}
    confirms = confirming.session_id if confirming else None
    since = clock.now().isoformat() if confirming else None
    payload = {**secret, "browser": browser, "back": back, "goal": goal, "issuer": provider.issuer, "confirms": confirms}
    payload["since"] = since
    try:
        state = ceremonies.begin(KIND, tenant=tenant, address=address, payload=payload, lifetime=rules.BACK_WITHIN)
        gateway.discover(provider.issuer, fresh=True)  # that it is down is found out here, not by the browser
        return gateway.address(_registration(provider), back=back, state=state, anew=anew or confirming is not None, **secret)
    except Trouble as trouble:
        raise _refused(provider, trouble) from trouble


def return_from_provider(*, tenant: Tenant, gateway: Gateway, params: Mapping[str, str], browser: str | None) -> Returned:
    """What the provider says, when it is an answer to what this browser began at this host a moment ago.

    In units of work of its own, as above. Raises Refused; NotFound when the reseller has no provider any more.
    """
    begun = ceremonies.finish(KIND, tenant=tenant, key=params.get("state", ""))
    if begun is None or browser is None or not hmac.compare_digest(begun["browser"], browser):
        raise Refused("provider-again")
    provider = _provider_of(tenant)
    if provider.issuer != begun["issuer"]:
        raise Refused("provider-again")
    since = datetime.fromisoformat(begun["since"]) if begun["since"] else None
    answer = Answer(params=params, back=begun["back"], nonce=begun["nonce"], verifier=begun["verifier"], since=since)
    try:
        person = gateway.person(_registration(provider), answer)
    except Trouble as trouble:
        raise _refused(provider, trouble) from trouble
    return Returned(provider, person, begun["goal"], begun["confirms"])


def enter_from_provider(*, visit: Visit, returned: Returned) -> Entered:
    """Signs in whose identity this is. Raises Refused, the same for whoever has no account, a locked one, or too many."""
    account = queries.linked_account(returned.provider.id, returned.person.subject)
    if account is None:
        account = _newcomer(visit, returned)
    if account.status != Status.ACTIVE:
        raise Refused("provider-unknown")
    return enter(visit=visit, account=account, method=Method.PROVIDER)


def confirm_from_provider(*, by: Identity | None, returned: Returned, token_hash: bytes) -> datetime:
    """The session goes on under another token; returns until when at the latest. Raises Refused for somebody else."""
    if by is None or by.session_id != returned.confirms:
        raise Refused("provider-again")
    known = queries.linked_account(returned.provider.id, returned.person.subject)
    if known is None or known.id != by.account_id:
        raise Refused("provider-somebody-else", provider=returned.provider.name)
    return confirm(by=by, token_hash=token_hash)


def _newcomer(visit: Visit, returned: Returned) -> Account:
    """Who is here with this identity for the first time: found by an address that is surely theirs, or made if allowed."""
    provider, person = returned.provider, returned.person
    queries.hold_provider(provider.id)
    known = queries.linked_account(provider.id, person.subject)
    if known is not None:
        return known
    address = rules.matching_address(person.email, verified=person.email_verified)
    having = queries.having_address(visit.tenant.reseller_id, address) if address else []
    active = [account for account in having if account.status == Status.ACTIVE]
    if len(active) == 1 and not queries.is_linked(provider.id, active[0].id):  # else somebody else has this address by now
        _link(visit, provider, person, active[0])
        mails.provider_linked(active[0], provider=provider.name, at=clock.now())
        return active[0]
    if address is None or having or not rules.opens(provider.opens_for, address):
        raise Refused("provider-unknown")
    made = _open(visit, provider, person, address)
    _link(visit, provider, person, made)
    return made


def _open(visit: Visit, provider: Provider, person: Person, address: str) -> Account:
    by = Identity.system(provider.name, reseller_id=provider.reseller_id, address=visit.address)
    name = one_line(person.name or "")[: rules.LONGEST_PERSON] or address
    return open_staff_account(by=by, reseller_id=provider.reseller_id, role=Role.CARE, email=address, name=name)


def _link(visit: Visit, provider: Provider, person: Person, account: Account) -> None:
    db.session().add(
        ProviderSubject(
            reseller_id=account.reseller_id,
            customer_id=account.customer_id,
            account_id=account.id,
            provider_id=provider.id,
            subject=person.subject,
            created_at=clock.now(),
        ),
    )
    by = as_actor(account, visit.address)
    audit.record(Event.PROVIDER_LINKED, by=by, subject=account.public_id, label=account.name, provider=provider.name)


def _provider_of(tenant: Tenant) -> Provider:
    with db.unit_of_work(tenant.scope, read_only=True) as session:
        found = queries.provider(tenant.reseller_id)
        session.expunge_all()
    if found is None:
        raise NotFound
    return found


def _registration(provider: Provider) -> Registration:
    return Registration(provider.issuer, provider.client_id, provider.client_secret)


def farewell(*, tenant: Tenant, gateway: Gateway, back: str) -> tuple[str, str] | None:
    """The name of the provider, and where to sign out there too; None where that is not known. Nobody is asked: anybody may."""
    try:
        provider = _provider_of(tenant)
    except NotFound:
        return None
    url = gateway.farewell(_registration(provider), back=back)
    return (provider.name, url) if url else None


def _refused(provider: Provider, trouble: Trouble) -> Refused:
    log.warning("single sign-on", issuer=provider.issuer, why=str(trouble.why), trouble=trouble.detail, found=trouble.found)
    return Refused(SAID.get(trouble.why, "provider-untrusted"), provider=provider.name)

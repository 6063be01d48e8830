"""What a reseller asks of those who sign in, and its provider for single sign-on."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from portal.core import audit, db
from portal.core.audit import CHANGED, Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.features.accounts import queries, rules
from portal.features.accounts.models import Provider, ProviderSubject, SignInRules
from portal.features.accounts.operations.viewing import check_alone
from portal.gateways.oidc import Discovered, Gateway, Trouble, Why

Change = tuple[Any, Any]
SAID = {Why.DOWN: "issuer-down", Why.ADDRESS: "issuer-address", Why.ISSUER: "issuer-other"}
NEW = 0  # the version of what nobody has stored yet


def change_factor_groups(*, by: Identity, reseller_id: int, version: int, groups: Collection[str]) -> SignInRules:
    """Whose accounts need a second factor. Raises Conflict."""
    held = _held(by, reseller_id, version)
    was = rules.groups_of(held.factor_roles)
    held.factor_roles = rules.roles_of(groups)
    _record(by, held, {"factor_roles": (was, rules.groups_of(held.factor_roles))})
    return held


def change_password_days(*, by: Identity, reseller_id: int, version: int, days: int | None) -> SignInRules:
    """How old a web password may get; None: as old as it likes. Raises Conflict."""
    held = _held(by, reseller_id, version)
    was, held.password_days = held.password_days, days
    _record(by, held, {"password_days": (was, days)})
    return held


def _held(by: Identity, reseller_id: int, version: int) -> SignInRules:
    check_alone(by)
    first = insert(SignInRules).values(reseller_id=reseller_id, factor_roles=[], version=1)
    made = db.session().scalar(first.on_conflict_do_nothing().returning(SignInRules.version))
    stored = select(SignInRules).where(SignInRules.reseller_id == reseller_id).with_for_update()
    held = db.session().scalars(stored.execution_options(populate_existing=True)).one()
    if held.version != version and not (made and version == NEW):
        raise Conflict(held.version)
    return held


def _record(by: Identity, held: SignInRules, changes: Mapping[str, Change]) -> None:
    changed: dict[str, Any] = {name: change for name, change in changes.items() if change[0] != change[1]}
    if changed:
        audit.record(Event.SIGN_IN_RULES_CHANGED, by=by, reseller_id=held.reseller_id, **changed)
    db.session().flush()


def change_provider(
    *,
    by: Identity,
    reseller_id: int,
    version: int,
    gateway: Gateway,
    name: str,
    issuer: str,
    client_id: str,
    client_secret: str | None,
    opens_for: str | None,
    active: bool,
) -> Provider:
    """`client_secret`: None keeps what is stored, but only for the provider that has given it.

    A provider that comes into use is asked first who it is. Raises Conflict, and Refused, at the field if there is one.
    """
    check_alone(by)
    if not rules.may_set_up(by.role, operator=queries.is_operators(reseller_id)):
        raise Refused("provider-of-operator")
    wanted: dict[str, Any] = {
        "name": name,
        "issuer": issuer,
        "client_id": client_id,
        "opens_for": rules.check_mail_domain(opens_for),
        "active": active,
    }
    provider = _stored(reseller_id)
    if provider is None or provider.issuer != issuer or (active and not provider.active):
        check_issuer(gateway, issuer)
    if provider is None:
        return _made(by, reseller_id, version, wanted, client_secret)
    _hold(provider, version)
    changes = {name: (getattr(provider, name), value) for name, value in wanted.items() if getattr(provider, name) != value}
    if "issuer" in changes:
        _move(provider, client_secret)
    for field, (_was, now) in changes.items():
        setattr(provider, field, now)
    if client_secret:
        provider.client_secret = client_secret
    _record_provider(by, provider, changes, secret=bool(client_secret))
    return provider


def check_issuer(gateway: Gateway, issuer: str) -> Discovered:
    """What a provider says of itself. Raises Refused at the field “issuer” unless it answers there, and is what is expected."""
    try:
        return gateway.check(issuer)
    except Trouble as trouble:
        raise Refused(SAID.get(trouble.why, "issuer-document"), field="issuer", found=trouble.found) from trouble


def _stored(reseller_id: int) -> Provider | None:
    return db.session().scalars(select(Provider).where(Provider.reseller_id == reseller_id)).first()


def _hold(provider: Provider, version: int) -> None:
    db.session().refresh(provider, with_for_update=True)
    if provider.version != version:
        raise Conflict(provider.version)


def _made(by: Identity, reseller_id: int, version: int, wanted: Mapping[str, Any], client_secret: str | None) -> Provider:
    if version != NEW:
        raise Conflict(NEW)
    if not client_secret:
        raise Refused("client-secret", field="client_secret")
    provider = Provider(reseller_id=reseller_id, client_secret=client_secret, **wanted)
    db.session().add(provider)
    _record_provider(by, provider, {name: (None, value) for name, value in wanted.items()}, secret=True)
    return provider


def _move(provider: Provider, client_secret: str | None) -> None:
    """To another provider: it must not be shown the secret of the one before, and its people are not those of the one before."""
    if not client_secret:
        raise Refused("client-secret-again", field="client_secret")
    db.session().execute(delete(ProviderSubject).where(ProviderSubject.provider_id == provider.id))


def _record_provider(by: Identity, provider: Provider, changes: Mapping[str, Change], *, secret: bool) -> None:
    details: dict[str, Any] = {**changes, **({"client_secret": CHANGED} if secret else {})}
    if details:
        audit.record(Event.SINGLE_SIGN_ON_CHANGED, by=by, reseller_id=provider.reseller_id, label=provider.name, **details)
    db.session().flush()

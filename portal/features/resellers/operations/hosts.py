"""The life of a web host. It answers once it is proved whose it is."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.core import audit, clock, db, outbox
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.resellers import queries, rules
from portal.features.resellers.models import Reseller, SipDomain, WebHost
from portal.features.resellers.operations.sights import keep
from portal.features.resellers.rules import Points, Sight

LOOK = "look-at-host"


def add_host(
    *, by: Identity, reseller: Reseller, host: str, domain: SipDomain | None = None, title: str | None = None
) -> WebHost:
    """A web host; tied to a SIP domain, bare user names are of that domain. `title`: whose telephone system it is for.

    It answers once its owner is proved; for what the operator of the platform adds, that is not asked. A claim that is not proved
    keeps nobody else from it.
    """
    name = rules.host_name(host, field="host")
    if queries.has_host(name, reseller.id):
        raise Refused("host-yours", field="host")
    if queries.elsewhere(name, reseller.id, as_domain=False):
        raise Refused("host-taken", field="host")
    added = WebHost(
        reseller_id=reseller.id,
        host=name,
        domain_id=queries.own_domain(domain, reseller.id),
        title=rules.clean_title(title),
        proved_at=clock.now() if by.role in {None, Role.OPERATOR} else None,
    )
    db.session().add(added)
    db.session().flush()
    audit.record(Event.HOST_ADDED, by=by, subject=added.public_id, label=rules.readable(name), reseller_id=reseller.id)
    outbox.enqueue(LOOK, {"host": added.id, "turn": 0}, after=timedelta(seconds=rules.FIRST))
    return added


def change_host(*, by: Identity, host: WebHost, version: int, domain: SipDomain | None, title: str | None) -> WebHost:
    held = queries.hold_host(host.id)
    if held.version != version:
        raise Conflict(held.version)
    tied, title = queries.own_domain(domain, held.reseller_id), rules.clean_title(title)
    changed: dict[str, tuple[object, object]] = {}
    if title != held.title:
        changed["title"] = (held.title, title)
    if tied != held.domain_id:
        was = queries.domain_name(held.domain_id) if held.domain_id is not None else None
        changed["tied_domain"] = (was and rules.readable(was), rules.readable(domain.domain) if domain else None)
    held.title, held.domain_id = title, tied
    if changed:
        _record(Event.HOST_CHANGED, by, held, **changed)
        db.session().flush()
    return held


def remove_host(*, by: Identity, host: WebHost) -> None:
    """It answers no more, and anybody can claim it."""
    held = queries.hold_host(host.id)
    _record(Event.HOST_REMOVED, by, held)
    db.session().delete(held)
    db.session().flush()


@dataclass(frozen=True)
class Found:
    """What came of a look. `proved`: with this one."""

    proved: bool
    sight: Sight


def keep_host_sight(*, by: Identity, host: WebHost, sight: Sight) -> Found:
    """What was seen of it in the DNS; with its record there, it is proved from now on.

    A proved host whose record is gone goes on answering: people sign in there, and a record may be lost by mistake.
    Raises Refused when somebody else was proved first.
    """
    held, now = queries.hold_host(host.id), clock.now()
    proved = bool(sight.proof) and held.proved_at is None
    if proved and queries.elsewhere(held.host, held.reseller_id, as_domain=False):
        raise Refused("host-taken", field="host")
    values: dict[str, object] = {"checked_at": now}
    if sight.points is not Points.SILENT or not held.points:
        values["points"] = sight.points.value
    if sight.proof:
        values |= {"seen_at": now, "gone_at": None}
    elif sight.proof is False and held.seen_at is not None and held.gone_at is None:
        values["gone_at"] = now
    if proved:
        values["proved_at"] = now
    keep(WebHost, held.id, **values)
    if proved:
        _record(Event.HOST_PROVED, by, held)
    return Found(proved, sight)


def _record(event: Event, by: Identity, host: WebHost, **details: Any) -> None:
    label = rules.readable(host.host)
    audit.record(event, by=by, subject=host.public_id, label=label, reseller_id=host.reseller_id, **details)

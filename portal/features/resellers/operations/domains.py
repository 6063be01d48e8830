"""The life of a SIP domain."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from portal.core import audit, clock, db, outbox
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.features.resellers import queries, rules
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.resellers.operations.sights import keep
from portal.features.resellers.rules import Defaults, Sight

LOOK = "look-at-domain"
Change = tuple[object, object]
LetGo = Callable[[int], None]
_let_go: list[LetGo] = []


def install_let_go(let_go: LetGo) -> None:
    """What features above do when a domain is removed: nothing of theirs begins in it any more."""
    _let_go[:] = [let_go]


def add_domain(
    *,
    by: Identity,
    reseller: Reseller,
    domain: str,
    languages: Sequence[str],
    time_zone: str,
    cc: str,
    ac: str,
    defaults: Defaults | None = None,
    addresses: bool = False,
) -> SipDomain:
    """A SIP domain with what its lines start with; `cc` and `ac` say where a number without them belongs.

    `addresses`: an IP address will do. Raises Refused, also for a name that somebody else has.
    """
    name = rules.domain_name(domain, addresses=addresses)
    _check_free(name, reseller.id)
    place, start = rules.home(cc, ac), defaults or Defaults()
    rules.check_defaults(start.lock_level, start.ring_seconds)
    added = SipDomain(
        reseller_id=reseller.id,
        domain=name,
        languages=_languages(by, reseller, languages),
        time_zone=rules.check_zone(time_zone),
        cc=place.cc,
        ac=place.ac,
        lock_level=start.lock_level,
        ring_seconds=start.ring_seconds,
        hide_number=start.hide_number,
        in_browsers=by.role in {None, Role.OPERATOR} and not rules.is_ip(name),
    )
    db.session().add(added)
    db.session().flush()
    audit.record(Event.DOMAIN_ADDED, by=by, subject=added.public_id, label=rules.readable(name), reseller_id=reseller.id)
    if not rules.is_ip(name):
        outbox.enqueue(LOOK, {"domain": added.id, "turn": 0}, after=timedelta(seconds=rules.FIRST))
    return added


def _check_free(name: str, reseller_id: int) -> None:
    if queries.has_domain(name, reseller_id):
        raise Refused("domain-yours", field="domain")
    if queries.elsewhere(name, reseller_id, as_domain=True):
        raise Refused("domain-taken", field="domain")


def _languages(by: Identity, reseller: Reseller, wanted: Sequence[str]) -> list[str]:
    """What the platform sets up itself may wait for its catalogue."""
    if by.role is None:
        return rules.check_languages(wanted, kept=wanted)
    return rules.check_languages(wanted, allowed=reseller.languages)


def change_languages(*, by: Identity, domain: SipDomain, version: int, languages: Sequence[str]) -> SipDomain:
    """Which languages it offers, the default first."""
    reseller = queries.hold_reseller(domain.reseller_id)
    domain = _at_version(domain, version)
    wanted = rules.check_languages(languages, allowed=reseller.languages, kept=domain.languages)
    return _change(by, domain, languages=wanted)


def change_place(*, by: Identity, domain: SipDomain, version: int, time_zone: str, cc: str, ac: str) -> SipDomain:
    domain = _at_version(domain, version)
    place = rules.home(cc, ac)
    return _change(by, domain, time_zone=rules.check_zone(time_zone), cc=place.cc, ac=place.ac)


def change_defaults(
    *, by: Identity, domain: SipDomain, version: int, lock_level: int, ring_seconds: int | None, hide_number: bool
) -> SipDomain:
    """What its next lines start with; those that are there stay as they are."""
    domain = _at_version(domain, version)
    rules.check_defaults(lock_level, ring_seconds)
    return _change(by, domain, lock_level=lock_level, ring_seconds=ring_seconds, hide_number=hide_number)


def _at_version(domain: SipDomain, version: int) -> SipDomain:
    held = queries.hold_domain(domain.id)
    if held.version != version:
        raise Conflict(held.version)
    return held


def _change(by: Identity, domain: SipDomain, **wanted: object) -> SipDomain:
    changed: dict[str, Any] = {
        name: (getattr(domain, name), now) for name, now in wanted.items() if getattr(domain, name) != now
    }
    for name, (_was, now) in changed.items():
        setattr(domain, name, now)
    if changed:
        label = rules.readable(domain.domain)
        audit.record(
            Event.DOMAIN_CHANGED, by=by, subject=domain.public_id, label=label, reseller_id=domain.reseller_id, **changed
        )
        db.session().flush()
    return domain


def remove_domain(*, by: Identity, domain: SipDomain) -> None:
    """Its name is free again; its hosts stay, without it. Raises Refused while lines live in it."""
    domain = queries.hold_domain(domain.id)
    living = queries.lines_in([domain.id]).get(domain.id, 0)
    if living:
        raise Refused("domain-in-use", number=living)
    for host in queries.hosts_of(domain.id):
        host.domain_id = None
    domain.removed_at = clock.now()
    _let_go[0](domain.id)
    audit.record(
        Event.DOMAIN_REMOVED, by=by, subject=domain.public_id, label=rules.readable(domain.domain), reseller_id=domain.reseller_id
    )
    db.session().flush()


def keep_domain_sight(*, domain: SipDomain, sight: Sight) -> None:
    """What was seen of it in the DNS, for lists. No change of the domain itself: nobody who edits it meanwhile is told of it."""
    keep(SipDomain, domain.id, points=_worth_keeping(sight.points, domain.points), checked_at=clock.now())


def _worth_keeping(seen: rules.Points, before: str | None) -> str:
    """An unanswered question says nothing against what was known."""
    return before if seen is rules.Points.SILENT and before else seen.value

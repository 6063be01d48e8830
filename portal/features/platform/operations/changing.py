"""What a reseller is called, and how much it may have."""

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.platform import queries, rules
from portal.features.resellers.models import Reseller
from portal.features.subscribers.queries import reseller_lines_in_use


def change_reseller(*, by: Identity, reseller: Reseller, version: int, name: str, time_zone: str) -> Reseller:
    """Raises Conflict, and Refused for a name that another one has."""
    reseller = queries.hold(reseller, version=version)
    _save(by, reseller, {"name": rules.check_name(name), "time_zone": time_zone})
    return reseller


def change_limits(*, by: Identity, reseller: Reseller, version: int, max_subscribers: int | None, blocks_only: bool) -> Reseller:
    """The limit counts all lines of all its customers; it cannot be lower than what is in use. Raises Conflict, and Refused."""
    reseller = queries.hold(reseller, version=version)
    if max_subscribers != reseller.max_subscribers:
        rules.check_limit(max_subscribers, reseller_lines_in_use(reseller.id))
    _save(by, reseller, {"max_subscribers": max_subscribers, "blocks_only": blocks_only})
    return reseller


def _save(by: Identity, reseller: Reseller, wanted: dict[str, object]) -> None:
    changed = {what: (getattr(reseller, what), now) for what, now in wanted.items() if getattr(reseller, what) != now}
    if not changed:
        return
    for what, (_was, now) in changed.items():
        setattr(reseller, what, now)
    audit.record(
        Event.RESELLER_CHANGED,
        by=by,
        subject=reseller.public_id,
        label=reseller.name,
        reseller_id=reseller.id,
        **changed,  # type: ignore[arg-type]  # each a pair of old and new
    )
    db.session().flush()

"""A peer: who it is, and when it is its turn."""

from typing import Any

from portal.core import audit, db, i18n
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.customers.models import Contract
from portal.features.peering import queries, rules
from portal.features.peering.models import PeeringGroup
from portal.features.peering.rules import HIGHEST, MOST_GROUPS


def add_group(*, by: Identity, name: str, priority: int, contract: PublicId | None = None) -> PeeringGroup:
    """Raises Refused."""
    if queries.count() >= MOST_GROUPS:
        raise Refused("peers-full", most=MOST_GROUPS)
    own = _contract(contract)
    name = rules.check_name(name)
    group = PeeringGroup(
        name=name,
        name_sort=i18n.sort_key(name),
        priority=rules.check_number(priority, HIGHEST, field="priority"),
        contract_id=own.id if own else None,
    )
    db.session().add(group)
    db.session().flush()
    record(Event.PEERING_GROUP_ADDED, by, group)
    return group


def change_group(
    *, by: Identity, group: PeeringGroup, version: int, name: str, priority: int, contract: PublicId | None
) -> PeeringGroup:
    """Raises Refused, and Conflict."""
    group = queries.hold_group(group)
    if group.version != version:
        raise Conflict(group.version)
    was = db.session().get(Contract, group.contract_id) if group.contract_id else None
    own = was if was is not None and was.public_id == contract else _contract(contract)
    name, priority = rules.check_name(name), rules.check_number(priority, HIGHEST, field="priority")
    wanted = {
        "name": (group.name, name),
        "priority": (group.priority, priority),
        "contract": (was.name if was else None, own.name if own else None),
    }
    changed = {what: pair for what, pair in wanted.items() if pair[0] != pair[1]}
    if changed or was is not own:
        group.name, group.name_sort, group.priority = name, i18n.sort_key(name), priority
        group.contract_id = own.id if own else None
        db.session().flush()
        record(Event.PEERING_GROUP_CHANGED, by, group, **changed)
    return group


def remove_group(*, by: Identity, group: PeeringGroup) -> None:
    """With its servers."""
    group = queries.hold_group(group)
    servers = [one.name for one in queries.servers_of(group.id)]
    record(Event.PEERING_GROUP_REMOVED, by, group, servers=servers)
    db.session().delete(group)
    db.session().flush()


def _contract(public_id: PublicId | None) -> Contract | None:
    if public_id is None:
        return None
    found = queries.contract(public_id)
    if found is None:
        raise Refused("peer-contract", field="contract")
    return found


def record(event: Event, by: Identity, group: PeeringGroup, **details: Any) -> None:
    audit.record(event, by=by, subject=group.public_id, label=group.name, **details)

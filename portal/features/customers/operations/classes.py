"""Classes of service: what lines have at all, by what is sold."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select

from portal.core import audit, db, i18n
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.features.customers import queries, rules
from portal.features.customers.models import Customer, Kind, ServiceClass
from portal.features.customers.rules import Allowance, Feature, Level
from portal.features.resellers.queries import hold_open

Levels = Mapping[Feature, Level]


def add_class(*, by: Identity, reseller_id: int, name: str, kinds: Collection[Kind], levels: Levels) -> ServiceClass:
    """What `levels` does not name is free. New customers of these kinds get it, and none that another class gave them."""
    hold_open(reseller_id)
    counted = select(func.count()).select_from(ServiceClass).where(ServiceClass.reseller_id == reseller_id)
    if (db.session().scalar(counted) or 0) >= rules.MOST_CLASSES:
        raise Refused("service-classes-full", most=rules.MOST_CLASSES)
    free = _free_name(reseller_id, name)
    made = ServiceClass(
        reseller_id=reseller_id,
        name=free,
        name_sort=i18n.sort_key(free),
        kinds=_in_order(kinds),
        levels=Allowance.of(levels).as_stored(),
    )
    db.session().add(made)
    db.session().flush()
    _record(Event.SERVICE_CLASS_ADDED, by, made, kinds=made.kinds)
    _take_over(by, made)
    return made


def change_class(
    *, by: Identity, service_class: ServiceClass, version: int, name: str, kinds: Collection[Kind], levels: Levels
) -> ServiceClass:
    """In force at once for all customers that have it. Raises Conflict when it has changed since it was at this version."""
    hold_open(service_class.reseller_id)
    held = queries.hold_class(service_class)
    if held.version != version:
        raise Conflict(held.version)
    free = _free_name(held.reseller_id, name, besides=held.id)
    was, now = Allowance(held.levels).as_stored(), Allowance.of(levels).as_stored()
    changed: dict[str, Any] = {
        feature.replace("-", "_"): (was[feature], now[feature]) for feature in now if was[feature] != now[feature]
    }
    if held.name != free:
        changed["name"] = (held.name, free)
    new_kinds = held.kinds != _in_order(kinds)
    if changed or new_kinds:
        held.name, held.name_sort, held.levels, held.kinds = free, i18n.sort_key(free), now, _in_order(kinds)
        db.session().flush()
        _record(Event.SERVICE_CLASS_CHANGED, by, held, **changed, **({"kinds": held.kinds} if new_kinds else {}))
        _take_over(by, held)
    return held


def remove_class(*, by: Identity, service_class: ServiceClass) -> None:
    """Raises Refused while a customer has it."""
    held = queries.hold_class(service_class)
    if db.session().scalar(select(Customer.id).where(Customer.service_class_id == held.id).limit(1)) is not None:
        raise Refused("service-class-in-use")
    _record(Event.SERVICE_CLASS_REMOVED, by, held)
    db.session().delete(held)
    db.session().flush()


def _take_over(by: Identity, mine: ServiceClass) -> None:
    """A kind of customer gets one class."""
    others = ServiceClass.reseller_id == mine.reseller_id, ServiceClass.id != mine.id, ServiceClass.kinds.overlap(mine.kinds)
    for other in db.session().scalars(select(ServiceClass).where(*others).order_by(ServiceClass.id).with_for_update()):
        other.kinds = [kind for kind in other.kinds if kind not in mine.kinds]
        _record(Event.SERVICE_CLASS_CHANGED, by, other, kinds=other.kinds)
    db.session().flush()


def _in_order(kinds: Collection[Kind]) -> list[str]:
    return [kind.value for kind in Kind if kind in kinds]


def _free_name(reseller_id: int, typed: str, *, besides: int | None = None) -> str:
    name = rules.check_class_name(typed)
    if queries.class_name_taken(reseller_id, i18n.sort_key(name), besides):
        raise Refused("service-class-name-taken", field="name")
    return name


def _record(event: Event, by: Identity, service_class: ServiceClass, **details: Any) -> None:
    whom: dict[str, Any] = {
        "subject": service_class.public_id,
        "label": service_class.name,
        "reseller_id": service_class.reseller_id,
    }
    audit.record(event, by=by, **whom, **details)

"""The life of a group."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm.attributes import flag_modified

from portal.core import db, i18n
from portal.core.audit import Event
from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.customers.models import Customer
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers, rules as number_rules
from portal.features.pbx import rules
from portal.features.pbx.models import Group
from portal.features.pbx.operations import members as places, pool
from portal.features.pbx.operations.claims import at_version, claim_extension, free_username
from portal.features.pbx.rules import CancelMode, RingingPolicy
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries, rules as subscriber_rules
from portal.features.subscribers.models import Kind, Subscriber
from portal.features.subscribers.operations import Draft, record
from portal.features.subscribers.queries import Company

Change = tuple[object, object]


def create_group(
    *,
    by: Identity,
    customer_id: int,
    display_name: str,
    extension: str,
    policy: RingingPolicy,
    ring_seconds: int = rules.USUAL_RING,
    cancel_mode: CancelMode = CancelMode.CANCEL,
    ignore_forwards: bool = False,
    members: Sequence[Subscriber] = (),
    username: str | None = None,
    add: Collection[PublicId] = (),
) -> Subscriber:
    """A group with its members in ringing order; `add` are numbers of the pool. Limits and range hold as for extensions."""
    rules.check_ring_seconds(ring_seconds)
    customer = subscribers.hold_with_room(customer_id)
    company = subscriber_queries.company(customer_id)
    claimed = claim_extension(company, extension)
    draft = Draft(
        kind=Kind.GROUP,
        username=free_username(company, username, _usernames(company, display_name, claimed)),
        display_name=display_name,
        extension=claimed,
    )
    group = subscribers.open_line(by=by, customer=customer, domain=company.domain, draft=draft).subscriber
    number = numbers.give_primary(customer=customer, holder_id=group.id, parts=number_rules.derived(company.base.parts, claimed))
    db.session().add(
        Group(
            subscriber_id=group.id,
            reseller_id=customer.reseller_id,
            customer_id=customer.id,
            policy=policy.value,
            ring_seconds=ring_seconds,
            cancel_mode=cancel_mode.value,
            ignore_forwards=ignore_forwards,
        ),
    )
    places.add_members(group, members)
    record(
        Event.GROUP_CREATED,
        by=by,
        line=group,
        extension=claimed,
        number=number.digits,
        policy=policy.value,
        members=[person.display_name for person in members],
    )
    pool.exchange(by=by, company=company, line=group, keep=(), add=add)
    return group


def _usernames(company: Company, display_name: str, extension: str) -> list[str]:
    spelled = subscriber_rules.username_from(display_name)
    candidates = (spelled, f"{spelled}-{extension}" if spelled else "", extension, f"{company.pilot.username}-{extension}")
    return [name for name in candidates if name]


def change_group(
    *,
    by: Identity,
    group: Subscriber,
    version: int,
    display_name: str,
    extension: str,
    keep: Collection[PublicId] = (),
    add: Collection[PublicId] = (),
) -> Subscriber:
    """Name, extension, and further numbers: of its own the group keeps `keep`; `add` come from the pool."""
    customer = hold_customer(group.customer_id)
    group = _at_version(group, version)
    company = subscriber_queries.company(customer.id)
    changed: dict[str, Change] = {}
    name = subscriber_rules.check_name(display_name)
    if name != group.display_name:
        changed["display_name"] = (group.display_name, name)
        group.display_name, group.name_sort = name, i18n.sort_key(name)
    if extension.strip() != group.extension:
        changed["extension"] = (group.extension, _move(company, customer, group, extension))
    pool.exchange(by=by, company=company, line=group, keep=keep, add=add)
    if changed:
        _save(by, group, changed)
    return group


def _move(company: Company, customer: Customer, group: Subscriber, extension: str) -> str:
    """To another extension; its own number is derived again."""
    claimed = claim_extension(company, extension, besides=group)
    group.extension = claimed
    numbers.give_primary(customer=customer, holder_id=group.id, parts=number_rules.derived(company.base.parts, claimed))
    return claimed


def change_ringing(
    *,
    by: Identity,
    group: Subscriber,
    version: int,
    policy: RingingPolicy,
    ring_seconds: int,
    cancel_mode: CancelMode,
    ignore_forwards: bool,
) -> Subscriber:
    """How the phones of a group ring. The order of its members stays."""
    group = _at_version(group, version)
    ringing = db.session().get_one(Group, group.id, populate_existing=True)
    wanted = {
        "policy": policy.value,
        "ring_seconds": rules.check_ring_seconds(ring_seconds),
        "cancel_mode": cancel_mode.value,
        "ignore_forwards": ignore_forwards,
    }
    changed: dict[str, Change] = {
        name: (getattr(ringing, name), now) for name, now in wanted.items() if getattr(ringing, name) != now
    }
    for name, (_was, now) in changed.items():
        setattr(ringing, name, now)
    if changed:
        _save(by, group, changed)
    return group


def _at_version(group: Subscriber, version: int) -> Subscriber:
    if group.kind != Kind.GROUP:
        raise NotFound
    return at_version(group, version)


def _save(by: Identity, group: Subscriber, changed: dict[str, Change]) -> None:
    """One trace and one new version, also where only rows beside the line have changed."""
    flag_modified(group, "display_name")
    record(Event.GROUP_CHANGED, by=by, line=group, **changed)
    db.session().flush()

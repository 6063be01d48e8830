"""The life of a group."""

from collections.abc import Sequence

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.numbers import operations as numbers, rules as number_rules
from portal.features.pbx.models import CancelMode, Group, RingingPolicy
from portal.features.pbx.operations import members as places
from portal.features.pbx.operations.claims import claim_extension, free_username
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries, rules as subscriber_rules
from portal.features.subscribers.models import Kind, Subscriber
from portal.features.subscribers.operations import Draft, record

LONGEST_RING = 3600


def create_group(
    *,
    by: Identity,
    customer_id: int,
    display_name: str,
    extension: str,
    policy: RingingPolicy,
    ring_seconds: int = 10,
    cancel_mode: CancelMode = CancelMode.CANCEL,
    members: Sequence[Subscriber] = (),
    username: str | None = None,
) -> Subscriber:
    """A group with its members in ringing order. The same limits and range hold as for extensions."""
    if not 1 <= ring_seconds <= LONGEST_RING:
        raise Refused("ring-seconds", field="ring_seconds")
    customer = subscribers.hold_with_room(customer_id)
    company = subscriber_queries.company(customer_id)
    claimed = claim_extension(company, extension)
    spelled = subscriber_rules.username_from(display_name)
    candidates = [
        name
        for name in (spelled, f"{spelled}-{claimed}" if spelled else "", claimed, f"{company.pilot.username}-{claimed}")
        if name
    ]
    draft = Draft(
        kind=Kind.GROUP, username=free_username(company, username, candidates), display_name=display_name, extension=claimed
    )
    group = subscribers.open_line(customer=customer, domain=company.domain, draft=draft).subscriber
    number = numbers.give_primary(customer=customer, holder_id=group.id, parts=number_rules.derived(company.base.parts, claimed))
    db.session().add(
        Group(
            subscriber_id=group.id,
            reseller_id=customer.reseller_id,
            customer_id=customer.id,
            policy=policy.value,
            ring_seconds=ring_seconds,
            cancel_mode=cancel_mode.value,
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
    return group

"""Places in groups."""

from collections.abc import Collection, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.customers.queries import hold as hold_customer
from portal.features.pbx import queries
from portal.features.pbx.models import Member
from portal.features.pbx.operations.claims import at_version
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Kind, Subscriber
from portal.features.subscribers.operations import record


def set_members(*, by: Identity, group: Subscriber, version: int, members: Sequence[PublicId]) -> tuple[PublicId, ...]:
    """Who rings in a group, in this order: whoever is not named leaves. Says who was in it before, in order.

    Raises Conflict when somebody has changed the group since it was at this version.
    """
    hold_customer(group.customer_id)
    group = at_version(_group(group), version)
    return _write(by, group, _members_of(group), _people(group.customer_id, members))


def join(*, by: Identity, group: Subscriber, members: Sequence[PublicId]) -> tuple[PublicId, ...]:
    """People are added at the end, whatever others change meanwhile. Says who was in it before, in order."""
    hold_customer(group.customer_id)
    group = subscriber_queries.hold(_group(group))
    before = _members_of(group)
    return _write(by, group, before, _check([*before, *_people(group.customer_id, members)]))


def _group(line: Subscriber) -> Subscriber:
    if line.kind != Kind.GROUP:
        raise NotFound
    return line


def _write(by: Identity, group: Subscriber, before: Sequence[Subscriber], wanted: Sequence[Subscriber]) -> tuple[PublicId, ...]:
    if [person.id for person in wanted] != [person.id for person in before]:
        _place(group, wanted)
        record(Event.GROUP_MEMBERS_CHANGED, by=by, line=group, members=[person.display_name for person in wanted])
    return tuple(person.public_id for person in before)


def _people(customer_id: int, wanted: Sequence[PublicId]) -> list[Subscriber]:
    found = {line.public_id: line for line in queries.lines(customer_id, set(wanted))}
    if not found.keys() >= set(wanted):
        raise Refused("member-gone", field="members")
    return _check([found[public_id] for public_id in wanted])


def _check(people: Sequence[Subscriber]) -> list[Subscriber]:
    seen: set[int] = set()
    for person in people:
        if person.kind == Kind.GROUP:
            raise Refused("member-line", field="members")
        if person.id in seen:
            raise Refused("member-twice", field="members", name=person.display_name)
        seen.add(person.id)
    return list(people)


def add_members(group: Subscriber, people: Collection[Subscriber]) -> None:
    """Puts people at the end of a group, in their order. Raises Refused for lines that cannot be members."""
    present = _members_of(group)
    joining = _people(group.customer_id, [person.public_id for person in people])
    _place(group, _check([*present, *joining]))


def _members_of(group: Subscriber) -> list[Subscriber]:
    wanted = select(Subscriber).join(Member, Member.subscriber_id == Subscriber.id).where(Member.group_id == group.id)
    return list(db.session().scalars(wanted.order_by(Member.position)))


def _place(group: Subscriber, people: Sequence[Subscriber]) -> None:
    """Writes the whole order. A new version of the group tells whoever orders it at the same time."""
    own = {"reseller_id": group.reseller_id, "customer_id": group.customer_id, "group_id": group.id}
    stored = {place.subscriber_id: place for place in db.session().scalars(select(Member).where(Member.group_id == group.id))}
    for gone in stored.keys() - {person.id for person in people}:
        db.session().delete(stored[gone])
    for position, person in enumerate(people):
        place = stored.get(person.id) or Member(subscriber_id=person.id, **own)
        place.position = position
        db.session().add(place)
    flag_modified(group, "display_name")
    db.session().flush()


def join_groups_of(colleague: Subscriber, line: Subscriber) -> list[str]:
    """The line becomes the last member of each group of a colleague; says their names."""
    groups = _groups_of(colleague)
    for group in groups:
        add_members(group, [line])
    return [group.display_name for group in groups]


def leave_all(line: Subscriber) -> list[str]:
    """The line leaves its groups and the gaps close; says the groups' names."""
    groups = _groups_of(line)
    for group in groups:
        _place(group, [person for person in _members_of(group) if person.id != line.id])
    return [group.display_name for group in groups]


def disband(group: Subscriber) -> None:
    db.session().execute(delete(Member).where(Member.group_id == group.id))


def _groups_of(line: Subscriber) -> list[Subscriber]:
    """In the order of their keys, held, so that two who change the same groups do it one after the other."""
    joined = (
        select(Subscriber)
        .join(Member, Member.group_id == Subscriber.id)
        .where(Member.subscriber_id == line.id)
        .order_by(Subscriber.id)
    )
    held = joined.with_for_update(of=Subscriber, key_share=True)
    return list(db.session().scalars(held, execution_options={"populate_existing": True}))

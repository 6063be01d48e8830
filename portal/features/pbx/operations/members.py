"""Places in groups."""

from collections.abc import Sequence

from sqlalchemy import delete, func, select

from portal.core import db
from portal.core.errors import Refused
from portal.features.pbx.models import Member
from portal.features.subscribers.models import Kind, Subscriber


def add_members(group: Subscriber, people: Sequence[Subscriber]) -> None:
    """Puts people at the end of a group, in their order. Raises Refused for lines that cannot be members."""
    start = db.session().scalar(select(func.count()).select_from(Member).where(Member.group_id == group.id)) or 0
    seen: set[int] = set()
    for position, person in enumerate(people, start):
        if person.customer_id != group.customer_id or person.kind == Kind.GROUP:
            raise Refused("member-line", field="members")
        if person.id in seen:
            raise Refused("member-twice", field="members", name=person.display_name)
        seen.add(person.id)
        db.session().add(
            Member(
                reseller_id=group.reseller_id,
                customer_id=group.customer_id,
                group_id=group.id,
                subscriber_id=person.id,
                position=position,
            ),
        )
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
        places = db.session().scalars(select(Member).where(Member.group_id == group.id).order_by(Member.position)).all()
        stay = [place for place in places if place.subscriber_id != line.id]
        for place in places:
            if place.subscriber_id == line.id:
                db.session().delete(place)
        for position, place in enumerate(stay):
            place.position = position
    db.session().flush()
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
    return list(db.session().scalars(joined.with_for_update(of=Subscriber, key_share=True)))

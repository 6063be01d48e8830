"""A company as a dry run sees it: everything at once, in a few statements."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.core import db, i18n
from portal.core.phone import Parts
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.numbers.queries import outside_blocks
from portal.features.pbx.models import Group, Member
from portal.features.pbx.rules import Range
from portal.features.pbx.rules.plan_extensions import Asked
from portal.features.pbx.rules.plan_rows import LineNow, NumberNow, Room, Snapshot, Taken, handle_of
from portal.features.resellers.models import Reseller
from portal.features.subscribers.models import Kind, Profile, Status, Subscriber
from portal.features.subscribers.queries import Company, company, lines_in_use, reseller_lines_in_use

_Shown = aliased(Number)


def snapshot(customer_id: int) -> Snapshot:
    """Raises Refused for a customer without a pilot."""
    found = company(customer_id)
    rows = db.session().execute(_lines(customer_id)).all()
    handles = {row.id: handle_of(row.extension, row.username) for row in rows}
    pool = _pool(customer_id, handles)
    members, groups = _places(customer_id, handles)
    numbers: dict[str | None, list[str]] = {}
    for digits, number in pool.items():
        numbers.setdefault(number.owner, []).append(digits)
    lines = {handles[row.id]: _line(row, handles[row.id], numbers, members, groups) for row in rows}
    return Snapshot(
        allowed=Range(found.customer.extension_min, found.customer.extension_max),
        base=found.base.parts,
        home=found.home,
        pilot=next(line for line in lines.values() if line.kind == Kind.PILOT),
        lines={handle: line for handle, line in lines.items() if line.kind != Kind.PILOT},
        pool=pool,
        profiles=tuple(db.session().scalars(select(Profile.name).where(Profile.customer_id == customer_id))),
        languages=tuple(language for language in found.domain.languages if language in i18n.available()),
        room=_room(found.customer),
    )


def _lines(customer_id: int) -> Any:
    return (
        select(
            Subscriber.id,
            Subscriber.public_id,
            Subscriber.kind,
            Subscriber.extension,
            Subscriber.display_name,
            Subscriber.username,
            Subscriber.language,
            Subscriber.outgoing,
            Subscriber.do_not_disturb,
            Subscriber.music_on_hold,
            Account.username.label("web_username"),
            Contact.email,
            Profile.name.label("profile"),
            _Shown.digits.label("shown"),
            Group.policy,
            Group.ring_seconds,
            Group.cancel_mode,
            Group.ignore_forwards,
        )
        .join(Account, (Account.subscriber_id == Subscriber.id) & (Account.status != AccountStatus.TERMINATED), isouter=True)
        .join(Contact, Contact.id == Subscriber.contact_id, isouter=True)
        .join(Profile, Profile.id == Subscriber.profile_id, isouter=True)
        .join(_Shown, _Shown.id == Subscriber.outgoing_number_id, isouter=True)
        .join(Group, Group.subscriber_id == Subscriber.id, isouter=True)
        .where(Subscriber.customer_id == customer_id, Subscriber.status != Status.TERMINATED)
        .order_by(Subscriber.extension_number, Subscriber.id)
    )


def _line(
    row: Any,
    handle: str,
    numbers: Mapping[str | None, Collection[str]],
    members: Mapping[str, list[str]],
    groups: Mapping[str, list[str]],
) -> LineNow:
    return LineNow(
        public_id=row.public_id,
        kind=row.kind,
        handle=handle,
        name=row.display_name,
        username=row.username,
        web_username=row.web_username,
        email=row.email,
        language=row.language,
        outgoing=row.shown or row.outgoing,
        do_not_disturb=row.do_not_disturb,
        music_on_hold=row.music_on_hold,
        numbers=tuple(sorted(numbers.get(handle, ()))),
        groups=tuple(sorted(groups.get(handle, ()))),
        profile=row.profile,
        policy=row.policy,
        ring_seconds=row.ring_seconds,
        cancel_mode=row.cancel_mode,
        ignore_forwards=bool(row.ignore_forwards),
        members=tuple(members.get(handle, ())),
    )


def _pool(customer_id: int, handles: Mapping[int, str]) -> dict[str, NumberNow]:
    rows = db.session().execute(
        select(Number.public_id, Number.digits, Number.cc, Number.ac, Number.sn, Number.subscriber_id, Subscriber.kind)
        .join(Subscriber, Subscriber.id == Number.subscriber_id)
        .where(Number.customer_id == customer_id, Number.role == Role.ALIAS)
        .order_by(Number.digits),
    )
    return {
        digits: NumberNow(public_id, None if kind == Kind.PILOT else handles.get(key or 0), Parts(cc, ac, sn))
        for public_id, digits, cc, ac, sn, key, kind in rows
    }


def _places(customer_id: int, handles: Mapping[int, str]) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Group -> its members in order; line -> its groups."""
    people = func.array_agg(aggregate_order_by(Member.subscriber_id, Member.position))
    found = db.session().execute(
        select(Member.group_id, people).where(Member.customer_id == customer_id).group_by(Member.group_id)
    )
    members = {handles[group]: [handles[one] for one in every if one in handles] for group, every in found if group in handles}
    groups: dict[str, list[str]] = {}
    for group, every in members.items():
        for one in every:
            groups.setdefault(one, []).append(group)
    return members, groups


def _room(customer: Customer) -> Room:
    limit = customer.max_subscribers
    there = db.session().scalar(select(Reseller.max_subscribers).where(Reseller.id == customer.reseller_id))
    return Room(
        None if limit is None else limit - lines_in_use(customer.id),
        None if there is None else there - reseller_lines_in_use(customer.reseller_id),
        limit,
    )


def taken(of: Company, asked: Asked) -> Taken:
    """Of these names and numbers, those that somebody has, or that no block allows. Two statements."""
    row = (
        db.session()
        .execute(
            select(
                func.sip_users_taken(of.domain.id, sorted(asked.usernames)),
                func.web_users_taken(of.domain.id, sorted(asked.web_usernames)),
                func.numbers_taken(sorted(asked.digits)),
            )
        )
        .one()
    )
    numbers = [one for one in sorted(asked.digits) if one.isascii() and one.isdigit()]
    outside = outside_blocks(of.customer.reseller_id, numbers)
    return Taken(frozenset(row[0] or ()), frozenset(row[1] or ()), frozenset(row[2] or ()), outside)

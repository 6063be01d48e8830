"""Many lines of a company changed in one transaction: the effects and traces of changing each, with few statements for all.

Who calls holds the customer and the lines, and has checked what they are to be.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import db, i18n, rows
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.accounts import operations as accounts
from portal.features.accounts.models import Account, Status as AccountStatus
from portal.features.callhandling import operations as callhandling
from portal.features.contacts import operations as contacts
from portal.features.numbers.models import Number, Role
from portal.features.pbx.models import Group, Member
from portal.features.pbx.rules.plan_rows import handle_of
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Kind, OutgoingNumber, Profile, Status, Subscriber
from portal.features.subscribers.operations import record
from portal.features.subscribers.queries import Company

Changes = Mapping[str, Sequence[Any]]  # field -> (was, now)

OF_PERSON = ("display_name", "email", "web_username", "language", "do_not_disturb", "music_on_hold")
OF_RINGING = ("policy", "ring_seconds", "cancel_mode", "ignore_forwards")


@dataclass(frozen=True)
class Stage:
    """Who acts, and the lines of the company by what files call them."""

    by: Identity
    company: Company
    lines: dict[str, Subscriber]

    @property
    def pilot(self) -> Subscriber:
        return self.company.pilot


def stage(by: Identity, company: Company) -> Stage:
    every = select(Subscriber).where(Subscriber.customer_id == company.customer.id, Subscriber.status != Status.TERMINATED)
    found = db.session().scalars(every, execution_options={"populate_existing": True})
    return Stage(by, company, {handle_of(line.extension, line.username): line for line in found})


# --- people and groups ------------------------------------------------------------------------------------------------


def change_lines(on: Stage, changes: Mapping[str, Changes]) -> None:
    """What lines are called, who sits there, what they may; how groups ring. Numbers, places and what is shown come apart."""
    people = {handle: one for handle, one in changes.items() if on.lines[handle].kind != Kind.GROUP}
    known = _accounts([on.lines[handle].id for handle in people])
    for handle, one in changes.items():
        line = on.lines[handle]
        _name(line, one)
        if handle in people:
            _change_person(on, line, known.get(line.id), one)
    _change_ringing(on, {handle: one for handle, one in changes.items() if handle not in people})
    _give_profiles(on, changes)
    for handle, one in changes.items():
        _trace(on, on.lines[handle], one)
    db.session().flush()


def _accounts(keys: Collection[int]) -> dict[int | None, Account]:
    living = select(Account).where(rows.among(Account.subscriber_id, keys), Account.status != AccountStatus.TERMINATED)
    held = living.order_by(Account.id).with_for_update(key_share=True)
    return {one.subscriber_id: one for one in db.session().scalars(held, execution_options={"populate_existing": True})}


def _name(line: Subscriber, changes: Changes) -> None:
    if "display_name" in changes:
        name = changes["display_name"][1]
        line.display_name, line.name_sort = name, i18n.sort_key(name)


def _change_person(on: Stage, line: Subscriber, account: Account | None, changes: Changes) -> None:
    for name in ("language", "do_not_disturb", "music_on_hold"):
        if name in changes:
            setattr(line, name, changes[name][1])
    if account is not None:
        for name, what in (("display_name", "name"), ("language", "language"), ("web_username", "username")):
            if name in changes:
                setattr(account, what, changes[name][1])
    if "email" in changes:
        _move_mail(on.by, line, account, changes["email"][1])


def _move_mail(by: Identity, line: Subscriber, account: Account | None, address: str | None) -> None:
    was = line.contact_id
    line.contact_id = contacts.keep_email(reseller_id=line.reseller_id, contact_id=was, email=address)
    db.session().flush()
    if was is not None and line.contact_id is None:
        contacts.drop(was)
    if account is not None:
        accounts.move_mail(by=by, account=account, address=address)


def _change_ringing(on: Stage, changes: Mapping[str, Changes]) -> None:
    keys = [on.lines[handle].id for handle in changes]
    ringing = {
        group.subscriber_id: group for group in db.session().scalars(select(Group).where(rows.among(Group.subscriber_id, keys)))
    }
    for handle, one in changes.items():
        for name in OF_RINGING:
            if name in one:
                setattr(ringing[on.lines[handle].id], name, one[name][1])


def _give_profiles(on: Stage, changes: Mapping[str, Changes]) -> None:
    given = {handle: one["profile"] for handle, one in changes.items() if "profile" in one}
    if not given:
        return
    keys = profile_keys(on.company.customer.id)
    for handle, (was, now) in given.items():
        on.lines[handle].profile_id = None if now is None else keys[now]
        record(Event.PROFILE_GIVEN, by=on.by, line=on.lines[handle], profile=(was, now))


def profile_keys(customer_id: int) -> dict[str, int]:
    every = select(Profile.name, Profile.id).where(Profile.customer_id == customer_id)
    return {name: key for name, key in db.session().execute(every)}  # noqa: C416 - rows are no pairs to the type checker


def _trace(on: Stage, line: Subscriber, changes: Changes) -> None:
    """One for a line, with all that has changed about it."""
    is_group = line.kind == Kind.GROUP
    told = {name: changes[name] for name in (*OF_PERSON, *OF_RINGING, "outgoing") if name in changes}
    if told:
        flag_modified(line, "display_name")
        record(Event.GROUP_CHANGED if is_group else Event.EXTENSION_CHANGED, by=on.by, line=line, **told)


# --- numbers ----------------------------------------------------------------------------------------------------------


def destinations(on: Stage, changes: Mapping[str, Changes]) -> dict[str, Subscriber]:
    """Digits -> who gets that number: what one line gives back goes to another that wants it, else to the pool."""
    found: dict[str, Subscriber] = {}
    pairs = {handle: one["numbers"] for handle, one in changes.items() if "numbers" in one}
    for was, now in pairs.values():
        found |= dict.fromkeys(set(was or ()) - set(now or ()), on.pilot)
    for handle, (was, now) in pairs.items():
        found |= dict.fromkeys(set(now or ()) - set(was or ()), on.lines[handle])
    return found


def move_numbers(on: Stage, to: Mapping[str, Subscriber]) -> None:
    """Further numbers of the pool go to lines. A line that showed one shows its own again."""
    lines = {line.id: line for line in on.lines.values()}
    bundles: dict[tuple[int, int], list[Number]] = defaultdict(list)
    for number in held_numbers(on.company.customer.id, to):
        target = to[number.digits]
        if number.subscriber_id != target.id:
            bundles[number.subscriber_id or 0, target.id].append(number)
            number.subscriber_id = target.id
    for (was, now), together in bundles.items():
        _hand_over(on.by, lines[was], lines[now], together)
    db.session().flush()


def held_numbers(customer_id: int, digits: Collection[str]) -> list[Number]:
    wanted = select(Number).where(Number.customer_id == customer_id, rows.among(Number.digits, digits), Number.role == Role.ALIAS)
    held = wanted.order_by(Number.digits).with_for_update(key_share=True)
    return list(db.session().scalars(held, execution_options={"populate_existing": True}))


def _hand_over(by: Identity, was: Subscriber, to: Subscriber, together: Sequence[Number]) -> None:
    if was.outgoing_number_id in {number.id for number in together}:
        was.outgoing, was.outgoing_number_id = OutgoingNumber.OWN.value, None
    for line in (was, to):
        flag_modified(line, "display_name")  # a new version: whoever edits this line's numbers now is told
    digits = [number.digits for number in together]
    if to.kind != Kind.PILOT:
        record(Event.NUMBER_ASSIGNED, by=by, line=to, numbers=digits, was=None if was.kind == Kind.PILOT else was.display_name)
    if was.kind != Kind.PILOT:
        record(Event.NUMBER_RETURNED, by=by, line=was, numbers=digits, now=None if to.kind == Kind.PILOT else to.display_name)


def show_numbers(on: Stage, shown: Mapping[str, str]) -> None:
    """Which number people called by a line see: own, base, or the digits of one that it has."""
    wanted = [digits for digits in shown.values() if digits.isdigit()]
    keys = {number.digits: number.id for number in held_numbers(on.company.customer.id, wanted)}
    for handle, what in shown.items():
        line, kind, key = on.lines[handle], OutgoingNumber.ALIAS.value if what in keys else what, keys.get(what)
        if (line.outgoing, line.outgoing_number_id) != (kind, key):
            line.outgoing, line.outgoing_number_id = kind, key
    db.session().flush()


# --- places in groups -------------------------------------------------------------------------------------------------


def members_of(on: Stage, groups: Iterable[str]) -> dict[str, list[str]]:
    """Group -> its members in ringing order, by handles."""
    keys = {on.lines[group].id: group for group in groups}
    handles = {line.id: handle for handle, line in on.lines.items()}
    found: dict[str, list[str]] = {group: [] for group in keys.values()}
    places = select(Member.group_id, Member.subscriber_id).where(rows.among(Member.group_id, keys)).order_by(Member.position)
    for group, line in db.session().execute(places):
        if line in handles:
            found[keys[group]].append(handles[line])
    return found


def place_members(on: Stage, orders: Mapping[str, Sequence[str]], silent: Collection[str] = ()) -> None:
    """Who rings in which group, in this order: whoever is not named leaves. `silent`: groups whose trace says it already."""
    own = {"reseller_id": on.company.customer.reseller_id, "customer_id": on.company.customer.id}
    keys = [on.lines[group].id for group in orders]
    db.session().execute(
        delete(Member).where(rows.among(Member.group_id, keys)), execution_options={"synchronize_session": False}
    )
    for group, members in orders.items():
        line, people = on.lines[group], [on.lines[member] for member in members]
        rows.insert_rows(
            [Member(group_id=line.id, subscriber_id=one.id, position=position, **own) for position, one in enumerate(people)]
        )
        flag_modified(line, "display_name")
        if group not in silent:
            record(Event.GROUP_MEMBERS_CHANGED, by=on.by, line=line, members=[person.display_name for person in people])
    db.session().flush()


# --- the end ----------------------------------------------------------------------------------------------------------


def end_lines(on: Stage, handles: Collection[str]) -> None:
    """Extensions and groups that nobody needs: what `terminate` does with one. Their further numbers are in the pool already."""
    lines = [on.lines[handle] for handle in handles]
    keys = [line.id for line in lines]
    _leave_groups(on, set(handles))
    for line in lines:
        record(Event.EXTENSION_TERMINATED, by=on.by, line=line, extension=line.extension, username=line.username, numbers=[])
    callhandling.forget_lines(keys)
    subscribers.end_lines(lines=lines)
    db.session().execute(delete(Number).where(rows.among(Number.subscriber_id, keys), Number.role == Role.PRIMARY))
    db.session().execute(delete(Member).where(rows.among(Member.group_id, keys)))
    db.session().execute(delete(Group).where(rows.among(Group.subscriber_id, keys)))
    db.session().flush()


def _leave_groups(on: Stage, handles: set[str]) -> None:
    every = members_of(on, [handle for handle, line in on.lines.items() if line.kind == Kind.GROUP and handle not in handles])
    place_members(
        on,
        {group: [one for one in members if one not in handles] for group, members in every.items() if handles & set(members)},
    )

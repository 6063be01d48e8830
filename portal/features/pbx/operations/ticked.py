"""The same for several people at once. What can be done is done, each person wholly or not at all; who is left out is named."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Generic, NamedTuple, TypeVar

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.accounts import operations as accounts
from portal.features.customers.queries import hold as hold_customer
from portal.features.pbx import queries
from portal.features.pbx.operations.extensions import terminate
from portal.features.pbx.operations.members import set_members
from portal.features.pbx.rules import MOST_TICKED
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Profile, Status, Subscriber
from portal.features.subscribers.operations import record, source_of
from portal.features.subscribers.rules import LockLevel

Was = TypeVar("Was")


class Wish(NamedTuple):
    """A lock as somebody wants it, or wanted it before."""

    level: LockLevel
    reason: str


@dataclass(frozen=True)
class Changed(Generic[Was]):
    """Somebody for whom it was done; `was` is what stood before."""

    public_id: PublicId
    name: str
    was: Was


@dataclass(frozen=True)
class Left:
    """Somebody who was left out."""

    name: str
    refusal: Refused


@dataclass(frozen=True)
class Outcome(Generic[Was]):
    changed: list[Changed[Was]] = field(default_factory=list)
    left: list[Left] = field(default_factory=list)


def _each(customer_id: int, people: Collection[PublicId], act: Callable[[Subscriber], Was]) -> Outcome[Was]:
    """Holds the customer, then goes through the lines in the order of their keys. Raises NotFound for lines of others."""
    if not people:
        raise Refused("ticked-none")
    if len(people) > MOST_TICKED:
        raise Refused("ticked-many", most=MOST_TICKED)
    hold_customer(customer_id)
    outcome: Outcome[Was] = Outcome()
    for line in queries.ticked_lines(customer_id, people):
        public_id, name = line.public_id, line.display_name
        try:
            outcome.changed.append(Changed(public_id, name, _apart(line, act)))
        except Refused as refusal:
            outcome.left.append(Left(name, refusal))
    return outcome


def _apart(line: Subscriber, act: Callable[[Subscriber], Was]) -> Was:
    """In a savepoint of its own: what is refused leaves nothing behind."""
    if line.status == Status.TERMINATED:
        raise Refused("line-gone")
    try:
        with db.session().begin_nested():
            return act(line)
    except NotFound:
        raise Refused("line-gone") from None


def set_locks(*, by: Identity, customer_id: int, wanted: Mapping[PublicId, Wish | None]) -> Outcome[Wish | None]:
    """Each gets the lock that is wanted, or none. Locks of others stay beside it."""

    def act(line: Subscriber) -> Wish | None:
        line = subscriber_queries.hold(line)
        locks = subscriber_queries.locks_of(line.id)
        own = next((Wish(LockLevel(lock.level), lock.reason) for lock in locks if lock.source == source_of(by)), None)
        wish = wanted[line.public_id]
        if wish is not None:
            subscribers.lock(by=by, line=line, level=wish.level, reason=wish.reason)
        elif locks:
            subscribers.unlock(by=by, line=line)
        else:
            raise Refused("lock-none")
        return own

    return _each(customer_id, wanted.keys(), act)


def set_languages(*, by: Identity, customer_id: int, wanted: Mapping[PublicId, str | None]) -> Outcome[str | None]:
    """None: as the company."""

    def act(line: Subscriber) -> str | None:
        line = subscriber_queries.hold(line)
        was, now = line.language, wanted[line.public_id]
        if was != now:
            account = subscriber_queries.account_of(line)
            line.language = now
            if account is not None:
                account.language = now
            record(Event.EXTENSION_CHANGED, by=by, line=line, language=(was, now))
            db.session().flush()
        return was

    return _each(customer_id, wanted.keys(), act)


def set_profiles(*, by: Identity, customer_id: int, wanted: Mapping[PublicId, Profile | None]) -> Outcome[PublicId | None]:
    """None: as the company. Says the public ids of the profiles before. Raises Refused for a profile that is gone."""
    hold_customer(customer_id)
    for profile in {wish for wish in wanted.values() if wish is not None}:
        _hold_profile(profile)

    def act(line: Subscriber) -> PublicId | None:
        was = subscribers.give_profile(by=by, line=line, profile=wanted[line.public_id])
        return was.public_id if was else None

    return _each(customer_id, wanted.keys(), act)


def _hold_profile(profile: Profile) -> None:
    try:
        subscriber_queries.held_profile(profile)
    except NotFound:
        raise Refused("ticked-profile", field="profile") from None


def join_group(*, by: Identity, customer_id: int, people: Collection[PublicId], group: Subscriber) -> Outcome[None]:
    """At the end of the group, in the order of their extensions."""
    members = _members(customer_id, group)
    asked = queries.ticked(customer_id, people)

    def act(line: Subscriber) -> None:
        if line.public_id in members:
            raise Refused("ticked-member")

    outcome = _each(customer_id, people, act)
    joining = {one.public_id for one in outcome.changed}
    if joining:
        new = [person.public_id for person in asked if person.public_id in joining]
        set_members(by=by, group=group, version=group.version, members=[*members, *new])
    return outcome


def leave_group(*, by: Identity, customer_id: int, people: Collection[PublicId], group: Subscriber) -> Outcome[int]:
    """The gaps close. Says the place that each had."""
    members = _members(customer_id, group)

    def act(line: Subscriber) -> int:
        if line.public_id not in members:
            raise Refused("ticked-no-member")
        return members.index(line.public_id)

    outcome = _each(customer_id, people, act)
    leaving = {one.public_id for one in outcome.changed}
    if leaving:
        stay = [member for member in members if member not in leaving]
        set_members(by=by, group=group, version=group.version, members=stay)
    return outcome


def return_to_group(*, by: Identity, customer_id: int, places: Mapping[PublicId, int], group: Subscriber) -> Outcome[None]:
    """The way back from leaving: everybody at the place that they had, as far as it is still there."""
    members = _members(customer_id, group)

    def act(line: Subscriber) -> None:
        if line.public_id in members:
            raise Refused("ticked-member")

    outcome = _each(customer_id, places.keys(), act)
    back = {one.public_id for one in outcome.changed}
    for public_id in sorted(back, key=places.__getitem__):
        members.insert(places[public_id], public_id)
    if back:
        set_members(by=by, group=group, version=group.version, members=members)
    return outcome


def _members(customer_id: int, group: Subscriber) -> list[PublicId]:
    """Who rings in the group, in order; both the customer and the group are held."""
    hold_customer(customer_id)
    if subscriber_queries.hold(group).customer_id != customer_id:
        raise NotFound
    return queries.member_ids(group)


def invite(*, by: Identity, customer_id: int, people: Collection[PublicId]) -> Outcome[str]:
    """A link to a first web password, to those who have none and whose own address is known. Says where each went."""
    accounts.check_alone(by)

    def act(line: Subscriber) -> str:
        account = subscriber_queries.account_of(subscriber_queries.hold(line))
        if account is None:
            raise NotFound
        if account.password_hash is not None:
            raise Refused("invite-password")
        if not account.email:
            raise Refused("invite-address")
        return accounts.invite(by=by, account=account)

    return _each(customer_id, people, act)


def remove(*, by: Identity, customer_id: int, people: Collection[PublicId]) -> Outcome[None]:
    """Ends the extensions, as one by one."""
    accounts.check_alone(by)
    return _each(customer_id, people, lambda line: terminate(by=by, line=line))

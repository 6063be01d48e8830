"""What the people of a company may use and change on their lines: profiles, and who has which."""

from collections.abc import Mapping

from sqlalchemy import func, select

from portal.core import audit, db, i18n
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.core.permissions import P
from portal.features.customers.models import Customer
from portal.features.customers.queries import hold as hold_customer
from portal.features.subscribers import queries, rules
from portal.features.subscribers.models import Profile, Subscriber
from portal.features.subscribers.operations.lines import record
from portal.features.subscribers.rules import Allowance, Feature, Level

Levels = Mapping[Feature, Level]
Change = tuple[object, object]


def check_may_change(*, by: Identity, line: Subscriber, feature: Feature) -> None:
    """First in every operation on a feature of a line.

    Whoever runs the company may change it on all lines, as far as the class of service goes; others on their own, as far as its
    profile allows, too. Raises NotFound for the line of somebody else, Refused for what class or profile keep back.
    """
    if by.role is None:
        return
    if by.can(P.CALL_HANDLING_COMPANY):
        queries.ceiling_of(line.customer_id).check_sold(feature)
        return
    if line.id != by.subscriber_id:
        raise NotFound
    queries.allowance_of(line.id).check_change(feature)


def add_profile(*, by: Identity, customer_id: int, name: str, levels: Levels) -> Profile:
    """What `levels` does not name may be changed."""
    customer = hold_customer(customer_id)
    counted = select(func.count()).select_from(Profile).where(Profile.customer_id == customer.id)
    if (db.session().scalar(counted) or 0) >= rules.MOST_PROFILES:
        raise Refused("profiles-full", most=rules.MOST_PROFILES)
    free = _free_name(customer.id, name)
    profile = Profile(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        name=free,
        name_sort=i18n.sort_key(free),
        levels=Allowance.of(levels).as_stored(),
    )
    db.session().add(profile)
    db.session().flush()
    _record(Event.PROFILE_ADDED, by, profile)
    return profile


def change_profile(*, by: Identity, profile: Profile, version: int, name: str, levels: Levels) -> Profile:
    """Raises Conflict when somebody has changed it since it was at this version."""
    hold_customer(profile.customer_id)
    profile = queries.held_profile(profile)
    if profile.version != version:
        raise Conflict(profile.version)
    free = _free_name(profile.customer_id, name, besides=profile.id)
    was, now = Allowance(profile.levels).as_stored(), Allowance.of(levels).as_stored()
    changes: dict[str, Change] = {"name": (profile.name, free)}
    changes |= {feature.replace("-", "_"): (was[feature], now[feature]) for feature in now}
    changed = {what: change for what, change in changes.items() if change[0] != change[1]}
    if changed:
        profile.name, profile.name_sort, profile.levels = free, i18n.sort_key(free), now
        db.session().flush()
        _record(Event.PROFILE_CHANGED, by, profile, **changed)
    return profile


def remove_profile(*, by: Identity, profile: Profile) -> None:
    """Raises Refused while it is the company’s or anybody’s."""
    customer = hold_customer(profile.customer_id)
    profile = queries.held_profile(profile)
    if customer.default_profile_id == profile.id:
        raise Refused("profile-of-company")
    held = queries.holders_of(profile.id)
    if held:
        raise Refused("profile-held", count=held)
    _record(Event.PROFILE_REMOVED, by, profile)
    db.session().delete(profile)
    db.session().flush()


def give_profile(*, by: Identity, line: Subscriber, profile: Profile | None, version: int | None = None) -> Profile | None:
    """Somebody’s line gets a profile of its own, or none: then that of the company counts. Says which it had.

    Raises Conflict when the line has changed since it was at `version`, if one is given.
    """
    hold_customer(line.customer_id)
    line = queries.hold(line)
    if version is not None and line.version != version:
        raise Conflict(line.version)
    if line.kind not in queries.PERSONAL or (profile is not None and profile.customer_id != line.customer_id):
        raise NotFound
    wanted = None if profile is None else queries.held_profile(profile)
    was = db.session().get(Profile, line.profile_id) if line.profile_id else None
    if was is not wanted:
        line.profile_id = wanted.id if wanted else None
        record(Event.PROFILE_GIVEN, by=by, line=line, profile=_names(was, wanted))
        db.session().flush()
    return was


def make_default(*, by: Identity, customer_id: int, profile: Profile | None) -> Profile | None:
    """What everybody without a profile of their own may do: what `profile` says, or everything. Says which it was."""
    customer = hold_customer(customer_id)
    if profile is not None and profile.customer_id != customer.id:
        raise NotFound
    wanted = None if profile is None else queries.held_profile(profile)
    was = queries.default_profile(customer.id)
    if was is not wanted:
        customer.default_profile_id = wanted.id if wanted else None
        _record_default(by, customer, _names(was, wanted))
        db.session().flush()
    return was


def _free_name(customer_id: int, typed: str, *, besides: int | None = None) -> str:
    name = rules.check_profile_name(typed)
    if queries.profile_name_taken(customer_id, i18n.sort_key(name), besides):
        raise Refused("profile-name-taken", field="name")
    return name


def _names(was: Profile | None, now: Profile | None) -> tuple[str | None, str | None]:
    return was.name if was else None, now.name if now else None


def _record(event: Event, by: Identity, profile: Profile, **details: object) -> None:
    audit.record(
        event,
        by=by,
        subject=profile.public_id,
        label=profile.name,
        reseller_id=profile.reseller_id,
        customer_id=profile.customer_id,
        **details,
    )


def _record_default(by: Identity, customer: Customer, profile: tuple[str | None, str | None]) -> None:
    audit.record(
        Event.DEFAULT_PROFILE_CHANGED,
        by=by,
        subject=customer.public_id,
        label=customer.name,
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        profile=profile,
    )

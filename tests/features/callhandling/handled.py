"""Lines of the cast with their rules of forwarding and their profiles."""

from portal.core import db
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.callhandling import operations, queries
from portal.features.callhandling.rules import Plan
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Profile, Subscriber
from portal.features.subscribers.rules import Allowance, Feature, Level
from tests.cast import Cast

LEVELS = {Level.OFF: "off", Level.USE: "use", Level.CHANGE: "change"}


def id_of(cast: Cast, name: str) -> PublicId:
    """Of somebody's line, or of a group."""
    line = cast.groups[name] if name in cast.groups else cast.people[name].subscriber
    return line.public_id


def path(cast: Cast, name: str, *more: str) -> str:
    return "/".join(["/call-handling", id_of(cast, name), *more])


def add(cast: Cast, name: str, plan: Plan) -> PublicId:
    """A rule, by whoever runs the company."""
    runs = cast.people[name] if name in {"ike", "charlie"} else cast.clare
    with db.unit_of_work(runs.scope):
        line = subscribers.line(id_of(cast, name))
        return operations.add_forward(by=runs.identity, line=line, plan=plan).public_id


def rules(cast: Cast, name: str) -> list[queries.Rule]:
    with db.unit_of_work(Scope.platform()):
        return list(queries.sheet(id_of(cast, name)).rules)


def give_level(line: Subscriber, *features: Feature, level: Level) -> None:
    """A profile of its own, in the unit of work that the line is of."""
    levels = {**Allowance().as_stored(), **{feature.value: LEVELS[level] for feature in features}}
    own = {"reseller_id": line.reseller_id, "customer_id": line.customer_id}
    profile = Profile(**own, name=f"For {line.display_name}", name_sort=f"for {line.display_name}".lower(), levels=levels)
    db.session().add(profile)
    db.session().flush()
    line.profile_id = profile.id
    db.session().flush()


def allow(cast: Cast, name: str, *features: Feature, level: Level) -> None:
    with db.unit_of_work(cast.clare.scope):
        give_level(subscribers.line(id_of(cast, name)), *features, level=level)

"""Where calls to a group go that nobody answers."""

from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.features.callhandling import operations as callhandling, queries as handling, rules as forwarding
from portal.features.callhandling.models import Forward
from portal.features.callhandling.rules import Destination, Plan, When
from portal.features.subscribers.models import Subscriber


def answer_elsewhere(*, by: Identity, group: Subscriber, rule: PublicId | None, to: Destination | None) -> None:
    """The calls go to another place, or end where `to` is None. `rule`: the one that has said so far where they go.

    Raises Conflict when somebody else has changed what happens then; Refused at the field “unanswered”.
    """
    if to is not None and to.line == group.public_id:
        raise Refused("unanswered-itself", field="unanswered")
    present = [one for one in handling.forwards_of(group.id) if one.when == When.NO_ANSWER and one.starts_at is None]
    if [one.public_id for one in present] != ([rule] if rule else []):
        raise Conflict(group.version)
    try:
        _write(by, group, present[0] if present else None, to)
    except Refused as refusal:
        raise Refused(refusal.code, field="unanswered", **refusal.facts) from None


def _write(by: Identity, group: Subscriber, present: Forward | None, to: Destination | None) -> None:
    plan = forwarding.Plan(when=When.NO_ANSWER, destinations=[to]) if to else None
    match present, plan:
        case None, Plan():
            callhandling.add_forward(by=by, line=group, plan=plan)
        case Forward(), Plan():
            callhandling.change_forward(by=by, line=group, forward=present, version=present.version, plan=plan)
        case Forward(), None:
            callhandling.remove_forward(by=by, line=group, forward=present)

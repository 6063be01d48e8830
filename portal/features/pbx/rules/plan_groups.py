"""The dry run of a file of groups."""

from collections.abc import Iterable, Sequence

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.pbx.rules.files import words
from portal.features.pbx.rules.plan_extensions import EXTENSION, Asked, key_of, take_new_extension
from portal.features.pbx.rules.plan_rows import Draft, LineNow, Planned, Row, Snapshot, Taken, begin, check_room, settle_numbers
from portal.features.pbx.rules.ringing import USUAL_RING, CancelMode, RingingPolicy
from portal.features.subscribers.rules import username_from

declare("row-member-unknown", N_("Nobody here is “%(member)s”. Say the extension."))

GROUP = "group"


def group_usernames(name: str, extension: str, pilot: str) -> list[str]:
    """SIP user names for a group in the order of preference."""
    spelled = username_from(name)
    candidates = (spelled, f"{spelled}-{extension}" if spelled else "", extension, f"{pilot}-{extension}")
    return [candidate for candidate in candidates if candidate]


def asked(rows: Iterable[Row], now: Snapshot) -> Asked:
    """What to look up before planning."""
    new = [row for row in rows if key_of(row) not in now.lines]
    names = {name for row in new for name in group_usernames(row.values.get("display_name", ""), key_of(row), now.pilot.username)}
    return Asked(frozenset(names), frozenset(), frozenset(now.base.digits + key_of(row) for row in new))


def plan(rows: Sequence[Row], now: Snapshot, taken: Taken) -> list[Planned]:
    drafts = begin(rows, EXTENSION, key_of)
    given: set[str] = set()
    for draft in drafts:
        draft.line = now.lines.get(key_of(draft.row))
        if draft.line is not None and draft.line.kind != GROUP:
            refusal = now.taken_by(key_of(draft.row))
            draft.refuse(EXTENSION, refusal.code, **refusal.facts)
            draft.line = None
            continue
        _take_ringing(draft)
        if draft.line is None:
            take_new_extension(draft, now, taken)
        draft.take_name()
        if draft.line is None:
            _take_username(draft, now, taken, given)
        draft.take_or_none("members", lambda typed: _members(typed, now), ())
        draft.take_or_none("numbers", now.numbers, ())
    settle_numbers(drafts, now)
    check_room(drafts, now.room)
    return [draft.planned() for draft in drafts]


def _take_ringing(draft: Draft) -> None:
    draft.take_if_said("policy", words.policy)
    draft.take_if_said("ring_seconds", words.seconds)
    draft.take_if_said("cancel_mode", words.cancel_mode)
    draft.take_if_said("ignore_forwards", words.switch)
    if draft.line is None:
        usual = {
            "policy": RingingPolicy.PARALLEL.value,
            "ring_seconds": USUAL_RING,
            "cancel_mode": CancelMode.CANCEL.value,
            "ignore_forwards": False,
        }
        draft.wanted = {**usual, **draft.wanted}


def _take_username(draft: Draft, now: Snapshot, taken: Taken, given: set[str]) -> None:
    """The first that nobody has; a row that is refused anyway needs none."""
    if draft.troubles:
        return
    names = group_usernames(draft.wanted["display_name"], draft.key, now.pilot.username)
    name = next((name for name in names if name not in taken.usernames and name not in given), None)
    if name is None:
        draft.refuse("display_name", "username-taken")
    else:
        given.add(name)
        draft.wanted["username"] = name


def _members(typed: str, now: Snapshot) -> tuple[str, ...]:
    """In ringing order."""
    found: list[str] = []
    for one in words.whole_or_parts(typed, lambda name: now.find(name) is not None):
        line = _member(one, now)
        if line.handle in found:
            raise Refused("member-twice", field="members", name=line.name)
        found.append(line.handle)
    return tuple(found)


def _member(typed: str, now: Snapshot) -> LineNow:
    line = now.find(typed)
    if line is None:
        raise Refused("row-member-unknown", field="members", member=typed)
    if line.kind == GROUP:
        raise Refused("member-line", field="members")
    return line

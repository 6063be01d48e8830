"""The dry run of a file of extensions: what would be created and changed, all rows together.

Checks in the order of creating one (domain.md 1.6), so that the first refusal of a row is the one that an operation gives.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from portal.core import i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.contacts.rules import check_email
from portal.features.numbers.rules import derived, listed
from portal.features.pbx.rules.extensions import default_usernames
from portal.features.pbx.rules.files import words
from portal.features.pbx.rules.plan_rows import (
    Draft,
    Planned,
    Row,
    Snapshot,
    Taken,
    begin,
    check_room,
    settle_numbers,
)
from portal.features.subscribers.rules import check_username

declare("row-username-stays", N_("This extension has the SIP user name %(username)s, and keeps it."))
declare("row-group-unknown", N_("There is no group “%(group)s”."))
declare("row-profile-unknown", N_("There is no profile “%(profile)s”."))

EXTENSION = "extension"


@dataclass(frozen=True)
class Asked:
    """The names and numbers that new lines would need."""

    usernames: frozenset[str]
    web_usernames: frozenset[str]
    digits: frozenset[str]


def key_of(row: Row) -> str:
    return "".join(row.values.get(EXTENSION, "").split())


def asked(rows: Iterable[Row], now: Snapshot) -> Asked:
    """What to look up before planning."""
    usernames, web, digits = set[str](), set[str](), set[str]()
    for row in rows:
        extension, line = key_of(row), now.lines.get(key_of(row))
        web.add(row.values.get("web_username", "").strip().lower())
        if line is None:
            names = {row.values.get("username", "").strip().lower(), *default_usernames(extension, now.pilot.username)}
            usernames |= names
            web |= names
            digits.add(now.base.digits + extension)
    return Asked(*(frozenset(found - {""}) for found in (usernames, web, digits)))


def plan(rows: Sequence[Row], now: Snapshot, taken: Taken, *, only_new: bool = False) -> list[Planned]:
    """What becomes of each row. `only_new`: an extension that somebody has is refused."""
    drafts = begin(rows, EXTENSION, key_of)
    names = _Names(taken)
    for draft in drafts:
        draft.line = now.lines.get(key_of(draft.row))
        if draft.line is None:
            take_new_extension(draft, now, taken)
            names.take_username(draft, default_usernames(draft.key, now.pilot.username))
        elif draft.line.kind != EXTENSION or only_new:
            _refuse_taken(draft, now)
            continue
        else:
            _keep_username(draft)
        _take_person(draft, now, names)
        _take_calls(draft, now)
    settle_numbers(drafts, now)
    for draft in drafts:
        _settle_outgoing(draft)
    check_room(drafts, now.room)
    return [draft.planned() for draft in drafts]


def take_new_extension(draft: Draft, now: Snapshot, taken: Taken) -> None:
    """An extension inside the range whose number outside is nobody's."""
    draft.take(EXTENSION, lambda: _claimed(draft.says(EXTENSION), now, taken))


def _claimed(typed: str, now: Snapshot, taken: Taken) -> str:
    extension = now.allowed.check(typed)
    number = derived(now.base, extension).digits
    holder = now.pool.get(number)
    if holder is not None:
        name = now.pilot.name if holder.owner is None else now.name_at(holder.owner)
        raise Refused("number-taken-by", field=EXTENSION, number=phone.spoken(number, now.home.cc), name=name)
    if number in taken.outside:
        code = "numbers-elsewhere" if taken.outside[number] else "numbers-outside"
        raise Refused(code, field=EXTENSION, numbers=listed([number], now.home.cc))
    if number in taken.digits:
        raise Refused("number-taken", field=EXTENSION)
    return extension


def _refuse_taken(draft: Draft, now: Snapshot) -> None:
    refusal = now.taken_by(key_of(draft.row))
    draft.refuse(EXTENSION, refusal.code, **refusal.facts)
    draft.line = None


def _keep_username(draft: Draft) -> None:
    typed = draft.says("username").strip().lower()
    if draft.line is not None and typed and typed != draft.line.username:
        draft.refuse("username", "row-username-stays", username=draft.line.username)


class _Names:
    """SIP and web user names, given once over all rows."""

    def __init__(self, taken: Taken) -> None:
        self._taken = taken
        self._given: dict[tuple[str, str], int] = {}

    def take_username(self, draft: Draft, candidates: Sequence[str]) -> None:
        """The one that is typed, else the first candidate that nobody has; without an extension there is none."""
        typed = draft.says("username").strip()
        if not (typed or draft.key):
            return
        free = (name for name in candidates if name not in self._taken.usernames and ("username", name) not in self._given)
        name = typed or next(free, candidates[0])
        draft.take("username", lambda: self._once(draft, "username", name, self._taken.usernames, "username-taken"))

    def take_web_username(self, draft: Draft, name: str) -> None:
        draft.take(
            "web_username",
            lambda: self._once(draft, "web_username", name, self._taken.web_usernames, "web-user-taken"),
        )

    def _once(self, draft: Draft, field: str, typed: str, taken: frozenset[str], code: str) -> str:
        name = check_username(typed, field=field)
        if name in taken:
            raise Refused(code, field=field)
        line = self._given.setdefault((field, name), draft.row.line)
        if line != draft.row.line:
            raise Refused("row-same-value", field=field, line=line)
        return name


def _take_person(draft: Draft, now: Snapshot, names: _Names) -> None:
    draft.take_name()
    draft.take_or_none("email", _email)
    _take_web_username(draft, names)
    current = draft.line.language if draft.line else None
    draft.take_or_none("language", lambda typed: words.language(typed, _offered(now, current)))
    draft.take_or_none("profile", lambda typed: _profile(typed, now))


@lru_cache(maxsize=20_000)
def _email(typed: str) -> str:
    return check_email(typed)


def _offered(now: Snapshot, current: str | None) -> tuple[str, ...]:
    return (*now.languages, *([current] if current and current not in now.languages else []))


def _profile(typed: str, now: Snapshot) -> str:
    name = now.profile_names.get(i18n.sort_key(typed))
    if name is None:
        raise Refused("row-profile-unknown", profile=typed.strip())
    return name


def _take_web_username(draft: Draft, names: _Names) -> None:
    """Something new has one in any case; of what is there, only an account has."""
    typed = draft.says("web_username").strip()
    if draft.line is None:
        name = typed or draft.wanted.get("username", "")
        if name:
            names.take_web_username(draft, name)
    elif typed and draft.line.web_username is not None and typed.lower() != draft.line.web_username:
        names.take_web_username(draft, typed)


def _take_calls(draft: Draft, now: Snapshot) -> None:
    draft.take_if_said("do_not_disturb", words.switch)
    draft.take_if_said("music_on_hold", words.switch)
    draft.take_or_none("numbers", now.numbers, ())
    draft.take_or_none("groups", lambda typed: _groups(typed, now), ())
    draft.take_if_said("outgoing", lambda typed: words.outgoing(typed, now.number))
    if draft.line is None:
        usual = {"do_not_disturb": False, "music_on_hold": True, "outgoing": words.OWN}
        draft.wanted = {**usual, **draft.wanted}


def _groups(typed: str, now: Snapshot) -> tuple[str, ...]:
    return tuple(sorted({_group(one, now) for one in words.whole_or_parts(typed, lambda name: now.find(name) is not None)}))


def _group(name: str, now: Snapshot) -> str:
    line = now.find(name)
    if line is None or line.kind != "group":
        raise Refused("row-group-unknown", group=name)
    return line.handle


def _settle_outgoing(draft: Draft) -> None:
    """A further number is shown by whoever has it; who gives it away shows the own one again."""
    line = draft.line
    numbers = draft.wanted.get("numbers", line.numbers if line else ())
    shown = draft.wanted.get("outgoing", line.outgoing if line else words.OWN)
    if shown in {words.OWN, words.BASE} or shown in numbers:
        return
    if "outgoing" in draft.wanted:
        draft.refuse("outgoing", "outgoing-number")
    else:
        draft.wanted["outgoing"] = words.OWN

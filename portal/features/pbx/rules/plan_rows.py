"""What a dry run is about: rows as they come, the company as it stands, and what becomes of each row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum, auto
from functools import cached_property
from typing import Any

from portal.core import i18n, phone
from portal.core.errors import SENTENCES, Refused, declare
from portal.core.i18n import N_
from portal.core.phone import Home, NotANumber, Parts
from portal.features.pbx.rules.extensions import Range, next_free
from portal.features.pbx.rules.files import words
from portal.features.subscribers.rules import check_name

declare("row-twice-extension", N_("Row %(line)s is about the same extension. Keep one of them."))
declare("row-twice-number", N_("Row %(line)s is about the same number. Keep one of them."))
declare("row-same-value", N_("Row %(line)s has the same. Two cannot have it."))
declare("row-wide", N_("This row has more cells than there are headings; perhaps a quotation mark is missing."))
declare("row-number-unknown", N_("%(number)s is none of your further numbers."))
declare("row-number-twice", N_("Row %(line)s wants %(number)s as well."))


BEYOND = ""


class Verdict(StrEnum):
    NEW = auto()
    CHANGED = auto()
    SAME = auto()
    REFUSED = auto()


@dataclass(frozen=True)
class Row:
    """A row of a file: what it says about each field that has a column; under BEYOND, what stands beyond its columns."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True)
class Trouble:
    """What is in the way of a row, and at which of its fields."""

    field: str
    code: str
    facts: Mapping[str, Any]

    def sentence(self) -> str:
        """In the reader's language."""
        return i18n.gettext(SENTENCES[self.code], **words.more_facts(self.code), **self.facts)


@dataclass(frozen=True)
class Planned:
    """What becomes of a row. `changes`: field -> (was, now); of something new, `was` is None."""

    line: int
    verdict: Verdict
    values: Mapping[str, str]
    changes: Mapping[str, tuple[Any, Any]]
    troubles: Sequence[Trouble]
    subject: str | None


@dataclass(frozen=True, kw_only=True)
class LineNow:
    """A line of the company. `handle` is what files call it by (see `handle_of`).

    `web_username` None: nobody signs in with it. `outgoing`: own, base, or digits. `numbers` are digits, `groups` and `members`
    are handles.
    """

    public_id: str
    kind: str
    handle: str
    name: str
    username: str
    web_username: str | None = None
    email: str | None = None
    language: str | None = None
    outgoing: str = words.OWN
    do_not_disturb: bool = False
    music_on_hold: bool = True
    numbers: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    profile: str | None = None
    policy: str | None = None
    ring_seconds: int | None = None
    cancel_mode: str | None = None
    ignore_forwards: bool = False
    members: tuple[str, ...] = ()


def handle_of(extension: str | None, username: str) -> str:
    """What files call a line by: its extension; the pilot has none, and is called by a user name that looks like none."""
    return extension or (f"@{username}" if username.isdigit() else username)


@dataclass(frozen=True)
class NumberNow:
    """A further number. `owner` is a handle, None while it is free."""

    public_id: str
    owner: str | None
    parts: Parts

    @property
    def text(self) -> str:
        """As it stands in files."""
        return words.number_text(self.parts)


@dataclass(frozen=True)
class Room:
    """How many more lines there may be; None: as many as one likes. `limit` is that of the contract."""

    customer: int | None = None
    reseller: int | None = None
    limit: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """A company at one moment. `pool`: digits -> further number; `profiles` are names."""

    allowed: Range
    base: Parts
    home: Home
    lines: Mapping[str, LineNow]
    pilot: LineNow
    pool: Mapping[str, NumberNow]
    profiles: Sequence[str] = ()
    languages: Sequence[str] = ()
    room: Room = Room()

    @cached_property
    def free(self) -> int | None:
        """The extension to offer instead of a taken one."""
        used = {int(line.handle): line.kind for line in self.lines.values()}
        return next_free(used.keys(), self.allowed, [one for one, kind in used.items() if kind == "extension"])

    @cached_property
    def by_name(self) -> Mapping[str, Sequence[LineNow]]:
        found: dict[str, list[LineNow]] = {}
        for line in (self.pilot, *self.lines.values()):
            found.setdefault(i18n.sort_key(line.name), []).append(line)
        return found

    @cached_property
    def profile_names(self) -> Mapping[str, str]:
        return {i18n.sort_key(name): name for name in self.profiles}

    def find(self, typed: str) -> LineNow | None:
        """By its extension, the pilot as in `handle_of`, or by a name that only one has."""
        handle = "".join(typed.split())
        if handle in self.lines:
            return self.lines[handle]
        if handle.lower() == self.pilot.handle:
            return self.pilot
        named = self.by_name.get(i18n.sort_key(typed), ())
        return named[0] if len(named) == 1 else None

    def taken_by(self, extension: str) -> Refused:
        """That somebody has an extension."""
        code = "extension-taken-by" if self.free is not None else "extension-taken-by-full"
        name = self.lines[extension].name
        return Refused(code, field="extension", extension=extension, name=name, free=self.free)

    def number(self, typed: str) -> str:
        """The digits of a further number. Raises Refused for what is none."""
        try:
            digits = words.digits(typed, self.home, self.pool)
        except NotANumber:
            raise Refused("row-number-unknown", number=typed.strip()) from None
        if digits not in self.pool:
            raise Refused("row-number-unknown", number=phone.spoken(digits, self.home.cc))
        return digits

    def numbers(self, typed: str) -> tuple[str, ...]:
        return tuple(sorted({self.number(one) for one in words.parts(typed)}))

    def name_at(self, handle: str | None) -> str:
        line = self.lines.get(handle or "")
        return line.name if line else ""


@dataclass(frozen=True)
class Taken:
    """Of the names and numbers that a file needs, those that somebody has, whoever it is, or that cannot be given here."""

    usernames: frozenset[str] = frozenset()
    web_usernames: frozenset[str] = frozenset()
    digits: frozenset[str] = frozenset()
    outside: Mapping[str, bool] = field(default_factory=dict)  # of all blocks that count; whether another has its block


@dataclass
class Draft:
    """A row while it is judged: what it asks for, and what is in its way."""

    row: Row
    line: LineNow | None = None
    wanted: dict[str, Any] = field(default_factory=dict)
    troubles: list[Trouble] = field(default_factory=list)
    subject: str | None = None

    @property
    def key(self) -> str:
        return str(self.wanted.get("extension", ""))

    def says(self, name: str) -> str:
        return self.row.values.get(name, "")

    def refuse(self, field: str, code: str, /, **facts: Any) -> None:
        self.troubles.append(Trouble(field, code, facts))

    def take(self, name: str, read: Callable[[], Any]) -> None:
        """What a cell says, or why that cannot be."""
        try:
            self.wanted[name] = read()
        except Refused as refusal:
            self.troubles.append(self.trouble(name, refusal))

    def trouble(self, name: str, refusal: Refused) -> Trouble:
        return Trouble(refusal.field or name, refusal.code, refusal.facts)

    def take_if_said(self, name: str, read: Callable[[str], Any]) -> None:
        """The same; a column that is not there, or an empty cell, asks for nothing."""
        typed = self.says(name)
        if typed.strip():
            self.take(name, lambda: read(typed))

    def take_or_none(self, name: str, read: Callable[[str], Any], nothing: Any = None) -> None:
        """The same; an empty cell asks for nothing to be there."""
        typed = self.says(name)
        if typed.strip():
            self.take(name, lambda: read(typed))
        elif name in self.row.values:
            self.wanted[name] = nothing

    def take_name(self) -> None:
        """Something new needs one."""
        if self.line is None or "display_name" in self.row.values:
            self.take("display_name", lambda: check_name(self.says("display_name")))

    def planned(self) -> Planned:
        changes = self._changes()
        verdict = self._verdict(changes)
        subject = self.subject or (self.line.public_id if self.line else None)
        kept = changes if verdict in {Verdict.NEW, Verdict.CHANGED} else {}
        return Planned(self.row.line, verdict, self.row.values, kept, self.troubles, subject)

    def _changes(self) -> dict[str, tuple[Any, Any]]:
        was = {name: _was(self.line, name) for name in self.wanted}
        pairs = {name: (_listed(was[name]), _listed(now)) for name, now in self.wanted.items()}
        if self.line is None:
            return {name: pair for name, pair in pairs.items() if pair[1] not in (None, [])}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def _verdict(self, changes: Mapping[str, Any]) -> Verdict:
        if self.troubles:
            return Verdict.REFUSED
        if self.line is None:
            return Verdict.NEW
        return Verdict.CHANGED if changes else Verdict.SAME


def _was(line: LineNow | None, name: str) -> Any:
    if line is None:
        return None
    return line.name if name == "display_name" else line.handle if name == "extension" else getattr(line, name)


def _listed(value: Any) -> Any:
    """As it is stored."""
    return list(value) if isinstance(value, tuple) else value


def begin(rows: Iterable[Row], what: str, key: Callable[[Row], str]) -> list[Draft]:
    """Drafts of rows; those about the same `what` (extension or number) are refused, each naming the other."""
    drafts = [Draft(row) for row in rows]
    together: dict[str, list[Draft]] = {}
    for draft in drafts:
        if draft.row.values.get(BEYOND):
            draft.refuse("", "row-wide")
        together.setdefault(key(draft.row), []).append(draft)
    for asked, same in together.items():
        for draft in same if asked and len(same) > 1 else ():
            draft.refuse(what, f"row-twice-{what}", line=(same[1] if draft is same[0] else same[0]).row.line)
    return drafts


def check_room(drafts: Sequence[Draft], room: Room) -> None:
    """The limits of the contract and of the provider count over the whole file."""
    left_here, left_there = room.customer, room.reseller
    for draft in drafts:
        if draft.line is not None:
            continue
        if left_here is not None and left_here <= 0:
            draft.troubles.insert(0, Trouble("", "customer-full", {"limit": room.limit}))
        elif left_there is not None and left_there <= 0:
            draft.troubles.insert(0, Trouble("", "reseller-full", {}))
        elif not draft.troubles:
            left_here = None if left_here is None else left_here - 1
            left_there = None if left_there is None else left_there - 1


def settle_numbers(drafts: Sequence[Draft], now: Snapshot) -> None:
    """Who gets which further number, all rows together: what one row gives back another one may have."""
    while True:
        standing = [draft for draft in drafts if not draft.troubles]
        given_back = {digits for draft in standing for digits in _lost(draft)}
        claims: dict[str, list[Draft]] = {}
        for draft in standing:
            for digits in _gained(draft):
                claims.setdefault(digits, []).append(draft)
        settled = [_settle(digits, who, now, given_back) for digits, who in claims.items()]
        if not any(settled):
            return


def _settle(digits: str, who: Sequence[Draft], now: Snapshot, given_back: set[str]) -> bool:
    """Whether somebody cannot have it."""
    number, owner = phone.spoken(digits, now.home.cc), now.pool[digits].owner
    if owner is not None and digits not in given_back:
        for draft in who:
            draft.refuse("numbers", "number-not-free", number=number, name=now.name_at(owner))
        return True
    for draft in who if len(who) > 1 else ():
        other = next(one for one in who if one is not draft)
        draft.refuse("numbers", "row-number-twice", number=number, line=other.row.line)
    return len(who) > 1


def _gained(draft: Draft) -> set[str]:
    return set(draft.wanted.get("numbers", ())) - set(draft.line.numbers if draft.line else ())


def _lost(draft: Draft) -> set[str]:
    if draft.line is None or "numbers" not in draft.wanted:
        return set()
    return set(draft.line.numbers) - set(draft.wanted["numbers"])

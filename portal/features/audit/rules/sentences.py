"""What the audit log says in words.

An event, by its stored word, has two sentences: for the one who did it, and for everybody else.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from babel import UnknownLocaleError

from portal.core import i18n, phone
from portal.core.i18n import N_
from portal.features.audit.rules.pairs import OWN_PHONEBOOK, SENTENCES as SENTENCES, Pair, lines, naming, peers
from portal.features.audit.rules.pairs.staff import mail_language, staff_changes
from portal.features.audit.rules.parts import parts_of_customer

LISTED = 3  # numbers in a sentence


# The same events when more is known.
MOVED_FROM = Pair(
    N_("You gave %(label)s %(numbers)s; before: %(was)s"), N_("%(name)s gave %(label)s %(numbers)s; before: %(was)s")
)
MOVED_TO = Pair(
    N_("You took %(numbers)s from %(label)s; now with %(now)s"),
    N_("%(name)s took %(numbers)s from %(label)s; now with %(now)s"),
)

UNKNOWN = Pair(
    N_("You did what this page has no words for: %(event)s"), N_("%(name)s did what this page has no words for: %(event)s")
)

# What comes of a row of another version of the portal, or of one that was touched.
UNREADABLE = (AttributeError, LookupError, TypeError, ValueError, UnknownLocaleError)

LEVELS: Mapping[int, str] = {
    1: N_("calls inside only"),
    2: N_("no outgoing calls"),
    3: N_("no calls at all"),
    4: N_("no calls and no sign-in"),
    5: N_("number taken to another provider"),
}

FIELDS: Mapping[str, str] = {
    "display_name": N_("name"),
    "email": N_("e-mail"),
    "web_username": N_("web user name"),
    "language": N_("language"),
    "time_zone": N_("time zone"),
    "scheme": N_("light or dark"),
    "extension": N_("extension"),
    "outgoing": N_("called people see"),
    "do_not_disturb": N_("do not disturb"),
    "music_on_hold": N_("music on hold"),
    "policy": N_("ringing policy"),
    "ring_seconds": N_("seconds of ringing"),
    "cancel_mode": N_("when the call ends before an answer"),
    "ignore_forwards": N_("members’ own forwarding is ignored"),
    "hide_outside": N_("own number hidden outside"),
    "hide_inside": N_("own number hidden from colleagues"),
    "name": N_("name"),
    "max_subscribers": N_("lines at most"),
    "blocks_only": N_("numbers of own blocks only"),
    "external_id": N_("external #"),
    "contact": N_("contact"),
    "max_calls": N_("calls at the same time"),
    "next_hop": N_("where calls go"),
    "new_device_mail": N_("mail about new phones"),
    "number": N_("own number"),
    "priority": N_("priority"),
    "contract": N_("contract"),
}
CHANGES = frozenset(
    {
        "line-changed",
        "extension-changed",
        "account-changed",
        "group-changed",
        "handling-changed",
        "reseller-changed",
        "contract-changed",
        "peering-group-changed",
    }
)
WHEN: Mapping[str, str] = {
    "always": N_("always"),
    "busy": N_("when busy"),
    "no-answer": N_("when not answered"),
    "unreachable": N_("when not reachable"),
}
IMPORTED: Mapping[str, str] = {"added": N_("%(num)s added"), "changed": N_("%(num)s changed")}
POLICIES: Mapping[str, str] = {
    "parallel": N_("all at once"),
    "serial": N_("one after the other"),
    "circular": N_("in turn, starting with the next"),
    "random": N_("in random order"),
}
CANCEL_MODES: Mapping[str, str] = {"cancel": N_("cancel the ringing"), "bye": N_("hang up")}
OUTGOING: Mapping[str, str] = {"own": N_("the own number"), "base": N_("the base number")}
SCHEMES: Mapping[str, str] = {"light": N_("light"), "dark": N_("dark")}


def sentence(event: str, details: Mapping[str, Any], *, name: str, label: str | None, you: bool, home_cc: str) -> str:
    """One event in the reader's language. `name` did it, `label` is what it happened to; `you`: the reader did it."""
    who = {"name": name, "label": label or ""}
    try:
        pair = _pair(event, details)
        return i18n.gettext(pair.you if you else pair.other, **_facts(event, details, home_cc), **who)
    except UNREADABLE:
        return i18n.gettext(UNKNOWN.you if you else UNKNOWN.other, event=event, **who)


class Happened(Protocol):
    """An entry of the audit log."""

    @property
    def at(self) -> datetime: ...
    @property
    def event(self) -> str: ...
    @property
    def actor(self) -> str | None: ...
    @property
    def actor_name(self) -> str: ...
    @property
    def as_whom_name(self) -> str | None: ...
    @property
    def label(self) -> str | None: ...
    @property
    def details(self) -> Mapping[str, Any]: ...


class Told(NamedTuple):
    """An entry as a history panel shows it."""

    sentence: str
    at: datetime
    by: str


def told(entries: Iterable[Happened], *, reader: str | None, home_cc: str) -> list[Told]:
    """For the eyes of `reader`, who is “you” there."""
    return [
        Told(
            sentence(
                entry.event,
                entry.details,
                name=doer(entry.actor_name, entry.as_whom_name),
                label=entry.label,
                you=entry.actor is not None and entry.actor == reader,
                home_cc=home_cc,
            ),
            entry.at,
            entry.actor_name,
        )
        for entry in entries
    ]


def doer(name: str, as_whom: str | None) -> str:
    """Who did it, both names if it was done while viewing as somebody else."""
    return i18n.gettext(N_("%(name)s (as %(whom)s)"), name=name, whom=as_whom) if as_whom else name


def _pair(event: str, details: Mapping[str, Any]) -> Pair:
    if event == "number-assigned" and details.get("was"):
        return MOVED_FROM
    if event == "number-returned" and details.get("now"):
        return MOVED_TO
    if details.get("own") is True and event in OWN_PHONEBOOK:
        return OWN_PHONEBOOK[event]
    return SENTENCES[event]


def _facts(event: str, details: Mapping[str, Any], home_cc: str) -> dict[str, object]:
    facts: dict[str, object] = {name: details.get(name, "") for name in ("extension", "was", "now", "passkey", "provider")}
    if event in CHANGES:
        facts["changes"] = _changes(details, home_cc)
    elif event in MORE_FACTS:
        facts |= MORE_FACTS[event](details, home_cc)
    if isinstance(details.get("numbers"), list):
        facts["numbers"] = _numbers(details["numbers"], home_cc)
    return facts


def _pair_of(name: str, nothing: str) -> "MoreFacts":
    def was_and_now(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
        return {
            word: value or i18n.gettext(nothing)
            for word, value in zip(("was", "now"), details.get(name) or (None, None), strict=True)
        }

    return was_and_now


def _lock(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"level": i18n.gettext(LEVELS[details["level"][1]]), "reason": details["reason"][1]}


def _reseller_lock(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"reason": details["reason"][1]}


CONTRACT_STATES: Mapping[str, str] = {"active": N_("active"), "locked": N_("locked"), "terminated": N_("terminated")}


def _contract_state(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"now": i18n.gettext(CONTRACT_STATES[details["state"][1]])}


def _base_number(details: Mapping[str, Any], home_cc: str) -> dict[str, object]:
    was, now = (phone.spoken(digits, home_cc) for digits in details["number"])
    return {"was": was, "now": now}


def _reason(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"reason": details.get("reason") or ""}


def _members(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    return {"members": i18n.listed(details["members"]) or i18n.gettext(N_("nobody"))}


def _forward(details: Mapping[str, Any], home_cc: str) -> dict[str, object]:
    """`to` holds digits of numbers, and names of people and groups."""
    to = i18n.listed(phone.spoken(one, home_cc) if one.isdigit() else one for one in details["to"])
    words = i18n.gettext(N_("%(when)s to %(to)s"), when=i18n.gettext(WHEN[details["when"]]), to=to or i18n.gettext(N_("nobody")))
    if "enabled" in details:
        switched = i18n.gettext(N_("on") if details["enabled"][1] else N_("off"))
        words = i18n.gettext(N_("%(forward)s, %(switched)s"), forward=words, switched=switched)
    return {"forward": words}


def _imported(details: Mapping[str, Any], _home_cc: str) -> dict[str, object]:
    counts = [(details.get(name) or 0, words) for name, words in IMPORTED.items()]
    summary = i18n.listed(i18n.gettext(words, num=number) for number, words in counts if number)
    return {"summary": summary or i18n.gettext(N_("nothing"))}


MoreFacts = Callable[[Mapping[str, Any], str], dict[str, object]]
MORE_FACTS: Mapping[str, MoreFacts] = {
    "email-changed": _pair_of("change", N_("none")),
    "passkey-renamed": _pair_of("change", N_("none")),
    "profile-given": _pair_of("profile", N_("as the company")),
    "default-profile-changed": _pair_of("profile", N_("everything allowed")),
    "view-started": _reason,
    "languages-changed": naming.languages,
    "staff-changed": staff_changes,
    "mail-template-changed": mail_language,
    "mail-template-reset": mail_language,
    "extension-locked": _lock,
    "reseller-locked": _reseller_lock,
    "contract-state-changed": _contract_state,
    "base-number-changed": _base_number,
    "group-members-changed": _members,
    "forward-added": _forward,
    "forward-changed": _forward,
    "forward-removed": _forward,
    "import-written": _imported,
    "customer-changed": parts_of_customer,
    "customer-locked": _reason,
    **lines.FACTS,
    **peers.FACTS,
}


def _numbers(digits: list[str], home_cc: str) -> str:
    shown = i18n.listed(phone.spoken(one, home_cc) for one in digits[:LISTED])
    return (
        shown
        if len(digits) <= LISTED
        else i18n.gettext(N_("%(shown)s and %(more)s more"), shown=shown, more=len(digits) - LISTED)
    )


def _changes(details: Mapping[str, Any], home_cc: str) -> str:
    parts = [
        i18n.gettext(
            N_("%(what)s %(now)s (before: %(was)s)"),
            what=i18n.gettext(FIELDS[name]),
            now=_value(name, now, home_cc),
            was=_value(name, was, home_cc),
        )
        for name in FIELDS
        if name in details
        for was, now in [details[name]]
    ]
    return "; ".join(parts)


def _value(name: str, value: Any, home_cc: str) -> str:
    if value is None or value == "":
        return i18n.gettext(N_("none"))
    if isinstance(value, bool):
        return i18n.gettext(N_("on") if value else N_("off"))
    if value in CHOICES.get(name, {}):
        return i18n.gettext(CHOICES[name][value])
    if name == "language":
        return i18n.language_name(value)
    if name in {"outgoing", "number"}:
        return phone.spoken(value, home_cc)
    return str(value) if isinstance(value, int) else i18n.gettext(N_("“%(value)s”"), value=value)


CHOICES: Mapping[str, Mapping[str, str]] = {
    "cancel_mode": CANCEL_MODES,
    "outgoing": OUTGOING,
    "policy": POLICIES,
    "scheme": SCHEMES,
}

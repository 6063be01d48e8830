"""What the audit log says in words.

An event, by its stored word, has two sentences: for the one who did it, and for everybody else.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple, Protocol

from babel import UnknownLocaleError

from portal.core import i18n, phone
from portal.core.i18n import N_

LISTED = 3  # numbers in a sentence


class Pair(NamedTuple):
    you: str
    other: str


SENTENCES: Mapping[str, Pair] = {
    "signed-in": Pair(N_("You signed in"), N_("%(name)s signed in")),
    "sign-in-failed": Pair(N_("A sign-in failed"), N_("A sign-in as %(name)s failed")),
    "signed-out": Pair(N_("You signed out"), N_("%(name)s signed out")),
    "password-changed": Pair(N_("You changed your web password"), N_("%(name)s chose a new web password")),
    "account-changed": Pair(N_("You changed your settings: %(changes)s"), N_("%(name)s changed their settings: %(changes)s")),
    "account-opened": Pair(N_("You opened the account of %(label)s"), N_("%(name)s opened the account of %(label)s")),
    "reseller-created": Pair(N_("You added the reseller %(label)s"), N_("%(name)s added the reseller %(label)s")),
    "domain-added": Pair(N_("You added the domain %(label)s"), N_("%(name)s added the domain %(label)s")),
    "host-added": Pair(N_("You added the web address %(label)s"), N_("%(name)s added the web address %(label)s")),
    "contact-created": Pair(N_("You added the contact %(label)s"), N_("%(name)s added the contact %(label)s")),
    "customer-created": Pair(N_("You added the customer %(label)s"), N_("%(name)s added the customer %(label)s")),
    "line-created": Pair(N_("You set up the line of %(label)s"), N_("%(name)s set up the line of %(label)s")),
    "base-number-changed": Pair(
        N_("You changed the base number to %(now)s; before: %(was)s"),
        N_("%(name)s changed the base number to %(now)s; before: %(was)s"),
    ),
    "group-created": Pair(
        N_("You created the group %(label)s, %(extension)s"), N_("%(name)s created the group %(label)s, %(extension)s")
    ),
    "extension-created": Pair(
        N_("You added %(label)s as extension %(extension)s"),
        N_("%(name)s added %(label)s as extension %(extension)s"),
    ),
    "extension-changed": Pair(N_("You changed %(label)s: %(changes)s"), N_("%(name)s changed %(label)s: %(changes)s")),
    "extension-locked": Pair(
        N_("You locked %(label)s: %(level)s. Reason: %(reason)s"),
        N_("%(name)s locked %(label)s: %(level)s. Reason: %(reason)s"),
    ),
    "extension-unlocked": Pair(N_("You unlocked %(label)s"), N_("%(name)s unlocked %(label)s")),
    "extension-terminated": Pair(N_("You removed %(label)s"), N_("%(name)s removed %(label)s")),
    "web-password-set": Pair(N_("You set a web password for %(label)s"), N_("%(name)s set a web password for %(label)s")),
    "sip-password-renewed": Pair(
        N_("You made a new SIP password for %(label)s"), N_("%(name)s made a new SIP password for %(label)s")
    ),
    "numbers-added": Pair(N_("You added to the pool: %(numbers)s"), N_("%(name)s added to the pool: %(numbers)s")),
    "number-assigned": Pair(N_("You gave %(label)s %(numbers)s"), N_("%(name)s gave %(label)s %(numbers)s")),
    "number-returned": Pair(N_("You took %(numbers)s from %(label)s"), N_("%(name)s took %(numbers)s from %(label)s")),
    "calls-imported": Pair(N_("You imported calls"), N_("%(name)s imported calls")),
    "invited": Pair(
        N_("You invited %(label)s to sign in"),
        N_("%(name)s invited %(label)s to sign in"),
    ),
    "invitation-accepted": Pair(
        N_("You accepted the invitation and chose a web password"),
        N_("%(name)s accepted the invitation and chose a web password"),
    ),
    "reset-sent": Pair(
        N_("You had a link to a new web password sent to %(label)s"),
        N_("%(name)s had a link to a new web password sent to %(label)s"),
    ),
    "password-reset": Pair(
        N_("You chose a new web password by a mailed link"),
        N_("%(name)s chose a new web password by a mailed link"),
    ),
    "email-changed": Pair(
        N_("You changed your e-mail address to %(now)s; before: %(was)s"),
        N_("%(name)s changed the e-mail address of %(label)s to %(now)s; before: %(was)s"),
    ),
    "factor-failed": Pair(
        N_("A second factor of yours was not right"),
        N_("A second factor of %(label)s was not right"),
    ),
    "totp-added": Pair(
        N_("You set up an authenticator app"),
        N_("%(name)s set up an authenticator app"),
    ),
    "totp-removed": Pair(
        N_("You removed your authenticator app"),
        N_("%(name)s removed their authenticator app"),
    ),
    "recovery-codes-made": Pair(
        N_("You made new recovery codes"),
        N_("%(name)s made new recovery codes"),
    ),
    "recovery-code-used": Pair(
        N_("You used a recovery code"),
        N_("%(name)s used a recovery code"),
    ),
    "passkey-added": Pair(
        N_("You added the passkey “%(passkey)s”"),
        N_("%(name)s added the passkey “%(passkey)s”"),
    ),
    "passkey-renamed": Pair(
        N_("You renamed the passkey “%(was)s” to “%(now)s”"),
        N_("%(name)s renamed the passkey “%(was)s” to “%(now)s”"),
    ),
    "passkey-removed": Pair(
        N_("You removed the passkey “%(passkey)s”"),
        N_("%(name)s removed the passkey “%(passkey)s”"),
    ),
    "factors-cleared": Pair(
        N_("You cleared the second factors of %(label)s"),
        N_("%(name)s cleared the second factors of %(label)s"),
    ),
    "session-ended": Pair(
        N_("You signed out one of your devices"),
        N_("%(name)s signed out one of their devices"),
    ),
    "sessions-ended": Pair(
        N_("You signed out all your other devices"),
        N_("%(name)s signed out all their other devices"),
    ),
    "wait-lifted": Pair(
        N_("You let %(label)s try to sign in again at once"),
        N_("%(name)s let %(label)s try to sign in again at once"),
    ),
    "provider-linked": Pair(
        N_("You linked your account with %(provider)s"),
        N_("%(name)s linked their account with %(provider)s"),
    ),
    "provider-unlinked": Pair(
        N_("You unlinked %(label)s from %(provider)s"),
        N_("%(name)s unlinked %(label)s from %(provider)s"),
    ),
    "single-sign-on-changed": Pair(
        N_("You changed single sign-on"),
        N_("%(name)s changed single sign-on"),
    ),
    "sign-in-rules-changed": Pair(
        N_("You changed the sign-in rules"),
        N_("%(name)s changed the sign-in rules"),
    ),
    "view-started": Pair(
        N_("You began to view as %(label)s. Reason: %(reason)s"),
        N_("%(name)s began to view as %(label)s. Reason: %(reason)s"),
    ),
    "view-ended": Pair(
        N_("You stopped viewing as %(label)s"),
        N_("%(name)s stopped viewing as %(label)s"),
    ),
    "mail-repeated": Pair(
        N_("You had a mail to %(label)s sent again"),
        N_("%(name)s had a mail to %(label)s sent again"),
    ),
}

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
}
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
    return SENTENCES[event]


def _facts(event: str, details: Mapping[str, Any], home_cc: str) -> dict[str, object]:
    facts: dict[str, object] = {name: details.get(name, "") for name in ("extension", "was", "now", "passkey", "provider")}
    if event in {"email-changed", "passkey-renamed"}:
        facts["was"], facts["now"] = (value or i18n.gettext(N_("none")) for value in details.get("change") or (None, None))
    if event == "view-started":
        facts["reason"] = details.get("reason") or ""
    if event in {"extension-changed", "account-changed"}:
        facts["changes"] = _changes(details, home_cc)
    if event == "extension-locked":
        facts["level"] = i18n.gettext(LEVELS[details["level"][1]])
        facts["reason"] = details["reason"][1]
    if event == "base-number-changed":
        facts["was"], facts["now"] = (phone.spoken(digits, home_cc) for digits in details["number"])
    if isinstance(details.get("numbers"), list):
        facts["numbers"] = _numbers(details["numbers"], home_cc)
    return facts


def _numbers(digits: list[str], home_cc: str) -> str:
    shown = ", ".join(phone.spoken(one, home_cc) for one in digits[:LISTED])
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
    if name == "language":
        return i18n.own_name(value)
    if name == "outgoing":
        return i18n.gettext(OUTGOING[value]) if value in OUTGOING else phone.spoken(value, home_cc)
    if name == "scheme" and value in SCHEMES:
        return i18n.gettext(SCHEMES[value])
    return i18n.gettext(N_("“%(value)s”"), value=value)

"""What a mail of each kind can speak of, by the names that its own words use."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.core import i18n
from portal.core.i18n import N_
from portal.mail.letterhead import Letterhead, Recipient
from portal.mail.moments import moment

LINK = "link"
Facts = Mapping[str, Any]


@dataclass(frozen=True)
class Variable:
    """`of` reads it from what the mail is composed of. `needed`: without it the mail is of no use."""

    name: str
    meaning: str
    of: Callable[[Letterhead, Recipient, Facts], str]
    needed: bool = False


def _fact(name: str) -> Callable[[Letterhead, Recipient, Facts], str]:
    return lambda _paper, _to, facts: str(facts.get(name) or i18n.gettext(N_("none")))


def _at(_paper: Letterhead, to: Recipient, facts: Facts) -> str:
    return moment(facts["at"], to.time_zone)


FACTOR_WORDS: Mapping[str, str] = {
    "app-added": N_("An authenticator app was set up"),
    "app-removed": N_("Your authenticator app was removed"),
    "codes-made": N_("New recovery codes were made"),
    "passkey-added": N_("A passkey was added"),
    "passkey-removed": N_("A passkey was removed"),
    "cleared": N_("Your second factors were removed"),
}


def _change(_paper: Letterhead, _to: Recipient, facts: Facts) -> str:
    words = FACTOR_WORDS[facts["what"]]
    return i18n.gettext(words)


def _left(_paper: Letterhead, _to: Recipient, facts: Facts) -> str:
    return str(facts["left"])


def _asker(_paper: Letterhead, to: Recipient, facts: Facts) -> str:
    return str(facts.get("asked_by") or to.name)


_NAME = Variable("name", N_("Whoever the mail is for"), lambda _paper, to, _facts: to.name)
_BRAND = Variable("brand", N_("Your name, as customers know it"), lambda paper, _to, _facts: paper.brand)
_LINK = Variable(LINK, N_("The address to follow"), lambda _paper, _to, facts: str(facts["url"]))
_NEEDED_LINK = Variable(LINK, N_("The address to follow; it works once"), _LINK.of, needed=True)
_AT = Variable("at", N_("When it happened"), _at)
_SIGN_IN_NAME = Variable("sign_in_name", N_("With what the person signs in"), _fact("name"))
_INVITER = Variable("inviter", N_("Who invites"), _fact("invited_by"))
_PROVIDER = Variable("provider", N_("The single sign-on provider"), _fact("provider"))

OF_KIND: Mapping[str, tuple[Variable, ...]] = {
    "confirm_email": (_NAME, _NEEDED_LINK, Variable("address", N_("The new address"), _fact("address")), _BRAND),
    "email_changed": (
        _NAME,
        _LINK,
        Variable("was", N_("The address before"), _fact("was")),
        Variable("now", N_("The address now, or “none”"), _fact("now")),
        _AT,
        _BRAND,
    ),
    "factor_changed": (
        _NAME,
        _LINK,
        Variable("change", N_("What was changed, as a sentence without its full stop"), _change, needed=True),
        _AT,
        _BRAND,
    ),
    "guessed": (_NAME, _NEEDED_LINK, _BRAND),
    "invitation": (_NAME, _NEEDED_LINK, _SIGN_IN_NAME, _INVITER, _BRAND),
    "staff_invitation": (_NAME, _NEEDED_LINK, _SIGN_IN_NAME, _INVITER, _BRAND),
    "new_device": (
        _NAME,
        _LINK,
        Variable("device", N_("Browser and system"), _fact("device"), needed=True),
        Variable("address", N_("The network address"), _fact("address")),
        _AT,
        _BRAND,
    ),
    "new_phone": (
        _NAME,
        _LINK,
        Variable("phone", N_("What the phone calls itself"), _fact("phone"), needed=True),
        Variable("line", N_("The line, by its name"), _fact("line")),
        Variable("address", N_("The network address"), _fact("address")),
        _AT,
        _BRAND,
    ),
    "password_changed": (_NAME, _LINK, _AT, _BRAND),
    "password_reset": (
        _NAME,
        _NEEDED_LINK,
        Variable("asker", N_("Who asked for it: the person, or whoever helps"), _asker),
        _BRAND,
    ),
    "provider_linked": (_NAME, _LINK, _PROVIDER, _AT, _BRAND),
    "recovery_code_used": (_NAME, _LINK, Variable("left", N_("How many codes are left"), _left), _AT, _BRAND),
}


def variables(kind: str) -> Sequence[Variable]:
    """Of a kind that nobody has told this module about, those that all mails have."""
    return OF_KIND.get(kind, (_NAME, _NEEDED_LINK, _BRAND))


def required(kind: str) -> list[str]:
    return [one.name for one in variables(kind) if one.needed]


def values(kind: str, *, letterhead: Letterhead, to: Recipient, facts: Facts) -> dict[str, str]:
    """What stands for each variable of a kind, in the current language and on one line."""
    return {one.name: " ".join(one.of(letterhead, to, facts).split()) for one in variables(kind)}


def examples(kind: str, *, letterhead: Letterhead, to: Recipient, facts: Facts) -> list[tuple[Variable, str]]:
    found = values(kind, letterhead=letterhead, to=to, facts=facts)
    return [(one, found[one.name]) for one in variables(kind)]

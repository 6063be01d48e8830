"""Mails as they would be, to whoever looks at their words: nothing in them is anybody else's."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from portal.core import clock, i18n, ids
from portal.core.i18n import N_
from portal.core.links import link
from portal.features.accounts import queries as accounts
from portal.features.accounts.models import Account
from portal.features.accounts.rules import device_of
from portal.features.branding.mails import letterhead
from portal.features.resellers.queries import home_of
from portal.mail import own
from portal.mail.composing import Words, Written, compose, folder_of, in_own_words
from portal.mail.letterhead import Letterhead, Recipient
from portal.mail.posting import send
from portal.mail.usual import usual_words

NO_TOKEN = "a-link-that-opens-nothing"  # noqa: S105 - where a secret stands in a real one
PATHS = {
    "confirm_email": f"/confirm-email/{NO_TOKEN}",
    "invitation": f"/invitation/{NO_TOKEN}",
    "staff_invitation": f"/invitation/{NO_TOKEN}",
    "password_reset": f"/reset-password/{NO_TOKEN}",
    "guessed": "/forgot-password",
    "password_changed": "/forgot-password",
}
BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"


@dataclass(frozen=True)
class Sample:
    """A mail of a kind to the person who looks at it, with what is true of that person."""

    kind: str
    paper: Letterhead
    to: Recipient
    facts: Mapping[str, Any]

    def written(self, words: Words | None) -> Written:
        """Raises Refused for words that cannot be used; None: the usual ones."""
        folder, known = folder_of(self.kind), {"letterhead": self.paper, "to": self.to, **self.facts}
        return compose(folder, **known) if words is None else in_own_words(folder, words=words, **known)

    @property
    def usual(self) -> Words:
        return usual_words(self.kind, letterhead=self.paper, to=self.to)

    @property
    def examples(self) -> list[tuple[own.Variable, str]]:
        with i18n.using(self.to.language):
            return own.examples(self.kind, letterhead=self.paper, to=self.to, facts=self.facts)


def sample(account: Account, kind: str, language: str, address: str | None, user_agent: str = BROWSER) -> Sample:
    """`address` and `user_agent`: from where the person looks at it."""
    home = home_of(account.reseller_id, account.domain_id)
    to = Recipient(
        address=accounts.mail_address(account.id) or "",
        name=account.name,
        language=language,
        time_zone=account.time_zone or home.time_zone,
        reseller_id=account.reseller_id,
        customer_id=account.customer_id,
        account=account.public_id,
    )
    facts = _facts(account, kind, language) | {
        "url": link(home.host, PATHS.get(kind, "/account")),
        "device": device_of(user_agent or BROWSER),
        "address": address or "203.0.113.9",
    }
    if kind == "confirm_email":
        facts["address"] = account.email or to.address
    return Sample(kind, letterhead(home, language), to, facts)


def _facts(account: Account, kind: str, language: str) -> dict[str, Any]:
    with i18n.using(language):
        provider = accounts.provider_name(account.reseller_id) if kind == "provider_linked" else None
        return {
            "at": clock.now(),
            "was": account.email or "",
            "now": account.email or "",
            "what": "passkey-added",
            "passkey": i18n.gettext(N_("Passkey")),
            "by": account.name,
            "left": 3,
            "provider": provider or i18n.gettext(N_("Single sign-on")),
            "invited_by": account.name,
            "name": accounts.sign_in_name(account),
            "asked_by": None,
            "phone": "Yealink SIP-T46S",
            "line": account.name,
        }


def tried(mail: Sample, words: Words | None) -> bool:
    """Queues it: each try is a mail of its own."""
    written, folder = mail.written(words), folder_of(mail.kind)
    with i18n.using(mail.to.language):
        marked = replace(written, subject=i18n.gettext(N_("Test: %(subject)s"), subject=written.subject))
    return send(folder, marked, cause=f"tried:{mail.kind}:{ids.new()}", letterhead=mail.paper, to=mail.to)

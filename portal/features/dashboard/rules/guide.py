"""What is left to do until a provider goes live. Nobody ticks a step: it is done when it is so."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.core import i18n
from portal.core.i18n import N_
from portal.core.permissions import P


@dataclass(frozen=True)
class Step:
    """`endpoint`: the page where it is done; `permission`: who gets there. Title and text in the reader's language."""

    key: str
    title: str
    text: str
    done: bool
    endpoint: str
    permission: P


@dataclass(frozen=True)
class Guide:
    steps: Sequence[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def whole(self) -> bool:
        return self.done == len(self.steps)

    @property
    def next(self) -> Step | None:
        """The first that is left."""
        return next((step for step in self.steps if not step.done), None)


@dataclass(frozen=True)
class ProviderFacts:
    """What is known of a reseller's way to its first customer."""

    brand_published: bool
    languages_chosen: bool
    host_proved: bool
    domain_made: bool
    legal_linked: bool
    support_address: bool
    factor_required: bool
    customer_made: bool
    second_administrator: bool


class _Written(NamedTuple):
    """A step as it is written down; `fact` is the one of ProviderFacts by which it is done."""

    key: str
    fact: str
    endpoint: str
    permission: P
    title: str
    text: str


# In the order in which it is best done: what people see first, where they find it, then who comes in.
_STEPS = (
    _Written(
        "brand",
        "brand_published",
        "branding.index",
        P.BRANDING_EDIT,
        N_("Publish your look"),
        N_("Colours, logo and words: on every page and in every mail."),
    ),
    _Written(
        "support",
        "support_address",
        "branding.names",
        P.BRANDING_EDIT,
        N_("Say whom to ask"),
        N_("A support address; mails come from there, and answers go there."),
    ),
    _Written(
        "legal",
        "legal_linked",
        "branding.names",
        P.BRANDING_EDIT,
        N_("Link imprint and privacy"),
        N_("Under every page, before anybody signs in."),
    ),
    _Written(
        "languages",
        "languages_chosen",
        "resellers.reseller_languages",
        P.DOMAINS_EDIT,
        N_("Choose your languages"),
        N_("Which ones your customers can have, and which comes first."),
    ),
    _Written(
        "host",
        "host_proved",
        "resellers.domains",
        P.DOMAINS_VIEW,
        N_("Have a web host that answers"),
        N_("The address in the browser; one of your own, once the DNS says that it is yours."),
    ),
    _Written(
        "domain",
        "domain_made",
        "resellers.domains",
        P.DOMAINS_VIEW,
        N_("Add a SIP domain"),
        N_("Where phones register, and what sign-in names end with."),
    ),
    _Written(
        "factor",
        "factor_required",
        "accounts.sign_in_rules.show",
        P.SIGN_IN_RULES,
        N_("Ask for a second factor"),
        N_("Of administrators at least: a code or a passkey besides the password."),
    ),
    _Written(
        "administrator",
        "second_administrator",
        "accounts.staff.index",
        P.STAFF_VIEW,
        N_("Add a second administrator"),
        N_("So that nobody is locked out when one of you is away."),
    ),
    _Written(
        "customer",
        "customer_made",
        "customers.index",
        P.CUSTOMERS_VIEW,
        N_("Bring in the first customer"),
        N_("A company or a person, with lines and numbers."),
    ),
)


def provider_guide(facts: ProviderFacts) -> Guide:
    return Guide([_step(written, done=getattr(facts, written.fact)) for written in _STEPS])


def _step(written: _Written, *, done: bool) -> Step:
    title, text = i18n.gettext(written.title), i18n.gettext(written.text)
    return Step(written.key, title, text, done, written.endpoint, written.permission)

"""A new CloudPBX customer in steps: what is asked where, and what belongs to a step that is refused at the end."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum, auto

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

DRAFTS_KEPT = timedelta(days=7)
MOST_DRAFTS = 20  # of one person

declare("drafts-full", N_("You have begun %(most)s customers that are not finished. Finish or drop one of them first."))
declare("company-made", N_("This customer is made already."))
declare("company-contact", N_("Choose which contact is meant, or type the e-mail address of a new one."))
declare("company-domain", N_("Choose a SIP domain, or type a new one."))
declare("company-base", N_("Choose a number, or type one."))
declare("company-email", N_("Type where the pilot’s invitation goes."))
declare("company-base-twice", N_("The base number is among the further numbers, too."))


class Step(StrEnum):
    CUSTOMER = auto()
    DOMAIN = auto()
    PILOT = auto()
    NUMBERS = auto()
    EXTENSIONS = auto()


STEPS = tuple(Step)
# Where what an operation refuses was typed, by the field that it names.
FIELDS: Mapping[str, tuple[Step, str]] = {
    "name": (Step.CUSTOMER, "name"),
    "external_id": (Step.CUSTOMER, "external_id"),
    "who": (Step.CUSTOMER, "who"),
    "email": (Step.CUSTOMER, "who"),
    "domain": (Step.DOMAIN, "new_domain"),
    "host": (Step.DOMAIN, "host"),
    "cc": (Step.DOMAIN, "new_domain"),
    "ac": (Step.DOMAIN, "new_domain"),
    "languages": (Step.DOMAIN, "new_domain"),
    "display_name": (Step.PILOT, "display_name"),
    "username": (Step.PILOT, "username"),
    "web_username": (Step.PILOT, "username"),
    "pilot_email": (Step.PILOT, "pilot_email"),
    "number": (Step.NUMBERS, "number"),
    "numbers": (Step.NUMBERS, "numbers"),
    "extension": (Step.NUMBERS, "number"),
    "extension_min": (Step.EXTENSIONS, "extension_min"),
    "max_subscribers": (Step.EXTENSIONS, "max_subscribers"),
    "max_calls": (Step.EXTENSIONS, "max_calls"),
}


def place_of(refusal: Refused) -> tuple[Step, Refused]:
    """The step to go back to, and the same refusal at the field where its cause was typed there."""
    step, field = FIELDS.get(refusal.field or "", (Step.CUSTOMER, ""))
    return step, Refused(refusal.code, field=field or None, **refusal.facts)

"""Profiles: which features a line may use, and which of them its own person may change."""

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.customers.rules import (
    STORED as STORED,
    Allowance as Allowance,
    Feature as Feature,
    Level as Level,
)

LONGEST_PROFILE_NAME = 63
MOST_PROFILES = 50

declare("profile-name", N_("Give the profile a name of at most %(longest)s characters."))
declare("profile-name-taken", N_("There is a profile of this name already."))
declare("profile-in-use", N_("Somebody has this profile. Give them another one first."))
declare("profile-held", N_("People with this profile: %(count)s. Give them another one first."))
declare("profile-of-company", N_("This is the profile of the company. Choose another one for the company first."))
declare("profiles-full", N_("A company has %(most)s profiles at most."))


def check_profile_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_PROFILE_NAME:
        raise Refused("profile-name", field="name", longest=LONGEST_PROFILE_NAME)
    return name

"""Which features a line may use, and which of them its own person may change: decided here, and nowhere else."""

from collections.abc import Mapping
from enum import IntEnum, StrEnum

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

LONGEST_PROFILE_NAME = 63
MOST_PROFILES = 50

declare("profile-name", N_("Give the profile a name of at most %(longest)s characters."))
declare("profile-name-taken", N_("There is a profile of this name already."))
declare("profile-in-use", N_("Somebody has this profile. Give them another one first."))
declare("profile-held", N_("People with this profile: %(count)s. Give them another one first."))
declare("profile-of-company", N_("This is the profile of the company. Choose another one for the company first."))
declare("profiles-full", N_("A company has %(most)s profiles at most."))
declare("feature-off", N_("This is not part of your line. Ask whoever runs your telephone system."))
declare("feature-fixed", N_("Only whoever runs your telephone system can change this."))


class Feature(StrEnum):
    FORWARDING = "forwarding"
    BLOCK_INCOMING = "block-incoming"
    BLOCK_OUTGOING = "block-outgoing"
    PRIVACY = "privacy"
    DO_NOT_DISTURB = "do-not-disturb"
    SPEED_DIAL = "speed-dial"
    PHONEBOOK = "phonebook"  # an own one; the company's is everybody's to read


class Level(IntEnum):
    """How far a feature goes. What was set before it was turned off is kept, and is not in force."""

    OFF = 0
    USE = 1  # as the pilot has set it
    CHANGE = 2


STORED: Mapping[Level, str] = {Level.OFF: "off", Level.USE: "use", Level.CHANGE: "change"}
_READ = {word: level for level, word in STORED.items()}


class Allowance:
    """What a profile says; without one, everything may be changed."""

    def __init__(self, levels: Mapping[str, object] | None = None) -> None:
        self._levels = {feature: _READ.get(str((levels or {}).get(feature.value)), Level.CHANGE) for feature in Feature}

    def level(self, feature: Feature) -> Level:
        return self._levels[feature]

    def may_use(self, feature: Feature) -> bool:
        return self._levels[feature] >= Level.USE

    def may_change(self, feature: Feature) -> bool:
        return self._levels[feature] >= Level.CHANGE

    def check_change(self, feature: Feature) -> None:
        """For the person of the line. Raises Refused."""
        if not self.may_change(feature):
            raise Refused("feature-fixed" if self.may_use(feature) else "feature-off")

    def as_stored(self) -> dict[str, str]:
        return {feature.value: STORED[level] for feature, level in self._levels.items()}

    def turns_off(self, before: "Allowance") -> tuple[Feature, ...]:
        """The features that were part of a line before, and are not any more."""
        return tuple(feature for feature in Feature if before.may_use(feature) and not self.may_use(feature))

    @classmethod
    def of(cls, levels: Mapping[Feature, Level]) -> "Allowance":
        return cls({feature.value: STORED[level] for feature, level in levels.items()})


def check_profile_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_PROFILE_NAME:
        raise Refused("profile-name", field="name", longest=LONGEST_PROFILE_NAME)
    return name

"""Which features a line may use, and which of them may be changed: by its person, or by whoever runs the company.

A class of service is the ceiling for all lines of its customers; a subscriber profile only narrows it, for people.
"""

from collections.abc import Mapping
from enum import IntEnum, StrEnum
from typing import NamedTuple

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

declare("feature-off", N_("This is not part of your line. Ask whoever runs your telephone system."))
declare("feature-fixed", N_("Only whoever runs your telephone system can change this."))
declare("feature-not-sold", N_("This is not part of your contract. Ask your provider."))
declare("feature-of-provider", N_("Only your provider can change this."))


class Feature(StrEnum):
    FORWARDING = "forwarding"
    BLOCK_INCOMING = "block-incoming"
    BLOCK_OUTGOING = "block-outgoing"
    PRIVACY = "privacy"
    DO_NOT_DISTURB = "do-not-disturb"
    SPEED_DIAL = "speed-dial"
    PHONEBOOK = "phonebook"  # an own one; the company's is everybody's to read


class FeatureText(NamedTuple):
    title: str
    hint: str


FEATURE_TEXTS: Mapping[Feature, FeatureText] = {
    Feature.FORWARDING: FeatureText(N_("Forwarding"), N_("Calls go on to other numbers: always, when busy, when not answered.")),
    Feature.BLOCK_INCOMING: FeatureText(N_("Blocking callers"), N_("Some callers, or all but some, do not get through.")),
    Feature.BLOCK_OUTGOING: FeatureText(N_("Blocking own calls"), N_("Some numbers cannot be called from the line.")),
    Feature.PRIVACY: FeatureText(N_("Hiding the own number"), N_("People who are called do not see who calls.")),
    Feature.DO_NOT_DISTURB: FeatureText(N_("Do not disturb"), N_("The telephone stays silent until it is turned off again.")),
    Feature.SPEED_DIAL: FeatureText(N_("Speed dial"), N_("The keys *0 to *9 call chosen numbers.")),
    Feature.PHONEBOOK: FeatureText(
        N_("Own phonebook"), N_("Names and numbers that only the person sees. The company’s phonebook is everybody’s.")
    ),
}


class Level(IntEnum):
    """How far a feature goes. What was set before it was turned off is kept, and is not in force."""

    OFF = 0
    USE = 1  # as whoever is above has set it
    CHANGE = 2


STORED: Mapping[Level, str] = {Level.OFF: "off", Level.USE: "use", Level.CHANGE: "change"}
_READ = {word: level for level, word in STORED.items()}


class Allowance:
    """What a profile or a class says; without one, everything may be changed."""

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

    def check_sold(self, feature: Feature) -> None:
        """For whoever runs the company, under its class of service. Raises Refused."""
        if not self.may_change(feature):
            raise Refused("feature-of-provider" if self.may_use(feature) else "feature-not-sold")

    def under(self, ceiling: "Allowance") -> "Allowance":
        """The lower of both, feature by feature; as `lower_levels` in the database."""
        return Allowance.of({feature: min(level, ceiling.level(feature)) for feature, level in self._levels.items()})

    def as_stored(self) -> dict[str, str]:
        return {feature.value: STORED[level] for feature, level in self._levels.items()}

    def turns_off(self, before: "Allowance") -> tuple[Feature, ...]:
        """The features that were part of a line before, and are not any more."""
        return tuple(feature for feature in Feature if before.may_use(feature) and not self.may_use(feature))

    def at(self, level: Level) -> tuple[Feature, ...]:
        """The features that go so far."""
        return tuple(feature for feature, one in self._levels.items() if one is level)

    @classmethod
    def of(cls, levels: Mapping[Feature, Level]) -> "Allowance":
        return cls({feature.value: STORED[level] for feature, level in levels.items()})

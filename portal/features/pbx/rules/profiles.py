"""What profiles are called and what they come to, in words."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.core import i18n
from portal.core.i18n import N_
from portal.features.subscribers.rules import Allowance, Feature, Level


class FeatureWords(NamedTuple):
    """`lost`: what happens, to whom, when it is turned off."""

    title: str
    hint: str
    lost: str


FEATURE_WORDS: Mapping[Feature, FeatureWords] = {
    Feature.FORWARDING: FeatureWords(
        N_("Forwarding"),
        N_("Calls go on to other numbers: always, when busy, when not answered."),
        N_("Calls to %(whom)s are no longer forwarded."),
    ),
    Feature.BLOCK_INCOMING: FeatureWords(
        N_("Blocking callers"),
        N_("Some callers, or all but some, do not get through."),
        N_("Callers who are blocked reach %(whom)s again."),
    ),
    Feature.BLOCK_OUTGOING: FeatureWords(
        N_("Blocking own calls"),
        N_("Some numbers cannot be called from the line."),
        N_("Numbers that are blocked can be called again by %(whom)s."),
    ),
    Feature.PRIVACY: FeatureWords(
        N_("Hiding the own number"),
        N_("People who are called do not see who calls."),
        N_("The number of %(whom)s is shown again to those who are called."),
    ),
    Feature.DO_NOT_DISTURB: FeatureWords(
        N_("Do not disturb"),
        N_("The telephone stays silent until it is turned off again."),
        N_("Do not disturb is no longer in force for %(whom)s."),
    ),
    Feature.SPEED_DIAL: FeatureWords(
        N_("Speed dial"),
        N_("The keys *0 to *9 call chosen numbers."),
        N_("Speed dial no longer works for %(whom)s."),
    ),
    Feature.PHONEBOOK: FeatureWords(
        N_("Own phonebook"),
        N_("Names and numbers that only the person sees. The company’s phonebook is everybody’s."),
        N_("The own phonebook is no longer there for %(whom)s."),
    ),
}


class LevelWords(NamedTuple):
    title: str
    hint: str


LEVEL_WORDS: Mapping[Level, LevelWords] = {
    Level.OFF: LevelWords(N_("Not there"), N_("Not in force, and not shown.")),
    Level.USE: LevelWords(N_("As you set it"), N_("In force; only you change it.")),
    Level.CHANGE: LevelWords(N_("Free to change"), N_("The person sets it, or you.")),
}


def titles(allowance: Allowance, level: Level) -> list[str]:
    """The features that go so far."""
    return [i18n.gettext(FEATURE_WORDS[feature].title) for feature in Feature if allowance.level(feature) is level]


def losses(lost: Mapping[Feature, int], name: str | None = None) -> list[str]:
    """What goes out of force for so many people each, or for the one of this name."""
    return [
        i18n.gettext(FEATURE_WORDS[feature].lost, whom=name or i18n.ngettext("%(num)s person", "%(num)s people", count))
        for feature, count in lost.items()
    ]

"""What profiles are called and what they come to, in words."""

from collections.abc import Mapping
from typing import NamedTuple

from portal.core import i18n
from portal.core.errors import declare
from portal.core.i18n import N_
from portal.features.customers.rules import FEATURE_TEXTS
from portal.features.subscribers.rules import Allowance, Feature, Level


class FeatureWords(NamedTuple):
    """`lost`: what happens, to whom, when it is turned off."""

    title: str
    hint: str
    lost: str


declare("profile-gone", N_("This profile is not there any more. Choose another one."))

_LOST: Mapping[Feature, str] = {
    Feature.FORWARDING: N_("Calls to %(whom)s are no longer forwarded."),
    Feature.BLOCK_INCOMING: N_("Callers who are blocked reach %(whom)s again."),
    Feature.BLOCK_OUTGOING: N_("Numbers that are blocked can be called again by %(whom)s."),
    Feature.PRIVACY: N_("The number of %(whom)s is shown again to those who are called."),
    Feature.DO_NOT_DISTURB: N_("Do not disturb is no longer in force for %(whom)s."),
    Feature.SPEED_DIAL: N_("Speed dial no longer works for %(whom)s."),
    Feature.PHONEBOOK: N_("The own phonebook is no longer there for %(whom)s."),
}
FEATURE_WORDS: Mapping[Feature, FeatureWords] = {
    feature: FeatureWords(text.title, text.hint, _LOST[feature]) for feature, text in FEATURE_TEXTS.items()
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

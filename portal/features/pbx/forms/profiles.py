"""What people may use and change on their lines."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.features.pbx.forms.extensions import SheetForm
from portal.features.pbx.queries import Sheet
from portal.features.pbx.rules import FEATURE_WORDS, LEVEL_WORDS
from portal.features.subscribers.models import Profile
from portal.features.subscribers.queries import ProfileUse
from portal.features.subscribers.rules import LONGEST_PROFILE_NAME, STORED, Allowance, Feature, Level
from portal.web.fields import ChoiceField, SelectField, TextField, offered
from portal.web.sections import SectionForm, Values

WORDS = {word: level for level, word in STORED.items()}


def field_of(feature: Feature) -> str:
    return feature.value.replace("-", "_")


def _levels(feature: Feature) -> ChoiceField:
    words = FEATURE_WORDS[feature]
    return ChoiceField(_l(words.title), description=_l(words.hint), default=STORED[Level.CHANGE])


class ProfileForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=LONGEST_PROFILE_NAME, draw={"attrs": {"autocomplete": "off"}})
    forwarding = _levels(Feature.FORWARDING)
    block_incoming = _levels(Feature.BLOCK_INCOMING)
    block_outgoing = _levels(Feature.BLOCK_OUTGOING)
    privacy = _levels(Feature.PRIVACY)
    do_not_disturb = _levels(Feature.DO_NOT_DISTURB)
    speed_dial = _levels(Feature.SPEED_DIAL)
    phonebook = _levels(Feature.PHONEBOOK)

    EDITED = ("name", *(field_of(feature) for feature in Feature))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.ceiling = Allowance()
        for field in self.rows:
            field.choices = offered([(word, i18n.gettext(LEVEL_WORDS[level].title)) for word, level in WORDS.items()])

    def under(self, ceiling: Allowance) -> Self:
        """Offers what the class of service leaves: what it does without is kept as it stands, unseen."""
        self.ceiling = ceiling
        for feature in ceiling.at(Level.USE):
            field = self[field_of(feature)]
            field.choices = [choice for choice in field.choices if choice.value != STORED[Level.CHANGE]]
            if field.data == STORED[Level.CHANGE]:
                field.data = STORED[Level.USE]
        return self

    def show(self, stored: Values, version: int) -> None:
        super().show(stored, version)
        self.under(self.ceiling)

    @property
    def rows(self) -> Sequence[Any]:
        return [self[field_of(feature)] for feature in Feature if self.ceiling.may_use(feature)]

    @property
    def unseen(self) -> Sequence[Any]:
        return [self[field_of(feature)] for feature in self.ceiling.at(Level.OFF)]

    @property
    def not_sold(self) -> Sequence[str]:
        return [i18n.gettext(FEATURE_WORDS[feature].title) for feature in self.ceiling.at(Level.OFF)]

    @property
    def levels(self) -> Mapping[Feature, Level]:
        return {feature: WORDS[self[field_of(feature)].data] for feature in Feature}

    def in_words(self, name: str, value: str) -> str:
        return value if name == "name" or value not in WORDS else i18n.gettext(LEVEL_WORDS[WORDS[value]].title)

    @staticmethod
    def stored(profile: Profile) -> Values:
        levels = Allowance(profile.levels).as_stored()
        return {"name": profile.name, **{field_of(feature): levels[feature.value] for feature in Feature}}


def choices_of(profiles: Sequence[ProfileUse]) -> list[tuple[str, str]]:
    """None, which leaves it to the company’s, and each by its name."""
    default = next((one.profile.name for one in profiles if one.default), None)
    company = _("As the company: %(profile)s", profile=default or _("everything free to change"))
    return [("", company), *((one.profile.public_id, one.profile.name) for one in profiles)]


class OwnProfileForm(SheetForm):
    """Which profile counts for one extension."""

    profile = SelectField(_l("Profile"))

    EDITED = ("profile",)

    def offer(self, profiles: Sequence[ProfileUse]) -> "OwnProfileForm":
        self.profile.choices = offered(choices_of(profiles))
        return self

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        return {"profile": sheet.profile.public_id if sheet.profile else ""}

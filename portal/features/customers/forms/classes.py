"""A class of service."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.features.customers.models import ServiceClass
from portal.features.customers.queries import ClassUse
from portal.features.customers.rules import (
    FEATURE_TEXTS,
    KIND_TEXTS,
    LONGEST_CLASS_NAME,
    STORED,
    Allowance,
    Feature,
    Kind,
    Level,
)
from portal.web.fields import ChoiceField, TextField, TicksField, offered
from portal.web.sections import SectionForm, Values

WORDS = {word: level for level, word in STORED.items()}
# What a level is called where a provider decides, and what it means.
LEVEL_TEXTS: Mapping[Level, tuple[Any, Any]] = {
    Level.OFF: (_l("Not part of it"), _l("Not in force, and shown nowhere.")),
    Level.USE: (_l("Fixed"), _l("In force as you set it; the customer cannot change it.")),
    Level.CHANGE: (_l("Free to change"), _l("The customer decides who may change it.")),
}


def field_of(feature: Feature) -> str:
    return feature.value.replace("-", "_")


def _levels(feature: Feature) -> ChoiceField:
    text = FEATURE_TEXTS[feature]
    return ChoiceField(_l(text.title), description=_l(text.hint), default=STORED[Level.CHANGE])


class ClassForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=LONGEST_CLASS_NAME, draw={"attrs": {"autocomplete": "off"}})
    kinds = TicksField(_l("New customers that get it"))
    forwarding = _levels(Feature.FORWARDING)
    block_incoming = _levels(Feature.BLOCK_INCOMING)
    block_outgoing = _levels(Feature.BLOCK_OUTGOING)
    privacy = _levels(Feature.PRIVACY)
    do_not_disturb = _levels(Feature.DO_NOT_DISTURB)
    speed_dial = _levels(Feature.SPEED_DIAL)
    phonebook = _levels(Feature.PHONEBOOK)

    EDITED = ("name", "kinds", *(field_of(feature) for feature in Feature))

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for field in self.rows:
            field.choices = offered([(word, str(LEVEL_TEXTS[level][0])) for word, level in WORDS.items()])

    def offer(self, classes: Sequence[ClassUse], besides: ServiceClass | None = None) -> Self:
        """A kind that another class has says so: it is taken over."""
        others = {kind: one.service_class.name for one in classes if one.service_class is not besides for kind in one.kinds}
        titles = {kind: i18n.gettext(KIND_TEXTS[kind].title) for kind in Kind}
        self.kinds.choices = offered(
            [
                (kind.value, _("%(kind)s (now “%(name)s”)", kind=title, name=others[kind]) if kind in others else title)
                for kind, title in titles.items()
            ],
        )
        return self

    @property
    def rows(self) -> Sequence[Any]:
        return [self[field_of(feature)] for feature in Feature]

    @property
    def levels(self) -> Mapping[Feature, Level]:
        return {feature: WORDS[self[field_of(feature)].data] for feature in Feature}

    @property
    def chosen_kinds(self) -> list[Kind]:
        return [Kind(one) for one in self.kinds.data or ()]

    def in_words(self, name: str, value: str) -> str:
        if name == "kinds":
            return i18n.listed(i18n.gettext(KIND_TEXTS[Kind(one)].title) for one in value.split())
        return str(LEVEL_TEXTS[WORDS[value]][0]) if name != "name" and value in WORDS else value

    @staticmethod
    def stored(service_class: ServiceClass) -> Values:
        levels = Allowance(service_class.levels).as_stored()
        values = {field_of(feature): levels[feature.value] for feature in Feature}
        return {"name": service_class.name, "kinds": " ".join(sorted(service_class.kinds)), **values}

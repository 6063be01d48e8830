from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n, zones
from portal.core.phone import Home
from portal.features.resellers import rules
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.resellers.rules import Defaults
from portal.web.fields import NumberField, SelectField, SwitchField, TextField, TicksField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
DIGITS = {"autocomplete": "off", "inputmode": "tel", "dir": "ltr"}
LONGEST_TYPED = 253


def _country() -> TextField:
    return TextField(_l("Country code"), required=True, longest=7, draw={"attrs": DIGITS, "width": "short"})


def _area() -> TextField:
    return TextField(_l("Area code"), longest=12, draw={"attrs": DIGITS, "width": "short"})


def _restriction() -> SelectField:
    return SelectField(_l("Calls of new lines"))


def _ring() -> NumberField:
    return NumberField(
        _l("Phones ring for"),
        low=1,
        high=rules.LONGEST_RING,
        unit=_l("seconds"),
        description=_l("Left empty, as long as calls usually ring."),
    )


def _hide() -> SwitchField:
    return SwitchField(_l("Hide the own number from people outside"))


def _restrictions() -> list[tuple[str, str]]:
    return [(str(level), _(words)) for level, words in rules.RESTRICTIONS.items()]


class NewDomainForm(Form):
    """A SIP domain in one go; what is seldom needed has what the provider usually has."""

    domain = TextField(
        _l("SIP domain"),
        required=True,
        longest=LONGEST_TYPED,
        draw={"attrs": {**PLAIN, "placeholder": "sip.example.com"}},
        description=_l("A name in the DNS, best one of your own. It cannot be changed later: sign-in names end in it."),
    )
    languages = TicksField(_l("Languages"), validate_choice=False)
    default_language = SelectField(_l("Default language"), validate_choice=False)
    cc = _country()
    ac = _area()
    time_zone = SelectField(_l("Time zone"))
    lock_level = _restriction()
    ring_seconds = _ring()
    hide_number = _hide()

    MORE = ("time_zone", "lock_level", "ring_seconds", "hide_number")

    def offer(self, reseller: Reseller, home: Home) -> "NewDomainForm":
        languages = rules.offered(reseller.languages)
        choices = [(code, i18n.language_name(code)) for code in languages]
        self.languages.choices, self.default_language.choices = offered(choices), offered(choices)
        self.time_zone.choices = zones.by_region()
        self.lock_level.choices = offered(_restrictions())
        if not self.is_submitted():
            self.languages.data, self.default_language.data = list(languages), languages[0]
            self.cc.data, self.ac.data, self.time_zone.data = home.cc, home.ac, reseller.time_zone
        return self

    @property
    def ordered(self) -> list[str]:
        return rules.default_first(self.languages.data or [], self.default_language.data or "") if self.languages.data else []

    @property
    def defaults(self) -> Defaults:
        return Defaults(int(self.lock_level.data), self.ring_seconds.data, bool(self.hide_number.data))

    @property
    def more_open(self) -> bool:
        return any(self[name].errors for name in self.MORE)


class PlaceForm(SectionForm):
    """Where its people are."""

    cc = _country()
    ac = _area()
    time_zone = SelectField(_l("Time zone"))

    EDITED = ("cc", "ac", "time_zone")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.time_zone.choices = zones.by_region()

    @staticmethod
    def stored(domain: SipDomain) -> Values:
        return {"cc": domain.cc, "ac": domain.ac, "time_zone": domain.time_zone}

    def in_words(self, name: str, value: str) -> str:
        return zones.place_of(value) if name == "time_zone" else value


class DefaultsForm(SectionForm):
    """What its next lines start with."""

    lock_level = _restriction()
    ring_seconds = _ring()
    hide_number = _hide()

    EDITED = ("lock_level", "ring_seconds", "hide_number")

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.lock_level.choices = offered(_restrictions())

    @staticmethod
    def stored(domain: SipDomain) -> Values:
        rings = "" if domain.ring_seconds is None else str(domain.ring_seconds)
        return {"lock_level": str(domain.lock_level), "ring_seconds": rings, "hide_number": "1" if domain.hide_number else ""}

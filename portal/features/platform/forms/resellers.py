"""A reseller in one short form, and the sections of its page."""

from collections.abc import Mapping, Sequence
from typing import Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n, zones
from portal.features.branding.rules.gallery import LOOKS
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import called
from portal.features.platform.rules import LONGEST_NAME
from portal.features.resellers.models import Reseller
from portal.features.subscribers.rules import LONGEST_REASON
from portal.web.fields import EmailField, NumberField, SelectField, SwitchField, TextField, TickField, TicksField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
OFF = {"attrs": {"autocomplete": "off"}}
MOST_LINES = 10_000_000
LONGEST_PERSON = 127
LONGEST_HOST = 253
LONGEST_EXTERNAL_ID = 255


class PlainForm(Form):
    """Nothing but the token."""


class AdministratorForm(Form):
    admin = TextField(_l("Administrator’s name"), required=True, longest=LONGEST_PERSON, draw=OFF)
    email = EmailField(
        _l("Administrator’s e-mail"),
        required=True,
        description=_l("An invitation to choose a password goes there, in the reseller’s own look."),
    )


class NewResellerForm(Form):
    """Five fields, and more for those who want to decide more."""

    name = TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw=OFF)
    host = TextField(_l("Web host where it begins"), required=True, longest=LONGEST_HOST, draw={"attrs": PLAIN})
    admin = TextField(_l("First administrator’s name"), required=True, longest=LONGEST_PERSON, draw=OFF)
    email = EmailField(
        _l("First administrator’s e-mail"),
        required=True,
        description=_l("An invitation to choose a password goes there, in the reseller’s own look."),
    )
    languages = TicksField(_l("Languages"))
    contact = SelectField(_l("System contact"), default="")
    external_id = TextField(_l("External # of the contract"), longest=LONGEST_EXTERNAL_ID, draw={"attrs": PLAIN})
    max_subscribers = NumberField(
        _l("Lines at most"),
        low=1,
        high=MOST_LINES,
        description=_l("Of all its customers together, groups included. Left empty, as many as it likes."),
    )
    blocks_only = TickField(
        _l("Numbers of own blocks only"),
        description=_l("Its customers are given numbers of the blocks that it was granted, and no others."),
    )
    time_zone = SelectField(_l("Time zone"))
    look = SelectField(
        _l("Look to begin with"),
        default="",
        description=_l("Waits in its brand editor; until it publishes one, its name stands in quiet greys."),
    )

    MORE = ("contact", "external_id", "max_subscribers", "blocks_only", "time_zone", "look")

    def offer(self, *, under: str, time_zone: str, contacts: Sequence[Contact]) -> Self:
        self.host.description = _(
            "One of its own, like portal.example.com, or one word for a name under yours: “north” becomes north.%(host)s.",
            host=under,
        )
        self.languages.choices = offered([(code, i18n.own_name(code)) for code in sorted(i18n.available())])
        made = ("", _("A new one, of the administrator’s name and e-mail"))
        self.contact.choices = offered([made, *((one.public_id, called(one.name, one.email)) for one in contacts)])
        self.time_zone.choices = zones.by_region()
        looks = [(name, _("%(name)s: %(words)s", name=title, words=_(words))) for name, (title, words) in LOOKS.items()]
        self.look.choices = offered([("", _("None; it chooses one itself")), *looks])
        if not self.is_submitted():
            self.time_zone.data = time_zone
            self.languages.data = [i18n.current()]
        return self

    @property
    def more_open(self) -> bool:
        return any(self[name].errors for name in self.MORE)


class BasicsForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw=OFF)
    time_zone = SelectField(_l("Time zone"))

    EDITED = ("name", "time_zone")

    def offer(self) -> Self:
        self.time_zone.choices = zones.by_region()
        return self

    @staticmethod
    def stored(reseller: Reseller) -> Values:
        return {"name": reseller.name, "time_zone": reseller.time_zone}

    def in_words(self, name: str, value: str) -> str:
        return zones.place_of(value) if name == "time_zone" else value


class LimitsForm(SectionForm):
    max_subscribers = NumberField(
        _l("Lines at most"),
        low=1,
        high=MOST_LINES,
        description=_l("Of all its customers together, groups included. Left empty, as many as it likes."),
    )
    blocks_only = SwitchField(
        _l("Numbers of own blocks only"),
        description=_l("Its customers are given numbers of the blocks that it was granted, and no others."),
    )

    EDITED = ("max_subscribers", "blocks_only")

    def offer(self) -> Self:
        return self

    @staticmethod
    def stored(reseller: Reseller) -> Mapping[str, str]:
        limit = reseller.max_subscribers
        return {"max_subscribers": "" if limit is None else str(limit), "blocks_only": "1" if reseller.blocks_only else ""}

    def in_words(self, name: str, value: str) -> str:
        return _("no limit") if name == "max_subscribers" and not value else super().in_words(name, value)


class LockForm(Form):
    reason = TextField(
        _l("Why"),
        required=True,
        longest=LONGEST_REASON,
        draw=OFF,
        description=_l("Stands here and in the audit log, not on the closed portal."),
    )


class EndForm(Form):
    typed = TextField(
        _l("Name of the reseller"),
        required=True,
        longest=LONGEST_NAME,
        draw={"attrs": {"autocomplete": "off", "spellcheck": "false"}},
    )
    with_customers = TickField(_l("Its customers end too"))

from collections.abc import Sequence
from typing import Any, Self

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.validators import ValidationError

from portal.core import i18n, zones
from portal.features.resellers.models import SipDomain
from portal.features.resellers.rules import readable
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.rules import (
    LOCK_WORDS,
    LOCKS_OF_STAFF,
    LONGEST_EXTERNAL,
    LONGEST_HOP,
    LONGEST_REASON,
    MOST_CALLS,
    PROTOCOLS,
)
from portal.web.fields import ChoiceField, EmailField, LinesField, NumberField, SelectField, TextField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
TEL = {"inputmode": "tel", "autocomplete": "off", "dir": "ltr", "list": "free-numbers"}
LONGEST = 127
LONGEST_SOURCES = 1000


def _name(label: Any) -> TextField:
    return TextField(label, required=True, longest=LONGEST, draw={"attrs": {"autocomplete": "off"}})


def _number(label: Any, **more: Any) -> TextField:
    return TextField(label, required=True, longest=60, draw={"attrs": TEL}, **more)


def _calls() -> NumberField:
    return NumberField(
        _l("Calls at the same time"), low=1, high=MOST_CALLS, description=_l("Left empty, as many as the customer may have.")
    )


def _external() -> TextField:
    return TextField(
        _l("External #"), longest=LONGEST_EXTERNAL, description=_l("What this line is called in your other systems.")
    )


class LineForm(Form):
    """What all new lines have. `MORE` stands behind “More”."""

    domain = SelectField(_l("SIP domain"))
    display_name = _name(_l("Name"))
    number = _number(_l("Number"))
    email = EmailField(
        _l("E-mail"), description=_l("An invitation to choose a web password goes there. Left empty, nobody is invited.")
    )
    username = TextField(
        _l("SIP user"), longest=LONGEST, draw={"attrs": PLAIN}, description=_l("Left empty, it is made from the name.")
    )
    external_id = _external()
    max_calls = _calls()
    language = SelectField(_l("Language"), default="")
    time_zone = SelectField(_l("Time zone"), default="")

    MORE: Sequence[str] = ("external_id", "max_calls", "language", "time_zone")

    def offer(self, domains: Sequence[SipDomain], default: int | None, languages: Sequence[str]) -> Self:
        self.domain.choices = offered([(one.public_id, readable(one.domain)) for one in domains])
        if not self.is_submitted():
            usual = next((one for one in domains if one.id == default), None)
            self.domain.data = usual.public_id if usual else None
        self.language.choices = offered([("", _("As the customer")), *((code, i18n.own_name(code)) for code in languages)])
        self.time_zone.choices = {"": _("As the SIP domain"), **zones.by_region()}
        return self

    @property
    def more_open(self) -> bool:
        """Whether something behind “More” was touched or refused."""
        return any(self[name].errors or self[name].data for name in self.MORE)


class NewLineForm(LineForm):
    """A line of its own: residential, small office, mobile, calling card."""


class NewPilotForm(LineForm):
    """The first line of a CloudPBX customer."""

    number = _number(
        _l("Base number"), description=_l("Extensions follow it: base number 030 5550000 and extension 101 are 030 5550000 101.")
    )


class NewTrunkForm(LineForm):
    """A trunk that registers with a password, or one whose calls come from known addresses."""

    sources = LinesField(
        _l("Trusted addresses"),
        longest=LONGEST_SOURCES,
        optional=True,
        description=_l("Where its calls come from: one address or range in a line, like 203.0.113.7 or 203.0.113.0/28."),
    )
    protocol = SelectField(_l("Protocol"), default="any")
    next_hop = TextField(
        _l("Calls to it go to"),
        longest=LONGEST_HOP,
        draw={"attrs": {**PLAIN, "placeholder": "sip:pbx.example.com:5060"}},
    )

    def offer_protocols(self) -> Self:
        self.protocol.choices = offered(protocols())
        return self

    @property
    def addresses(self) -> list[tuple[str, str]]:
        return [(line.strip(), str(self.protocol.data)) for line in (self.sources.data or "").splitlines() if line.strip()]

    def more_open_by_address(self) -> bool:
        more = ("username", "email", *self.MORE)
        return self.protocol.data not in {None, "any"} or any(self[name].errors or self[name].data for name in more)


def protocols() -> list[tuple[str, str]]:
    words = {"any": _("Any")}
    return [(one, words.get(one, one.upper())) for one in PROTOCOLS]


class DetailsForm(SectionForm):
    display_name = _name(_l("Name"))
    email = EmailField(_l("E-mail"))
    external_id = _external()
    max_calls = _calls()
    language = SelectField(_l("Language"))
    time_zone = SelectField(_l("Time zone"))

    EDITED = ("display_name", "email", "external_id", "max_calls", "language", "time_zone")

    def offer(self, sheet: LineSheet) -> Self:
        here = sheet.domain.languages
        codes = [*here, *([sheet.line.language] if sheet.line.language and sheet.line.language not in here else [])]
        self.language.choices = offered([("", _("As the SIP domain")), *((code, i18n.own_name(code)) for code in codes)])
        self.time_zone.choices = {"": _("As the SIP domain"), **zones.by_region()}
        return self

    @staticmethod
    def stored(sheet: LineSheet) -> Values:
        line = sheet.line
        return {
            "display_name": line.display_name,
            "email": sheet.email or "",
            "external_id": line.external_id or "",
            "max_calls": "" if line.max_calls is None else str(line.max_calls),
            "language": line.language or "",
            "time_zone": line.time_zone or "",
        }


class LockForm(Form):
    level = ChoiceField(_l("How far"))
    reason = TextField(
        _l("Reason"), longest=LONGEST_REASON, description=_l("Shown to the people of the customer, and to your colleagues.")
    )

    def offer(self, *, locked: bool) -> Self:
        levels = [(str(level.value), i18n.gettext(LOCK_WORDS[level].title)) for level in LOCKS_OF_STAFF]
        self.level.choices = offered([*([("0", _("Not locked by you"))] if locked else []), *levels])
        hints = {str(level.value): i18n.gettext(LOCK_WORDS[level].hint) for level in LOCKS_OF_STAFF}
        self.level.drawing = {"hints": {**hints, "0": _("Lifts your lock. Locks of others stay.")}, "list": True}
        return self

    def validate_reason(self, field: TextField) -> None:
        if self.level.data != "0" and not field.data:
            raise ValidationError(_("Say why, in a few words."))


class PlainForm(Form):
    """A button, nothing to fill in."""

"""A call to think of, asked for by the address of the page."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import request
from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import clock, phone
from portal.core.errors import Refused
from portal.features.callhandling import rules
from portal.features.callhandling.forms.forwards import MomentField
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Call, Destination, Exchange, Phones
from portal.features.callhandling.rules.spans import read_clock
from portal.web.fields import SelectField, TextField, TickField, offered
from portal.web.forms import Form

LIVE = {"data-search": "", "autocomplete": "off"}  # answered while it is typed

AS_NOW = "now"  # rings where a phone is signed in


class TryForm(Form):
    class Meta(Form.Meta):
        csrf = False

    caller = TextField(_l("Caller"), longest=160)
    hidden = TickField(_l("Hides their number"))
    called = SelectField(_l("Who is called"), default="")
    line = TextField(_l("Who is called"), longest=160)
    day = MomentField(_l("Day"), "date")
    time = MomentField(_l("Time"), "time")
    phones = SelectField(_l("The phones"), default=AS_NOW)

    @classmethod
    def read(cls, sheet: Sheet, zone: ZoneInfo, home_cc: str) -> "TryForm":
        """What the address asks, or what is likely."""
        form = cls(formdata=request.args if cls.asked() else None)
        words = {
            AS_NOW: _("are as they are now"),
            Phones.FREE: _("are free"),
            Phones.BUSY: _("are busy"),
            Phones.OFF: _("are switched off"),
        }
        for one in form:
            one.flags.optional = False  # what is left empty is filled in
            one.drawing = {"attrs": LIVE}
        form.phones.choices = offered([(str(state), title) for state, title in words.items()])
        form.called.choices = offered([(number, phone.spoken(number, home_cc)) for number in sheet.numbers])
        now = clock.now().astimezone(zone)
        for field, usual in ((form.day, now.date().isoformat()), (form.time, f"{now:%H:%M}"), (form.line, _own(sheet))):
            field.data = field.data or usual
        form.called.data = form.called.data or next(iter(sheet.numbers), "")
        form.phones.data = form.phones.data or AS_NOW
        return form

    @staticmethod
    def asked() -> bool:
        return "day" in request.args or "caller" in request.args or "line" in request.args

    @property
    def state(self) -> Phones | None:
        """What all phones of the line do; None for what they do now."""
        return None if self.phones.data == AS_NOW else Phones(self.phones.data)

    @property
    def troubles(self) -> Sequence[str]:
        return [sentence for _id, sentence in self.summary]

    def caller_digits(self, exchange: Exchange) -> str | None:
        """Whose name could be looked up, before anything is checked."""
        try:
            return rules.destination(self.caller.data or "", exchange).number
        except Refused:
            return None

    def call(self, exchange: Exchange, zone: ZoneInfo, *, any_line: bool) -> tuple[Call, Destination | None] | None:
        """The call, and who makes it; None when something cannot be understood, which is said at its field."""
        self.validate()
        at, caller = self._moment(zone), self._caller(exchange)
        called = self._called(exchange) if any_line else self.called.data or ""
        if self.errors or at is None:
            return None
        who: dict[str, Any] = {"caller": caller.number, "colleague": caller.line} if caller else {"caller": _anybody(exchange)}
        return Call(at, called, hidden=self.hidden.data, **who), caller

    def _moment(self, zone: ZoneInfo) -> datetime | None:
        try:
            on = date.fromisoformat(self.day.data or "")
        except ValueError:
            self.day.errors = [_("This date does not exist.")]
            return None
        try:
            return datetime.combine(on, read_clock(self.time.data or ""), zone).astimezone(UTC)
        except Refused as refusal:
            self.refuse(Refused(refusal.code, field="time", **refusal.facts))
        except OverflowError:
            self.day.errors = [_("This date does not exist.")]
        return None

    def _caller(self, exchange: Exchange) -> Destination | None:
        if not self.caller.data or self.caller.errors:
            return None
        try:
            return rules.destination(self.caller.data, exchange)
        except Refused as refusal:
            self.refuse(Refused(refusal.code, field="caller", **refusal.facts))
            return None

    def _called(self, exchange: Exchange) -> str:
        try:
            return rules.dialled(self.line.data or "", exchange)
        except Refused as refusal:
            self.refuse(Refused(refusal.code, field="line", **refusal.facts))
            return ""


def _own(sheet: Sheet) -> str:
    line = sheet.line
    return f"{line.display_name}, {line.extension}" if line.extension else line.display_name


def _anybody(exchange: Exchange) -> str:
    """A number of the own town that nobody has."""
    return f"{exchange.home.cc}{exchange.home.ac}{0:010}"

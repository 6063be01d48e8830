from typing import Self

from flask_babel import lazy_gettext as _l

from portal.features.subscribers.forms.lines import PLAIN, protocols
from portal.features.subscribers.models import TrustedSource
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.rules import LONGEST_HOP
from portal.web.fields import SelectField, TextField, VersionField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values


class SourceForm(Form):
    network = TextField(
        _l("Address or range"),
        required=True,
        longest=100,
        draw={"attrs": {**PLAIN, "placeholder": "203.0.113.0/28"}},
        description=_l("A public IPv4 or IPv6 address, or a range of them."),
    )
    protocol = SelectField(_l("Protocol"), default="any")
    callers = TextField(
        _l("Only these callers"),
        longest=100,
        draw={"attrs": {**PLAIN, "placeholder": "49305550*"}},
        description=_l("As the trunk sends them: digits, * for any and ? for one. Left empty, any caller."),
    )
    version = VersionField()

    def offer(self) -> Self:
        self.protocol.choices = offered(protocols())
        return self

    def show(self, source: TrustedSource, version: int) -> Self:
        self.network.data, self.protocol.data, self.callers.data = source.network, source.protocol, source.from_pattern or ""
        self.version.data = str(version)
        return self


class NextHopForm(SectionForm):
    next_hop = TextField(
        _l("Calls to it go to"),
        longest=LONGEST_HOP,
        draw={"attrs": {**PLAIN, "placeholder": "sip:pbx.example.com:5060"}},
        description=_l("Left empty, the trunk registers with its SIP user and password, and calls go where it is registered."),
    )

    EDITED = ("next_hop",)

    @staticmethod
    def stored(sheet: LineSheet) -> Values:
        return {"next_hop": sheet.line.next_hop or ""}

from typing import Self

from flask_babel import lazy_gettext as _l

from portal.features.subscribers.forms.lines import PLAIN, protocols
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.rules import LONGEST_HOP
from portal.web.fields import SelectField, TextField, offered
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

    def offer(self) -> Self:
        self.protocol.choices = offered(protocols())
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

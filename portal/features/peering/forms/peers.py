from collections.abc import Sequence
from typing import Self

from flask_babel import lazy_gettext as _l

from portal.core.ids import PublicId
from portal.features.customers.models import Contract
from portal.features.peering.models import PeeringServer
from portal.features.peering.operations import Facts
from portal.features.peering.queries import Sheet
from portal.features.peering.rules import HEAVIEST, HIGHEST, LONGEST_HOST, LONGEST_NAME
from portal.web.fields import NumberField, SelectField, SwitchField, TextField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

OFF = {"autocomplete": "off"}
PLAIN = {**OFF, "autocapitalize": "none", "spellcheck": "false", "dir": "ltr"}


class PlainForm(Form):
    """Only says that it was meant."""


class GroupForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw={"attrs": OFF})
    priority = NumberField(
        _l("Priority"),
        low=1,
        high=HIGHEST,
        required=True,
        default=1,
        description=_l("1 is tried first. Peers of the same priority share the calls."),
    )
    contract = SelectField(_l("Contract"), default="")

    EDITED = ("name", "priority", "contract")

    def offer(self, contracts: Sequence[Contract], current: Contract | None = None) -> Self:
        every = [*contracts, *([current] if current and all(one.id != current.id for one in contracts) else [])]
        self.contract.choices = offered([("", _l("none")), *((one.public_id, one.name) for one in every)])
        return self

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        group, contract = sheet.group, sheet.contract
        return {"name": group.name, "priority": str(group.priority), "contract": contract.public_id if contract else ""}

    @property
    def chosen(self) -> PublicId | None:
        return PublicId(self.contract.data) if self.contract.data else None


class ServerForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw={"attrs": OFF})
    host = TextField(
        _l("Address or host name"),
        required=True,
        longest=LONGEST_HOST,
        draw={"attrs": {**PLAIN, "placeholder": "192.0.2.10"}},
        description=_l("Calls from an address are taken without a password; to a name, calls only leave."),
    )
    port = NumberField(_l("Port"), low=1, high=65535, required=True, default=5060)
    transport = SelectField(_l("Protocol"), choices=[("udp", "UDP"), ("tcp", "TCP")], default="udp")
    weight = NumberField(
        _l("Weight"),
        low=1,
        high=HEAVIEST,
        required=True,
        default=10,
        description=_l("One with 20 is tried first twice as often as one with 10."),
    )
    enabled = SwitchField(_l("Switched on"), default=True)

    EDITED = ("name", "host", "port", "transport", "weight", "enabled")

    @staticmethod
    def stored(server: PeeringServer) -> Values:
        return {
            "name": server.name,
            "host": server.host,
            "port": str(server.port),
            "transport": server.transport,
            "weight": str(server.weight),
            "enabled": "1" if server.enabled else "",
        }

    @property
    def facts(self) -> Facts:
        return Facts(
            name=self.name.data or "",
            host=self.host.data or "",
            port=self.port.data or 0,
            transport=str(self.transport.data),
            weight=self.weight.data or 0,
            enabled=bool(self.enabled.data),
        )

"""Contracts with peering partners, and what can be changed of any contract."""

from collections.abc import Mapping, Sequence
from typing import Self

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core.i18n import N_
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import called
from portal.features.platform.queries import ContractSheet
from portal.features.platform.rules import LONGEST_CONTRACT_NAME
from portal.web.fields import ChoiceField, SelectField, TextField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

LONGEST_EXTERNAL_ID = 255
OFF = {"attrs": {"autocomplete": "off"}}
PRODUCTS: Mapping[str, str] = {
    "reseller": N_("Reseller"),
    "sip_peering": N_("SIP peering"),
    "pstn_peering": N_("PSTN peering"),
}


def _contacts(contacts: Sequence[Contact], current: Contact | None = None) -> list[tuple[str, str]]:
    """Those that can be chosen, and the one that somebody has although it is not among them."""
    every = [*contacts, *([current] if current and all(one.id != current.id for one in contacts) else [])]
    return [(one.public_id, called(one.name, one.email)) for one in every]


class NewContractForm(Form):
    name = TextField(_l("Name of the partner"), required=True, longest=LONGEST_CONTRACT_NAME, draw=OFF)
    product = ChoiceField(
        _l("What for"),
        choices=[("sip_peering", _l("SIP peering")), ("pstn_peering", _l("PSTN peering"))],
        default="sip_peering",
    )
    contact = SelectField(_l("System contact"))
    external_id = TextField(_l("External #"), longest=LONGEST_EXTERNAL_ID, draw=OFF)

    def offer(self, contacts: Sequence[Contact]) -> Self:
        self.contact.choices = offered(_contacts(contacts))
        return self


class ContractForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=LONGEST_CONTRACT_NAME, draw=OFF)
    contact = SelectField(_l("System contact"))
    external_id = TextField(_l("External #"), longest=LONGEST_EXTERNAL_ID, draw=OFF)

    EDITED = ("name", "contact", "external_id")

    def offer(self, contacts: Sequence[Contact], current: Contact) -> Self:
        self.contact.choices = offered(_contacts(contacts, current))
        return self

    @staticmethod
    def stored(sheet: ContractSheet) -> Values:
        contract = sheet.contract
        return {"name": contract.name, "contact": sheet.contact.public_id, "external_id": contract.external_id or ""}

    def in_words(self, name: str, value: str) -> str:
        return super().in_words(name, value) or _("none")

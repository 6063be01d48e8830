"""Who works here, in which role, with which of its rights."""

from collections.abc import Collection, Sequence
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n
from portal.core.permissions import Role
from portal.features.accounts import rules
from portal.features.accounts.forms.person import LONGEST_NAME
from portal.features.accounts.queries import StaffMember
from portal.web.fields import ChoiceField, EmailField, TextField, TicksField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values


def _roles(roles: Sequence[Role]) -> list[Any]:
    return offered([(role.value, _(rules.ROLE_WORDS[role])) for role in roles])


def _rights(withheld: Collection[str]) -> list[Any]:
    """Nobody gives what they do not have."""
    return offered([(one.value, _(words[0])) for one, words in rules.RIGHT_WORDS.items() if one not in withheld])


def hints() -> dict[str, str]:
    """What each role is for."""
    return {role.value: _(sentence) for role, sentence in rules.ROLE_HINTS.items()}


class InviteForm(Form):
    name = TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw={"attrs": {"autocomplete": "off"}})
    email = EmailField(_l("E-mail"), required=True, description=_l("The invitation goes there, and it is the sign-in name."))
    role = ChoiceField(_l("Role"), draw={"list": True})
    rights = TicksField(_l("Rights"), description=_l("As far as the role has them. They can be changed at any time."))

    def offer(self, roles: Sequence[Role], withheld: Collection[str]) -> "InviteForm":
        self.role.choices, self.rights.choices = _roles(roles), _rights(withheld)
        if not self.is_submitted():
            self.role.data, self.rights.data = Role.CARE.value, [one.value for one in rules.RIGHTS if one not in withheld]
        return self


class RightsForm(SectionForm):
    role = ChoiceField(_l("Role"), draw={"list": True})
    rights = TicksField(_l("Rights"), description=_l("As far as the role has them."))

    EDITED = ("role", "rights")

    def offer(self, roles: Sequence[Role], withheld: Collection[str]) -> "RightsForm":
        self.role.choices, self.rights.choices = _roles(roles), _rights(withheld)
        return self

    def in_words(self, name: str, value: str) -> str:
        if name != "rights":
            return super().in_words(name, value)
        chosen = set(value.split())
        return i18n.listed(_(words[0]) for one, words in rules.RIGHT_WORDS.items() if one.value in chosen) or _("none")

    def stored(self, member: StaffMember) -> Values:
        there = {choice[0] for choice in self.rights.iter_choices()}
        rights = sorted(one for one in rules.rights_of(member.account.withheld) if one in there)
        return {"role": member.account.role, "rights": " ".join(rights)}

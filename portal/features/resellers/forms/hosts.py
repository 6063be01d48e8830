from collections.abc import Sequence

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core.ids import PublicId
from portal.features.resellers import rules
from portal.features.resellers.forms.domains import LONGEST_TYPED, PLAIN
from portal.features.resellers.models import SipDomain
from portal.features.resellers.queries import HostSheet
from portal.web.fields import SelectField, TextField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

Domains = Sequence[SipDomain]


def _domain() -> SelectField:
    return SelectField(
        _l("SIP domain"), description=_l("People of this domain sign in with their user name alone, in its languages.")
    )


def _title() -> TextField:
    return TextField(
        _l("Whose telephone system"),
        longest=rules.LONGEST_TITLE,
        description=_l("Stands on the sign-in page, for example a company."),
    )


def _choices(domains: Domains) -> list[tuple[str, str]]:
    named = ((one.public_id, rules.readable(one.domain)) for one in domains)
    return [("", _("None: people type their whole sign-in name")), *named]


def _chosen(domains: Domains, value: str | None) -> SipDomain | None:
    return next((one for one in domains if one.public_id == value), None)


class NewHostForm(Form):
    host = TextField(
        _l("Web address"),
        required=True,
        longest=LONGEST_TYPED,
        draw={"attrs": {**PLAIN, "inputmode": "url", "placeholder": "phone.example.com"}},
        description=_l("What people type into their browser, without https:// in front."),
    )
    domain = _domain()
    title = _title()

    def offer(self, domains: Domains, wanted: PublicId | None = None) -> "NewHostForm":
        self.domains, self.domain.choices = domains, offered(_choices(domains))
        if not self.is_submitted():
            self.domain.data = wanted if _chosen(domains, wanted) else ""
        return self

    @property
    def chosen(self) -> SipDomain | None:
        return _chosen(self.domains, self.domain.data)


class HostForm(SectionForm):
    domain = _domain()
    title = _title()

    EDITED = ("domain", "title")

    def offer(self, domains: Domains) -> "HostForm":
        self.domains, self.domain.choices = domains, offered(_choices(domains))
        return self

    @staticmethod
    def stored(sheet: HostSheet) -> Values:
        return {"domain": sheet.domain.public_id if sheet.domain else "", "title": sheet.host.title or ""}

    @property
    def chosen(self) -> SipDomain | None:
        return _chosen(self.domains, self.domain.data)

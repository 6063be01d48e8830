from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n, zones
from portal.core.tenancy import Tenant
from portal.web.fields import ChoiceField, SelectField
from portal.web.forms import Form


class DisplayForm(Form):
    """What the portal looks like to one person. An empty choice follows the browser, the provider, the system."""

    language = SelectField(_l("Language"))
    time_zone = SelectField(_l("Time zone"))
    scheme = ChoiceField(_l("Light or dark"), choices=[("", _l("Like the system")), ("light", _l("Light")), ("dark", _l("Dark"))])

    def offer(self, tenant: Tenant) -> "DisplayForm":
        self.language.choices = {"": _("As the browser asks"), **{code: i18n.own_name(code) for code in tenant.languages}}
        self.time_zone.choices = {
            "": _("As the provider sets it: %(place)s", place=zones.place_of(tenant.time_zone)),
            **zones.by_region(),
        }
        return self

    def chosen(self) -> dict[str, str | None]:
        return {field.name: field.data or None for field in (self.language, self.time_zone, self.scheme)}


"""What is typed about SIP domains, web hosts and languages."""

from portal.features.resellers.forms.domains import (
    DefaultsForm as DefaultsForm,
    NewDomainForm as NewDomainForm,
    PlaceForm as PlaceForm,
)
from portal.features.resellers.forms.hosts import HostForm as HostForm, NewHostForm as NewHostForm
from portal.features.resellers.forms.languages import LanguagesForm as LanguagesForm
from portal.web.forms import Form


class PlainForm(Form):
    """A button, nothing to fill in."""

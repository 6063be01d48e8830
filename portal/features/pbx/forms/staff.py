"""What a provider's staff fill in about a company's telephone system."""

from flask_babel import lazy_gettext as _l

from portal.web.fields import TextField
from portal.web.forms import Form

TEL = {"inputmode": "tel", "autocomplete": "off", "dir": "ltr", "list": "free-numbers"}


class BaseNumberForm(Form):
    number = TextField(_l("New base number"), required=True, longest=60, draw={"attrs": TEL})

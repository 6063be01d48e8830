from flask_babel import lazy_gettext as _l

from portal.web.fields import PasswordField, TextField
from portal.web.forms import Form

ONE_TIME = {"autocomplete": "one-time-code", "inputmode": "numeric", "autocapitalize": "none", "spellcheck": "false"}
ON_PAPER = {"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}


class CodeForm(Form):
    code = TextField(_l("Code"), required=True, longest=30, draw={"width": "code", "attrs": ONE_TIME})


class RecoveryForm(Form):
    code = TextField(_l("Recovery code"), required=True, longest=60, draw={"attrs": ON_PAPER})


class ConfirmForm(Form):
    current = PasswordField(_l("Current password"), longest=1000)


class PlainForm(Form):
    """Nothing but a button."""

from flask_babel import lazy_gettext as _l

from portal.features.accounts import rules
from portal.web.fields import TextField
from portal.web.forms import Form


class PasskeyForm(Form):
    name = TextField(_l("Name of the passkey"), required=True, longest=rules.LONGEST_PASSKEY_NAME)

from flask_babel import lazy_gettext as _l

from portal.features.accounts.forms.entering import SIGN_IN_NAME
from portal.features.accounts.rules import LONGEST_NAME
from portal.web.fields import TextField
from portal.web.forms import Form


class ForgotForm(Form):
    username = TextField(_l("User name"), required=True, longest=LONGEST_NAME, draw={"attrs": SIGN_IN_NAME})

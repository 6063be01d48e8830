from flask_babel import lazy_gettext as _l

from portal.web.fields import EmailField, TextField
from portal.web.forms import Form

LONGEST_NAME = 100


class NameForm(Form):
    name = TextField(_l("Name"), required=True, longest=LONGEST_NAME, draw={"attrs": {"autocomplete": "name"}})


class EmailForm(Form):
    """Empty: no address of one's own any more."""

    email = EmailField(_l("E-mail"))

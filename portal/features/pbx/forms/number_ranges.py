"""Numbers from one to another."""

from flask_babel import lazy_gettext as _l

from portal.features.pbx.forms.extensions import GiveForm
from portal.web.fields import TextField

NUMBER = {"width": "middle", "attrs": {"inputmode": "tel", "autocomplete": "off", "dir": "ltr"}}


class NumberRangeForm(GiveForm):
    """From which number to which, and who gets them."""

    first = TextField(_l("From"), required=True, longest=50, draw=NUMBER)
    last = TextField(_l("To"), required=True, longest=50, draw=NUMBER, description=_l("The whole number, or just how it ends."))

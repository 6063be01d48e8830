from flask_babel import lazy_gettext as _l

from portal.features.accounts.rules import LONGEST_REASON
from portal.web.fields import TextField
from portal.web.forms import Form


class ViewAsForm(Form):
    reason = TextField(
        _l("Reason"),
        required=True,
        longest=LONGEST_REASON,
        description=_l("For example the number of a support call. It is kept in the history."),
        draw={"attrs": {"autocomplete": "off"}},
    )

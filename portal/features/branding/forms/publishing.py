"""What goes with publishing, and whom a private link is for."""

from flask_babel import lazy_gettext as _l

from portal.features.branding.rules.publishing import LONGEST_NAME, LONGEST_NOTE
from portal.web.fields import TextField, VersionField
from portal.web.forms import Form


class PlainForm(Form):
    """A button; `version` is that of the draft, as it was seen."""

    version = VersionField()


class PublishForm(Form):
    """`version` is that of the draft, `live` the number of what everybody saw while this was looked at."""

    version = VersionField()
    live = VersionField()
    note = TextField(_l("Note"), longest=LONGEST_NOTE, description=_l("For those who read the list of versions later."))


class PreviewForm(Form):
    name = TextField(_l("For whom"), required=True, longest=LONGEST_NAME)

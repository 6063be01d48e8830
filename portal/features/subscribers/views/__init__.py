"""Lines and numbers of customers, as a provider's staff look after them; and the telephones at them, for their people, too."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.subscribers.views import (  # noqa: F401 - each adds its pages to bp
    customer_lines,
    customer_numbers,
    devices,
    line,
    line_devices,
    locks,
    secrets,
    sections,
    trunks,
)
from portal.features.subscribers.views.door import bp as bp
from portal.web.nav import Place

PLACES = [Place("subscribers.devices", _l("Devices"), "monitor-smartphone", 46, permission=P.DEVICES_VIEW)]

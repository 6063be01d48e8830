"""The list of calls, and the same as a file."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.calls.views import customers, download, listing  # noqa: F401 - each adds its pages to bp
from portal.features.calls.views.door import bp as bp
from portal.web.nav import Place

PLACES = [Place("calls.list", _l("Calls"), "phone", 40, permission=P.CALLS_VIEW)]

"""Pages about what happens with calls."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.callhandling.views import (  # noqa: F401 - each adds its pages to bp
    blocking,
    callers,
    forwards,
    line,
    others,
    settings,
    speed_dial,
    times,
)
from portal.features.callhandling.views.door import bp as bp
from portal.web.nav import Place

PLACES = [Place("callhandling.own", _l("Call handling"), "route", 45, permission=P.CALL_HANDLING)]

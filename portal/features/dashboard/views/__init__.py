"""One address, a page for each kind of person."""

from flask_babel import lazy_gettext as _l

from portal.features.dashboard.views import guide, home, samples, search  # noqa: F401 - adds its pages to bp
from portal.features.dashboard.views.door import bp as bp
from portal.web.nav import Place

PLACES = [Place("dashboard.show", _l("Dashboard"), "house", 0)]

"""The log, and the same as a file."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.audit.views import download, listing  # noqa: F401 - each adds its pages to bp
from portal.features.audit.views.door import bp as bp
from portal.web.nav import Place

PLACES = [Place("audit.list", _l("Audit"), "scroll-text", 90, permission=P.AUDIT_VIEW)]

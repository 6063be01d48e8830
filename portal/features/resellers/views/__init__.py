"""SIP domains, web hosts, languages."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.resellers.views import (  # noqa: F401 - each adds its pages to bp
    domains,
    hosts,
    languages,
    listing,
    sections,
)
from portal.features.resellers.views.door import bp as bp
from portal.web.nav import Group, Place

PLACES = [Place("resellers.domains", _l("Domains"), "globe", 20, permission=P.DOMAINS_VIEW, group=Group.PROVIDER)]

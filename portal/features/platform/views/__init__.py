"""The operator's pages: resellers, contracts, how the platform is."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.platform.views import (  # noqa: F401 - each adds its pages to bp
    contracts,
    life,
    reseller,
    resellers,
    system_contacts,
)
from portal.features.platform.views.door import bp as bp
from portal.features.platform.views.health import install as install
from portal.web.nav import Group, Place

PLACES = [
    Place("platform.resellers", _l("Resellers"), "store", 10, permission=P.RESELLERS_VIEW, group=Group.PLATFORM),
    Place("platform.contracts", _l("Contracts"), "file-text", 20, permission=P.CONTRACTS, group=Group.PLATFORM),
    Place("platform.health", _l("Health"), "server", 40, permission=P.HEALTH_VIEW, group=Group.PLATFORM),
]

"""Customers of a reseller, and their classes of service."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.customers.views import (  # noqa: F401 - each adds its pages to bp
    classes,
    creating,
    life,
    listing,
    sections,
    sheet,
)
from portal.features.customers.views.door import bp as bp
from portal.web.nav import Group, Place

PLACES = [
    Place("customers.index", _l("Customers"), "building-2", 10, permission=P.CUSTOMERS_VIEW),
    Place("customers.classes", _l("Service classes"), "layers", 30, permission=P.SERVICE_CLASSES, group=Group.PROVIDER),
]

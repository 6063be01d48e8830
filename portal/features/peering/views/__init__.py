"""Peers: the networks that calls leave to and come from. For operators."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.peering.views import peers, servers  # noqa: F401 - each adds its pages to bp
from portal.features.peering.views.door import bp as bp
from portal.web.nav import Group, Place

PLACES = [Place("peering.peers", _l("Peers"), "network", 30, permission=P.PEERING_VIEW, group=Group.PLATFORM)]

"""The operator's pages: resellers, contracts, how the platform is."""

from portal.features.platform.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

"""Pages about what happens with calls."""

from portal.features.callhandling.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

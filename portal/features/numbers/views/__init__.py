"""Number blocks."""

from portal.features.numbers.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

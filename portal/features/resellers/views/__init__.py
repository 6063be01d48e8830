"""SIP domains and web hosts."""

from portal.features.resellers.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

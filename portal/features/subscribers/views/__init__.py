"""Lines of customers, as a provider's staff look after them."""

from portal.features.subscribers.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

"""Pages of phonebooks."""

from portal.features.phonebook.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

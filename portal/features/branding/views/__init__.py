"""How a provider looks: the editor, its versions, and what pages see of a brand."""

from portal.features.branding.views.brands import Brands as Brands, theme_files as theme_files
from portal.features.branding.views.door import bp as bp
from portal.web.nav import Place

PLACES: list[Place] = []

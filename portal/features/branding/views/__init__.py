"""How a provider looks: the editor, its versions, and what pages see of a brand."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.branding.views import (  # noqa: F401 - each adds its pages to bp
    editor,
    overview,
    pictures,
    preview,
    previews,
    publishing,
    reading,
    versions,
    wearing,
)
from portal.features.branding.views.brands import Brands as Brands
from portal.features.branding.views.door import bp as bp
from portal.features.branding.views.preview import Samples as Samples, install as install
from portal.web.nav import Group, Place

PLACES = [Place("branding.index", _l("Branding"), "palette", 10, permission=P.BRANDING_EDIT, group=Group.PROVIDER)]

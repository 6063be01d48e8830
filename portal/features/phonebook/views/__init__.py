"""Pages of phonebooks."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.phonebook.views import entries, files, listing, sections  # noqa: F401 - each adds its pages to bp
from portal.features.phonebook.views.door import bp as bp
from portal.web.nav import Place

PLACES = [Place("phonebook.index", _l("Phonebook"), "book-user", 47, permission=P.PHONEBOOK)]

"""Number blocks."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.numbers.views import block, listing  # noqa: F401 - each adds its pages to bp
from portal.features.numbers.views.door import bp as bp, install_lines as install_lines
from portal.web.nav import Group, Place

PLACES = [Place("numbers.blocks", _l("Number blocks"), "hash", 40, permission=P.BLOCKS_VIEW, group=Group.PROVIDER)]

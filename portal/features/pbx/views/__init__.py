"""A pilot's pages: extensions, groups and numbers."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.pbx.views import (  # noqa: F401 - each adds its pages to bp
    ends,
    examples,
    exports,
    factors,
    groups,
    imports,
    listing,
    number_ranges,
    numbers,
    profiles,
    ranges,
    reports,
    samples,
    secrets,
    sections,
    sheet,
    staff,
    ticked,
    ticked_ends,
)
from portal.features.pbx.views.door import bp as bp
from portal.web.nav import Place

PLACES = [
    Place("pbx.extensions", _l("Extensions"), "users-round", 10, permission=P.EXTENSIONS_VIEW),
    Place("pbx.groups", _l("Groups"), "phone-call", 20, permission=P.GROUPS_VIEW),
    Place("pbx.numbers", _l("Numbers"), "hash", 30, permission=P.NUMBERS_VIEW),
]

"""What lines are called on pages of staff."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.features.subscribers.models import Kind

KIND_WORDS: Mapping[Kind, object] = {
    Kind.PILOT: _l("Pilot"),
    Kind.REGULAR: _l("Single line"),
    Kind.EXTENSION: _l("Extension"),
    Kind.GROUP: _l("Group"),
    Kind.TRUNK: _l("Trunk"),
}

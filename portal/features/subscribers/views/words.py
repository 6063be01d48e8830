"""What lines are called on pages of staff."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.features.subscribers.models import Kind
from portal.features.subscribers.rules import LINE_WORDS

KIND_WORDS: Mapping[Kind, object] = {kind: _l(LINE_WORDS[kind]) for kind in Kind}

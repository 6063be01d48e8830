"""What is written about the switch: what its nodes say, what they have to be told, and what they look up."""

from portal.features.switch.operations.nodes import (
    RELOAD_NODE as RELOAD_NODE,
    forget_others as forget_others,
    note_answer as note_answer,
    note_reload as note_reload,
    note_silence as note_silence,
    spread as spread,
)
from portal.features.switch.operations.tables import keep_tables as keep_tables
from portal.features.switch.operations.telling import tell as tell
from portal.features.switch.operations.wanting import want_later as want_later, want_now as want_now

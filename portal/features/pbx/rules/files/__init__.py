"""Files of extensions, groups and numbers: what is in them, and how the same is written."""

from portal.features.pbx.rules.files.columns import (
    Column as Column,
    Matching as Matching,
    choices as choices,
    chosen as chosen,
    match as match,
)
from portal.features.pbx.rules.files.encodings import ENCODINGS as ENCODINGS
from portal.features.pbx.rules.files.fields import (
    FIELDS as FIELDS,
    Field as Field,
    ImportKind as ImportKind,
    field_of as field_of,
    label_of as label_of,
)
from portal.features.pbx.rules.files.reading import (
    LARGEST as LARGEST,
    LONGEST_HEADING as LONGEST_HEADING,
    MOST_ROWS as MOST_ROWS,
    SEPARATORS as SEPARATORS,
    Line as Line,
    Table as Table,
    read as read,
)

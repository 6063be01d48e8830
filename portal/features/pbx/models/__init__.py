from portal.features.pbx.models.drafts import CompanyDraft as CompanyDraft
from portal.features.pbx.models.groups import (
    CancelMode as CancelMode,
    Group as Group,
    Member as Member,
    RingingPolicy as RingingPolicy,
)
from portal.features.pbx.models.imports import (
    Import as Import,
    ImportKind as ImportKind,
    ImportRow as ImportRow,
    ImportState as ImportState,
)

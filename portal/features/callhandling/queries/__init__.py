"""Reads of what lines do with calls."""

from portal.features.callhandling.queries.sheet import (
    Blocked as Blocked,
    Named as Named,
    Place as Place,
    Rule as Rule,
    Sheet as Sheet,
    Target as Target,
    sheet as sheet,
    usual as usual,
)

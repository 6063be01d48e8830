"""Reads of phonebooks: whose entries somebody sees, the list, and names for numbers."""

from portal.features.phonebook.queries.entries import (
    WAITS as WAITS,
    counted as counted,
    entry as entry,
    kept as kept,
    known_keys as known_keys,
    numbers_of as numbers_of,
    waiting_file as waiting_file,
)
from portal.features.phonebook.queries.listing import (
    SORTS as SORTS,
    Facts as Facts,
    Filters as Filters,
    Listed as Listed,
    Page as Page,
    every as every,
    facts as facts,
    level as level,
    page as page,
)
from portal.features.phonebook.queries.names import (
    Known as Known,
    known as known,
    name_for as name_for,
    names as names,
    numbers_named as numbers_named,
)
from portal.features.phonebook.queries.reader import Book as Book, Reader as Reader, reader as reader, seen as seen

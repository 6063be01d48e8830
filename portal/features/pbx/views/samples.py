"""The list of extensions with made-up people: for the preview of a brand."""

from portal.core import ids
from portal.features.pbx.queries import Facts, Filters, Listed, Page
from portal.features.pbx.rules import LOCK_WORDS, Range
from portal.features.pbx.views.listing import list_query
from portal.web.samples import Sample, digits

PEOPLE = (
    ("101", "Nora Lind", "Sales", 0, False),
    ("102", "Ben Ortiz", "Sales", 0, False),
    ("103", "Kim Sato", "Support", 0, True),
    ("104", "Ada Moreau", "Support", 0, False),
    ("105", "Samir Haddad", "", 2, False),
    ("106", "Lena Fuchs", "Sales", 0, False),
    ("107", "Tom Vester", "Reception", 0, False),
    ("108", "Elif Demir", "", 0, False),
)


def extensions() -> Sample:
    rows = [_row(*person) for person in PEOPLE]
    facts = Facts(20, 11, len(rows), 1, 1, 1, 1, Range(100, 199), 109)
    context = {
        "query": list_query(),
        "page": Page(rows, len(rows)),
        "filters": Filters(),
        "facts": facts,
        "groups": [],
        "group": None,
        "profiles": [],
        "profile": None,
        "lock_words": LOCK_WORDS,
    }
    return Sample("pbx/extensions.html", context, "pbx.extensions")


def _row(extension: str, name: str, group: str, lock_level: int, quiet: bool) -> Listed:  # noqa: FBT001 - a row of PEOPLE
    groups = [(ids.new(), group)] if group else []
    aliases = [digits("900")] if extension == "101" else []
    return Listed(
        ids.new(), extension, name, digits(extension), groups, aliases, "own", None, lock_level, locked_here=True, quiet=quiet,
        phones=0 if extension == "107" else 1,
    )

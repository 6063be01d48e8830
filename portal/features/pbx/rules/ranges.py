"""Extensions that follow one another."""

from collections.abc import Mapping

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.pbx.rules.extensions import LONGEST_EXTENSION

MOST_IN_RANGE = 1000
PLACE = "#"  # in a name, where the extension stands

declare("run-first", N_("Say with which extension to begin, in digits."))
declare("run-long", N_("These extensions would get longer than the first one, or longer than %(longest)s digits."))
declare("run-name", N_("Type what these extensions are called."))


def rows_for_range(first: str, count: int, pattern: str, common: Mapping[str, str]) -> list[tuple[int, dict[str, str]]]:
    """Rows like those of a file, with their places. Raises Refused at “first”, “count” or “pattern”.

    All extensions are as long as the first: 0098, 0099, 0100.
    """
    first, pattern = "".join(first.split()), " ".join(pattern.split())
    if not (first.isascii() and first.isdigit()):
        raise Refused("run-first", field="first")
    if not 1 <= count <= MOST_IN_RANGE:
        raise Refused("run-count", field="count", most=MOST_IN_RANGE)
    if len(first) > LONGEST_EXTENSION or len(str(int(first) + count - 1)) > len(first):
        raise Refused("run-long", field="count", longest=LONGEST_EXTENSION)
    if not pattern:
        raise Refused("run-name", field="pattern")
    extensions = [str(int(first) + step).zfill(len(first)) for step in range(count)]
    return [
        (place, {**common, "extension": extension, "display_name": name_for(pattern, extension)})
        for place, extension in enumerate(extensions, 1)
    ]


def name_for(pattern: str, extension: str) -> str:
    """“Room #” gives Room 214, and so does “Room”."""
    return pattern.replace(PLACE, extension) if PLACE in pattern else f"{pattern} {extension}"


def name_of(first: str, count: int) -> str:
    """What an import of such extensions is called."""
    first = "".join(first.split())
    return f"{first}–{str(int(first) + count - 1).zfill(len(first))}"

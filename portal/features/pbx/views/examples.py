"""What a file has to look like: its columns one by one, and an example to download."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

from flask import Response
from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.pbx.models import ImportKind
from portal.features.pbx.rules import files
from portal.features.pbx.rules.files import exported, words
from portal.features.pbx.views.door import bp
from portal.web.access import requires
from portal.web.download import spreadsheet
from portal.web.tenant import tenant

EXPORTS: Mapping[str, str] = {
    ImportKind.EXTENSIONS.value: "pbx.extensions_file",
    ImportKind.GROUPS.value: "pbx.groups_file",
    ImportKind.NUMBERS.value: "pbx.numbers_file",
}
HINTS: Mapping[str, object] = {
    "extension": _l("By it a row is found: who has it already is changed, others are added."),
    "display_name": _l("Needed for those who are added."),
    "email": _l("Invitations and links to new passwords go there."),
    "username": _l("With which a phone signs in. Left empty, it is the extension; it cannot be changed later."),
    "web_username": _l("With which somebody signs in here. Left empty, it is the SIP user name."),
    "language": _l("A name or a code. Left empty, that of the company."),
    "outgoing": _l("The own number, the base number, or one of the further numbers."),
    "do_not_disturb": _l("on or off"),
    "music_on_hold": _l("on or off"),
    "numbers": _l("All of them, parted by semicolons. What is missing returns to the pool."),
    "groups": _l("All of them, by extension or name, parted by semicolons."),
    "profile": _l("Which features this person may use. Left empty, the company’s usual profile."),
    "policy": _l("In which order the phones ring."),
    "ring_seconds": _l("How long each step rings, 1 to 3600."),
    "cancel_mode": _l("How phones are told that the call was answered elsewhere."),
    "ignore_forwards": _l("on or off"),
    "members": _l("By extension, in the order in which they ring, parted by semicolons."),
    "number": _l("One of your further numbers, written in any way."),
    "owner": _l("An extension, of a person or a group. Left empty, the number returns to the pool."),
}
ALIAS = "30123456"  # after the country's own code
EXAMPLES: Mapping[str, Sequence[Mapping[str, Any]]] = {
    ImportKind.EXTENSIONS.value: (
        {"extension": "201", "display_name": "Mila Brandt", "email": "mila.brandt@example.com", "language": "en"},
        {"extension": "202", "display_name": "Noor van Dijk", "email": "noor@example.com", "outgoing": "base"},
        {"extension": "203", "display_name": "Meeting room", "do_not_disturb": False, "music_on_hold": True},
    ),
    ImportKind.GROUPS.value: (
        {"extension": "610", "display_name": "Dispatch", "policy": "parallel", "ring_seconds": 20, "members": ["201", "202"]},
        {"extension": "611", "display_name": "Night watch", "policy": "serial", "ring_seconds": 15, "members": ["203", "201"]},
    ),
    ImportKind.NUMBERS.value: (
        {"number": f"{ALIAS}01", "owner": "201"},
        {"number": f"{ALIAS}02", "owner": "610"},
        {"number": f"{ALIAS}03", "owner": ""},
    ),
}


class Guide(NamedTuple):
    """A column: its heading, whether a file has to have it, what stands in it, an example."""

    label: str
    required: bool
    hint: object
    example: str


def guide(kind: str) -> list[Guide]:
    return [
        Guide(files.label_of(kind, field.name), field.required, HINTS[field.name], _example(kind, field.name))
        for field in files.FIELDS[kind]
    ]


def _example(kind: str, name: str) -> str:
    """The first one that there is."""
    number = partial(_spelled, tenant().home.cc)
    return next((text for row in EXAMPLES[kind] if (text := words.cell_text(name, row.get(name), number))), "")


def _spelled(home_cc: str, digits: str) -> str:
    return f"+{home_cc} {digits[:2]} {digits[2:]}"


@bp.get("/imports/example/<any(extensions, groups, numbers):kind>.csv")
@requires(P.BULK)
def example(kind: str) -> Response:
    """Ready to be filled in."""
    lines = exported.pieces(kind, EXAMPLES[kind], partial(_spelled, tenant().home.cc))
    return spreadsheet(f"example-{kind}", exported.header(kind), lines)

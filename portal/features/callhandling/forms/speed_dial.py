"""The keys *0 to *9, as they are filled in: whom each calls, and a name."""

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l

from portal.core import phone
from portal.core.phone import Home
from portal.features.callhandling import rules
from portal.features.callhandling.forms.settings import PartForm
from portal.features.callhandling.queries import Place, Sheet
from portal.features.callhandling.rules import SLOTS, Dial, Exchange
from portal.features.callhandling.rules.dials import Named
from portal.web.fields import TextField
from portal.web.sections import Values

LONGEST_TYPED = 160


def _to(slot: int) -> TextField:
    draw = {"attrs": {"list": "dial-people", "autocomplete": "off", "spellcheck": "false"}}
    return TextField(_l("*%(key)s calls", key=slot), longest=LONGEST_TYPED, draw=draw)


def _name(slot: int) -> TextField:
    return TextField(_l("Name of *%(key)s", key=slot), longest=rules.LONGEST_DIAL_NAME, draw={"attrs": {"autocomplete": "off"}})


class SpeedDialForm(PartForm):
    """`people`: the colleagues and groups to choose from."""

    to_0, to_1, to_2, to_3, to_4, to_5, to_6, to_7, to_8, to_9 = map(_to, SLOTS)
    name_0, name_1, name_2, name_3, name_4, name_5, name_6, name_7, name_8, name_9 = map(_name, SLOTS)

    EDITED = tuple(f"{what}_{slot}" for slot in SLOTS for what in ("to", "name"))
    people: Sequence[str] = ()

    def offer(self, directory: Exchange) -> None:
        self.people = [rules.label(line) for line in directory.lines.values() if line.extension]

    def stored(self, sheet: Sheet, home: Home) -> Values:
        values = dict.fromkeys(self.EDITED, "")
        for slot, place in sheet.speed_dials.items():
            values[f"to_{slot}"] = _typed(place, home)
            values[f"name_{slot}"] = place.name or ""
        return values

    def dials(self, directory: Exchange, named: Named) -> dict[int, Dial]:
        """`named` finds the number of somebody in a phonebook. Raises Refused at the field where it was typed."""
        typed = {slot: (self[f"to_{slot}"].data or "", self[f"name_{slot}"].data or "") for slot in SLOTS}
        return rules.read_dials(typed, directory, named)


def _typed(place: Place, home: Home) -> str:
    """What would be typed for it; whoever has left is still named, and then has to be replaced."""
    return place.target.label if place.target else phone.display(place.number or "", home.cc)

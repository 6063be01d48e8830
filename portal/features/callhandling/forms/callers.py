"""Caller lists, as they are filled in: a number per line, with a note if one likes."""

from typing import Any

from flask_babel import lazy_gettext as _l, ngettext

from portal.core import i18n
from portal.core.phone import Home
from portal.features.callhandling import rules
from portal.features.callhandling.forms.times import WhoseForm
from portal.features.callhandling.queries import KeptCallers
from portal.features.callhandling.rules import Entry
from portal.web.fields import LinesField, SwitchField, TextField
from portal.web.sections import Values

LONGEST_TEXT = rules.MOST_ENTRIES * 200  # far more than fits: what does not is counted, and said
NUMBERS = {"rows": 8, "attrs": {"dir": "auto", "spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}}


class EntriesField(LinesField):
    """Numbers, one per line. `entries` are those of what was typed; raises Refused with the lines that cannot be used."""

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, longest=LONGEST_TEXT, draw=NUMBERS, **more)

    def entries(self, home: Home) -> list[Entry]:
        return rules.read_entries(self.data or "", home, field=self.name)


def in_few_words(text: str) -> str:
    """“3 numbers: 0900*, …”: what a list comes to, where two of them are compared."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    count = ngettext("%(num)s number", "%(num)s numbers", len(lines))
    shown = i18n.listed(line.split("  ")[0] for line in lines[:5])
    return f"{count}: {shown}{', …' if len(lines) > 5 else ''}" if lines else count


class CallersForm(WhoseForm):
    name = TextField(_l("Name"), required=True, longest=rules.LONGEST_CONDITION_NAME, draw={"attrs": {"autocomplete": "off"}})
    entries = EntriesField(
        _l("Numbers"),
        description=_l(
            "One per line, with a note after it if you like. * at the end stands for all that may follow, ? for one digit:"
            " 0900* is every number that starts with 0900."
        ),
    )
    hidden = SwitchField(_l("Callers who hide their number"))
    colleagues = SwitchField(_l("All colleagues"))

    EDITED = ("name", "entries", "hidden", "colleagues")

    @staticmethod
    def stored(kept: KeptCallers, home: Home) -> Values:
        entries = [Entry(pattern, note) for pattern, note in kept.notes.items()]
        return {
            "name": kept.row.name,
            "entries": rules.shown_entries(entries, home),
            "hidden": "1" if kept.row.hidden else "",
            "colleagues": "1" if kept.row.colleagues else "",
        }

    def in_words(self, name: str, value: str) -> str:
        return in_few_words(value) if name == "entries" else super().in_words(name, value)

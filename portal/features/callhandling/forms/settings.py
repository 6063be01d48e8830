"""Parts of the page of a line that save on their own: ring time, own number, who is blocked."""

from typing import ClassVar

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core.phone import Home
from portal.features.callhandling import rules
from portal.features.callhandling.forms.callers import EntriesField, in_few_words
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Direction, Entry, Mode
from portal.web.fields import ChoiceField, NumberField, SwitchField, offered
from portal.web.sections import SectionForm, Values


class PartForm(SectionForm):
    def stored(self, sheet: Sheet, home: Home) -> Values:
        """What stands now, as texts."""
        raise NotImplementedError


class RingForm(PartForm):
    ring_seconds = NumberField(_l("Not answered after"), low=1, high=rules.LONGEST_RING, required=True, unit=_l("seconds"))

    EDITED = ("ring_seconds",)

    def stored(self, sheet: Sheet, home: Home) -> Values:  # noqa: ARG002 - numbers say no country
        return {"ring_seconds": str(sheet.handling.ring_seconds)}


class PrivacyForm(PartForm):
    hide_outside = SwitchField(
        _l("Hide it from people outside"), description=_l("They see an unknown number and cannot call back.")
    )
    hide_inside = SwitchField(_l("Hide it from colleagues"), description=_l("Their telephones show neither name nor extension."))

    EDITED = ("hide_outside", "hide_inside")

    def stored(self, sheet: Sheet, home: Home) -> Values:  # noqa: ARG002
        return {name: "1" if getattr(sheet.handling, name) else "" for name in self.EDITED}


class BlockingForm(PartForm):
    """What cannot be called."""

    mode = ChoiceField(_l("The numbers below"), default=Mode.BLOCK.value)
    entries = EntriesField(
        _l("Numbers"),
        description=_l(
            "One per line, with a note after it if you like: 0900* Premium. * at the end stands for all that may follow,"
            " ? for one digit, 00* for every number abroad."
        ),
    )

    EDITED: ClassVar[tuple[str, ...]] = ("mode", "entries")
    DIRECTION: ClassVar[Direction] = Direction.OUT

    @property
    def hides(self) -> bool:
        """Whether those who hide their number are blocked."""
        return False

    def offer(self) -> None:
        self.mode.choices = offered(
            [(Mode.BLOCK.value, _("cannot be called")), (Mode.ALLOW.value, _("are all that can be called"))]
        )
        self.mode.drawing = {
            "hints": {
                Mode.BLOCK.value: _("All others can."),
                Mode.ALLOW.value: _("List the extensions of colleagues, too. Emergency numbers always work."),
            }
        }

    def stored(self, sheet: Sheet, home: Home) -> Values:
        entries = [Entry(one.pattern, one.note) for one in sheet.blocked[self.DIRECTION]]
        return {"mode": sheet.handling.outgoing, "entries": rules.shown_entries(entries, home)}

    def in_words(self, name: str, value: str) -> str:
        return in_few_words(value) if name == "entries" else super().in_words(name, value)


class IncomingForm(BlockingForm):
    """Whose calls do not get through."""

    entries = EntriesField(
        _l("Numbers"),
        description=_l(
            "One per line, with a note after it if you like. * at the end stands for all that may follow, ? for one digit:"
            " 0171* is every number that starts with 0171."
        ),
    )
    block_hidden = SwitchField(_l("Block callers who hide their number"))

    EDITED = ("mode", "entries", "block_hidden")
    DIRECTION = Direction.IN

    @property
    def hides(self) -> bool:
        return bool(self.block_hidden.data)

    def offer(self) -> None:
        self.mode.choices = offered([(Mode.BLOCK.value, _("are blocked")), (Mode.ALLOW.value, _("are all that get through"))])
        self.mode.drawing = {
            "hints": {
                Mode.BLOCK.value: _("All others get through."),
                Mode.ALLOW.value: _("List the extensions of colleagues, too. Hidden callers never get through."),
            }
        }

    def stored(self, sheet: Sheet, home: Home) -> Values:
        values = super().stored(sheet, home)
        return {**values, "mode": sheet.handling.incoming, "block_hidden": "1" if sheet.handling.block_hidden else ""}

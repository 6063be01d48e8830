"""What a pilot fills in about a group."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _, lazy_gettext as _l

from portal.core import i18n, phone
from portal.core.errors import Refused
from portal.core.ids import PATTERN, PublicId
from portal.features.callhandling import rules as handling
from portal.features.callhandling.rules import Destination, Exchange
from portal.features.pbx.forms.extensions import DIGITS, LONGEST, MOST_IN_SELECT, FurtherNumbers, range_hint
from portal.features.pbx.queries import GroupFacts, GroupSheet, Ringer
from portal.features.pbx.rules import (
    CANCEL_WORDS,
    LONGEST_RING,
    POLICY_WORDS,
    SHORTEST_RING,
    CancelMode,
    RingingPolicy,
    Unanswered,
    moved,
    settle,
)
from portal.web.fields import ChoiceField, NumberField, SelectField, SwitchField, TextField, TicksField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

TYPED_LINE = {"list": "destinations", "autocomplete": "off", "spellcheck": "false"}


@dataclass(frozen=True)
class Shown:
    """A group with what its page knows about it: the company's lines, and where unanswered calls go."""

    sheet: GroupSheet
    exchange: Exchange
    unanswered: Unanswered


def _policies() -> ChoiceField:
    return ChoiceField(_l("Who rings when"), default=RingingPolicy.PARALLEL.value)


def _seconds() -> NumberField:
    return NumberField(_l("Ring for"), low=SHORTEST_RING, high=LONGEST_RING, required=True, unit=_l("seconds"))


def _cancel_modes() -> ChoiceField:
    return ChoiceField(_l("When somebody has answered, the other phones stop"), default=CancelMode.CANCEL.value)


def _ignore() -> SwitchField:
    return SwitchField(
        _l("Ring members even where they forward their calls"),
        description=_l("Off, a member’s own forwarding counts in this group too."),
    )


class RingFields:
    """What both forms offer in the same words."""

    policy: ChoiceField
    cancel_mode: ChoiceField

    def offer_ways(self) -> None:
        self.policy.choices = offered([(one.value, i18n.gettext(words.title)) for one, words in POLICY_WORDS.items()])
        self.policy.drawing = {"hints": {one.value: i18n.gettext(words.hint) for one, words in POLICY_WORDS.items()}}
        self.cancel_mode.choices = offered([(one.value, i18n.gettext(words.title)) for one, words in CANCEL_WORDS.items()])
        hints = {one.value: i18n.gettext(words.hint) for one, words in CANCEL_WORDS.items()}
        self.cancel_mode.drawing = {"hints": hints, "list": True}


class CreateGroupForm(RingFields, Form):
    display_name = TextField(_l("Name"), required=True, longest=LONGEST, draw={"attrs": {"autocomplete": "off"}})
    extension = TextField(_l("Extension"), required=True, longest=20, draw={"width": "short", "attrs": DIGITS})
    policy = _policies()
    members = TicksField(_l("Members"), validate_choice=False)
    ring_seconds = _seconds()
    add = SelectField(_l("Further number"), default="", description=_l("From the pool of the company."))
    ignore_forwards = _ignore()
    cancel_mode = _cancel_modes()

    MORE = ("add", "ignore_forwards", "cancel_mode")

    def offer(self, facts: GroupFacts, people: Sequence[Ringer], home_cc: str) -> None:
        self.offer_ways()
        self.extension.description = range_hint(facts)
        self.members.choices = offered([(one.public_id, person(one)) for one in people])
        if len(people) >= MOST_IN_SELECT:
            self.members.description = _("More people can be added on the page of the group.")
        numbers = [(one.public_id, phone.spoken(one.digits, home_cc)) for one in facts.free]
        self.add.choices = offered([("", _("None")), *numbers])

    @property
    def chosen(self) -> list[PublicId]:
        return _ids(self.members.data)

    @property
    def more_open(self) -> bool:
        touched = self.add.data or self.ignore_forwards.data or self.cancel_mode.data != CancelMode.CANCEL.value
        return bool(touched) or any(self[name].errors for name in self.MORE)


class GroupSheetForm(SectionForm):
    """A part of a group that saves on its own."""

    @staticmethod
    def stored(shown: Shown) -> Values:
        """What stands now, as texts."""
        raise NotImplementedError


class RingingForm(RingFields, GroupSheetForm):
    policy = _policies()
    ring_seconds = _seconds()
    unanswered = TextField(_l("If nobody answers, calls go to"), longest=160, draw={"attrs": TYPED_LINE})
    ignore_forwards = _ignore()
    cancel_mode = _cancel_modes()

    EDITED = ("policy", "ring_seconds", "unanswered", "ignore_forwards", "cancel_mode")
    MORE = ("ignore_forwards", "cancel_mode")

    @staticmethod
    def stored(shown: Shown) -> Values:
        ringing = shown.sheet.ringing
        return {
            "policy": ringing.policy,
            "ring_seconds": str(ringing.ring_seconds),
            "unanswered": shown.unanswered.as_typed(shown.exchange),
            "ignore_forwards": "1" if ringing.ignore_forwards else "",
            "cancel_mode": ringing.cancel_mode,
        }

    def offer(self, shown: Shown, directory: Exchange) -> "RingingForm":
        self.offer_ways()
        self.people = handling.offered(directory, besides=shown.sheet.line.public_id)
        self.unanswered.description = _("A group, a colleague or any number. Left empty, the call ends.")
        return self

    def destination(self, exchange: Exchange) -> Destination | None:
        """What was meant by what was typed. Raises Refused at the field."""
        if not self.unanswered.data:
            return None
        try:
            return handling.destination(self.unanswered.data, exchange)
        except Refused as refusal:
            raise Refused(refusal.code, field="unanswered", **refusal.facts) from None

    @property
    def more_open(self) -> bool:
        return bool(self.ignore_forwards.data) or self.cancel_mode.data != CancelMode.CANCEL.value


class GroupNumbersForm(FurtherNumbers, GroupSheetForm):
    display_name = TextField(_l("Name"), required=True, longest=LONGEST, draw={"attrs": {"autocomplete": "off"}})
    extension = TextField(_l("Extension"), required=True, longest=20, draw={"width": "short", "attrs": DIGITS})

    EDITED = ("display_name", "extension", "keep")

    @staticmethod
    def stored(shown: Shown) -> Values:
        return {
            "display_name": shown.sheet.line.display_name,
            "extension": str(shown.sheet.line.extension),
            "keep": " ".join(sorted(alias.public_id for alias in shown.sheet.aliases)),
        }

    def offer(self, sheet: GroupSheet, facts: GroupFacts, home_cc: str) -> None:
        self.extension.description = range_hint(facts)
        ticked = set(self.keep.raw_data or ())
        held = [*sheet.aliases, *(one for one in facts.free if one.public_id in ticked)]
        self.keep.choices = offered([(one.public_id, phone.spoken(one.digits, home_cc)) for one in held])
        numbers = [(one.public_id, phone.spoken(one.digits, home_cc)) for one in facts.free if one.public_id not in ticked]
        self.add.choices = offered([("", _("None")), *numbers])


class MembersForm(GroupSheetForm):
    """Who rings, in order. The buttons of a row say what is to be done with it before all is saved."""

    members = TicksField(_l("Members"), validate_choice=False)

    EDITED = ("members",)

    @staticmethod
    def stored(shown: Shown) -> Values:
        return {"members": " ".join(one.public_id for one in shown.sheet.members)}

    @property
    def typed(self) -> Values:
        return {"members": " ".join(self.members.data or ())}

    @property
    def order(self) -> list[PublicId]:
        return _ids(self.members.data)

    def arrange(self, sent: Mapping[str, str]) -> None:
        """What the buttons of a row ask for: one place up or down, or out."""
        order = self.order
        for name, by in (("move_up", -1), ("move_down", 1)):
            order = moved(order, PublicId(sent.get(name, "")), by)
        self.members.data = [one for one in order if one != sent.get("remove")]

    def settle_with(self, stored: Values) -> None:
        """Takes over who was added or removed meanwhile; two different orders are left to clash."""
        seen, theirs = self.first_seen.get("members"), stored["members"].split()
        if seen is None:
            return
        settled = settle([PublicId(one) for one in seen.split()], [PublicId(one) for one in theirs], self.order)
        self.members.data = list(settled.order)
        if not settled.clash:
            self.remember(stored, self.version.number)

    def in_words(self, _name: str, value: str) -> str:
        return i18n.listed(self.names.get(one, "…") for one in value.split()) or _("Nobody")

    def know(self, exchange: Exchange) -> "MembersForm":
        self.names: Mapping[str, str] = {line.public_id: line.name for line in exchange.lines.values()}
        return self


def _ids(texts: Iterable[str] | None) -> list[PublicId]:
    return [PublicId(one) for one in texts or () if PATTERN.fullmatch(one)]


def person(one: Ringer) -> str:
    return f"{one.name}{i18n.comma()}{one.extension}" if one.extension else one.name

"""What a pilot fills in.

The sections of an extension remember what they showed at first, so that two people's edits can be told apart.
"""

from collections.abc import Sequence
from typing import Self

from flask_babel import gettext as _, lazy_gettext as _l
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from portal.core import i18n, phone
from portal.core.ids import PATTERN, PublicId
from portal.features.pbx.queries import Alias, Facts, GroupFacts, Owner, PoolNumber, Sheet
from portal.features.pbx.rules import LOCK_WORDS, LOCKS_OF_PILOT, WebPasswordWay
from portal.features.subscribers.models import Kind, OutgoingNumber
from portal.web.fields import (
    ChoiceField,
    EmailField,
    SelectField,
    SwitchField,
    TextField,
    TicksField,
    offered,
)
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

PLAIN = {"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off", "dir": "ltr"}
DIGITS = {"inputmode": "numeric", "autocomplete": "off", "dir": "ltr"}
LONGEST = 127
MOST_IN_SELECT = 200


def range_hint(facts: Facts | GroupFacts) -> str:
    """Which extensions there are, and which one is free."""
    low, high, free = facts.allowed.low, facts.allowed.high, facts.next_free
    if low is None or high is None:
        return "" if free is None else _("Next free: %(extension)s", extension=free)
    if free is None:
        return _("%(low)s to %(high)s; none is free", low=low, high=high)
    return _("%(low)s to %(high)s; next free: %(free)s", low=low, high=high, free=free)


def offer_languages(field: SelectField, languages: Sequence[str], current: str | None = None) -> None:
    """Those of this place, and the one that somebody has although it is not offered any more."""
    codes = [*languages, *([current] if current and current not in languages else [])]
    field.choices = offered([("", _("As the company")), *((code, i18n.own_name(code)) for code in codes)])


class CreateForm(Form):
    """Five fields, and more for those who want to decide more."""

    display_name = TextField(_l("Name"), required=True, longest=LONGEST, draw={"attrs": {"autocomplete": "off"}})
    extension = TextField(_l("Extension"), required=True, longest=20, draw={"width": "short", "attrs": DIGITS})
    email = EmailField(
        _l("E-mail"),
        description=_l("An invitation to choose a web password goes there. Left empty, a first password is made and shown once."),
    )
    username = TextField(
        _l("SIP user name"), longest=LONGEST, draw={"attrs": PLAIN}, description=_l("Left empty, it is the extension.")
    )
    web_username = TextField(
        _l("Web user name"), longest=LONGEST, draw={"attrs": PLAIN}, description=_l("Left empty, it is the SIP user name.")
    )
    language = SelectField(_l("Language"), default="")
    outgoing = SelectField(_l("Called people see"), default="own")
    like = SelectField(
        _l("Copy from a colleague"), default="", description=_l("Takes over language, number shown, music on hold and groups.")
    )

    MORE = ("web_username", "language", "outgoing", "like")

    def offer(self, facts: Facts, languages: Sequence[str], base: str, home_cc: str, colleagues: Sequence[Owner]) -> None:
        self.extension.description = range_hint(facts)
        offer_languages(self.language, languages)
        self.outgoing.choices = offered(
            [("own", _("The own number")), ("base", _("%(number)s (base number)", number=phone.spoken(base, home_cc)))]
        )
        every = [one for one in colleagues if one.kind is Kind.EXTENSION]
        asked = [one for one in every[MOST_IN_SELECT:] if one.public_id == self.like.data]  # by the menu of a list
        people = [*every[:MOST_IN_SELECT], *asked]
        named = [(one.public_id, f"{one.name}{i18n.comma()}{one.extension}") for one in people]
        self.like.choices = offered([("", _("Nobody")), *named])

    @property
    def more_open(self) -> bool:
        """Whether something behind “More” was touched or refused."""
        return any(self[name].errors or (self[name].data and self[name].data != "own") for name in self.MORE)


class SheetForm(SectionForm):
    """A part of an extension that saves on its own."""

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        """What stands now, as texts."""
        raise NotImplementedError


class PersonForm(SheetForm):
    display_name = TextField(_l("Name"), required=True, longest=LONGEST, draw={"attrs": {"autocomplete": "off"}})
    email = EmailField(_l("E-mail"))
    web_username = TextField(_l("Web user name"), required=True, longest=LONGEST, draw={"attrs": PLAIN})
    language = SelectField(_l("Language"))

    EDITED = ("display_name", "email", "web_username", "language")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        return {
            "display_name": sheet.line.display_name,
            "email": sheet.email or "",
            "web_username": sheet.account.username if sheet.account else "",
            "language": sheet.line.language or "",
        }


class FurtherNumbers(SectionForm):
    """Those that are kept, and one of the pool."""

    keep = TicksField(_l("Further numbers"), validate_choice=False)  # some may have gone meanwhile: the merge tells
    add = SelectField(_l("From the pool"), default="", validate_choice=False)

    def validate_add(self, field: SelectField) -> None:
        if field.data and not PATTERN.fullmatch(field.data):
            raise ValidationError(_("Please choose one of the offered values."))

    def in_words(self, name: str, value: str) -> str:
        if name != "keep":
            return super().in_words(name, value)
        labels = {choice[0]: str(choice[1]) for choice in self.keep.iter_choices()}
        return i18n.listed(sorted(labels.get(one, "…") for one in value.split()))


class NumbersForm(FurtherNumbers, SheetForm):
    extension = TextField(_l("Extension"), required=True, longest=20, draw={"width": "short", "attrs": DIGITS})
    outgoing = SelectField(_l("Called people see"))

    EDITED = ("extension", "outgoing", "keep")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        shown = sheet.shown_alias
        return {
            "extension": str(sheet.line.extension),
            "outgoing": shown.public_id if shown else sheet.line.outgoing,
            "keep": " ".join(sorted(alias.public_id for alias in sheet.aliases)),
        }

    def offer_numbers(self, sheet: Sheet, facts: Facts, free: Sequence[PoolNumber], home_cc: str) -> None:
        self.extension.description = range_hint(facts)
        held = [(alias.public_id, phone.spoken(alias.digits, home_cc)) for alias in self._held(sheet, free)]
        self.keep.choices = offered(held)
        own, base = phone.spoken(sheet.number, home_cc), phone.spoken(sheet.base, home_cc)
        self.outgoing.choices = offered(
            [("own", _("%(number)s (own number)", number=own)), ("base", _("%(number)s (base number)", number=base)), *held],
        )
        ticked = set(self.keep.raw_data or ())
        self.add.choices = offered(
            [
                ("", _("None")),
                *((one.public_id, phone.spoken(one.digits, home_cc)) for one in free if one.public_id not in ticked),
            ],
        )

    def _held(self, sheet: Sheet, free: Sequence[PoolNumber]) -> list[Alias]:
        """Those of the extension, and those ticked that somebody has returned meanwhile."""
        ticked = set(self.keep.raw_data or ())
        return [*sheet.aliases, *(Alias(one.public_id, one.digits) for one in free if one.public_id in ticked)]

    @property
    def chosen_outgoing(self) -> tuple[OutgoingNumber, PublicId | None]:
        value = self.outgoing.data or "own"
        return (OutgoingNumber.ALIAS, PublicId(value)) if PATTERN.fullmatch(value) else (OutgoingNumber(value), None)


class AllowedForm(SheetForm):
    do_not_disturb = SwitchField(
        _l("Do not disturb"), description=_l("Calls do not ring; callers are told that nobody is available.")
    )
    music_on_hold = SwitchField(
        _l("Music on hold"), description=_l("Callers who wait hear the company’s music instead of silence.")
    )

    EDITED = ("do_not_disturb", "music_on_hold")

    @staticmethod
    def stored(sheet: Sheet) -> Values:
        return {
            "do_not_disturb": "1" if sheet.line.do_not_disturb else "",
            "music_on_hold": "1" if sheet.line.music_on_hold else "",
        }


class LockForm(Form):
    level = ChoiceField(_l("How far"))
    reason = TextField(_l("Reason"), required=True, longest=200, description=_l("Shown to everybody who may see this extension."))

    def offer(self) -> "LockForm":
        self.level.choices = offered([(str(level.value), i18n.gettext(LOCK_WORDS[level].title)) for level in LOCKS_OF_PILOT])
        self.level.drawing = {
            "hints": {str(level.value): i18n.gettext(LOCK_WORDS[level].hint) for level in LOCKS_OF_PILOT},
            "list": True,
        }
        return self


class WebPasswordForm(Form):
    """How somebody comes to a first or a new web password."""

    how = ChoiceField(_l("How"), default=WebPasswordWay.MAIL.value)

    def offer(self, sheet: Sheet) -> "WebPasswordForm":
        mail, once = WebPasswordWay.MAIL.value, WebPasswordWay.ONCE.value
        link = _("Send an invitation by mail") if self._invites(sheet) else _("Send a link by mail")
        ways = [(mail, link)] if sheet.mail_address else []
        self.how.choices = offered([*ways, (once, _("Make a one-time password"))])
        if not sheet.mail_address and not self.is_submitted():
            self.how.data = once
        self.how.drawing = {"hints": {mail: self._where(sheet), once: self._shown()}, "list": True}
        return self

    def _invites(self, sheet: Sheet) -> bool:
        return sheet.account is not None and sheet.account.password_hash is None

    def _where(self, sheet: Sheet) -> str:
        if sheet.email:
            return _("To %(address)s. The present password, if there is one, counts until then.", address=sheet.email)
        return _("To %(address)s, the company’s contact: this person has no address of their own.", address=sheet.mail_address)

    def _shown(self) -> str:
        return _("Shown to you once. It opens the portal once, then an own one must be chosen. All sessions end now.")


class PlainForm(Form):
    """A button, nothing to fill in."""


class GiveForm(Form):
    """Who gets a number."""

    to = SelectField(_l("Give to"), default="")

    def offer(self, owners: Sequence[Owner]) -> Self:
        groups = {Kind.EXTENSION: _("People"), Kind.GROUP: _("Groups")}
        comma = i18n.comma()
        named = [SelectChoice(one.public_id, f"{one.name}{comma}{one.extension}", optgroup=groups[one.kind]) for one in owners]
        self.to.choices = [SelectChoice("", _("Choose who")), *named]
        return self

"""What a pilot fills in for many at once."""

from collections.abc import Sequence

import wtforms
from flask_babel import gettext as _, lazy_gettext as _l, ngettext
from flask_wtf.file import FileField, FileRequired

from portal.core import i18n
from portal.features.pbx.forms.extensions import DIGITS, LONGEST, offer_languages
from portal.features.pbx.queries import Owner
from portal.features.pbx.rules import files, ranges
from portal.features.subscribers.models import Kind
from portal.web.fields import NumberField, SelectField, SwitchField, TextField, TickField, TicksField, VersionField, offered
from portal.web.forms import Form


class UploadForm(Form):
    file = FileField(_l("CSV file"), [FileRequired(_l("Choose a file first."))])


class ColumnsField(wtforms.Field):
    """One choice for each column of the file; empty ones are left out."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = [value or None for value in valuelist]


class ColumnsForm(Form):
    """Which column of the file is which, and how the file is read."""

    columns = ColumnsField(_l("Columns"))
    separator = SelectField(_l("Columns are parted by"))
    encoding = SelectField(_l("Encoding"), description=_l("If letters above look wrong, another one is right."))

    def offer(self) -> "ColumnsForm":
        self.separator.choices = offered([(sign, i18n.gettext(word)) for sign, word in files.SEPARATORS.items()])
        self.encoding.choices = offered(list(files.ENCODINGS.items()))
        return self


class WriteForm(Form):
    """What is left to say before the rows are written."""

    version = VersionField()
    leave_out = TickField(_l("Leave out the refused rows"))
    invite = TickField(_l("Send invitations"))

    def offer(self, refused: int) -> "WriteForm":
        self.leave_out.label.text = ngettext("Leave out the refused row", "Leave out the %(num)s refused rows", refused)
        self.leave_out.description = _("Otherwise nothing is imported until every row can be.")
        self.invite.description = _("New people with an e-mail address get a link to choose their web password.")
        return self


class RangeForm(Form):
    """Extensions that follow one another."""

    first = TextField(_l("First extension"), required=True, longest=20, draw={"width": "short", "attrs": DIGITS})
    count = NumberField(_l("How many"), low=1, high=ranges.MOST_IN_RANGE, required=True)
    pattern = TextField(_l("Name"), required=True, longest=LONGEST, draw={"attrs": {"autocomplete": "off"}})
    language = SelectField(_l("Language"), default="")
    outgoing = SelectField(_l("Called people see"), default="own")
    groups = TicksField(_l("Members of"))
    music_on_hold = SwitchField(_l("Music on hold"), default=True)

    def offer(self, owners: Sequence[Owner], languages: Sequence[str]) -> "RangeForm":
        self.pattern.description = _("A # stands for the extension: “Room #” gives “Room 214”.")
        offer_languages(self.language, languages)
        self.outgoing.choices = offered([("own", _("The own number")), ("base", _("The base number"))])
        self.groups.choices = offered(
            [(str(one.extension), f"{one.name}{i18n.comma()}{one.extension}") for one in owners if one.kind is Kind.GROUP]
        )
        return self

    @property
    def more_open(self) -> bool:
        """Whether something behind “More” was touched or refused."""
        touched = bool(self.language.data) or self.outgoing.data != "own" or not self.music_on_hold.data
        return touched or any(field.errors for field in (self.language, self.outgoing))

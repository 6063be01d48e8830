"""What the operator of the platform fills in about number blocks."""

from collections.abc import Sequence
from typing import Self

from flask_babel import gettext as _, lazy_gettext as _l, ngettext

from portal.features.numbers.models import NumberBlock
from portal.features.numbers.rules import SIZES, Shape
from portal.features.resellers.models import Reseller
from portal.web.fields import SelectField, SwitchField, TextField, offered
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values
from portal.web.templating import number

TEL = {"inputmode": "tel", "autocomplete": "off", "dir": "ltr", "placeholder": "+49 30 5550000"}
USUAL = 1000


def _allocable() -> SwitchField:
    return SwitchField(_l("Numbers of it are given out"), default=True)


def _authoritative() -> SwitchField:
    return SwitchField(
        _l("Its numbers live on this platform only"),
        default=True,
        description=_l("A call to a number of it that nobody has ends here, and is not sent out."),
    )


class BlockForm(Form):
    first = TextField(
        _l("First number"), required=True, longest=60, draw={"attrs": TEL}, description=_l("With country code and area code.")
    )
    size = SelectField(_l("How many numbers"), coerce=int)
    reseller = SelectField(_l("Granted to"), default="")
    allocable = _allocable()
    authoritative = _authoritative()

    def offer(self, resellers: Sequence[Reseller]) -> Self:
        self.size.choices = offered([(str(size), _many(size)) for size in SIZES])
        if not self.is_submitted():
            self.size.data = USUAL
        self.reseller.choices = offered([("", _("Nobody yet")), *((one.public_id, one.name) for one in resellers)])
        return self

    @property
    def more_open(self) -> bool:
        return self.is_submitted() and not (self.allocable.data and self.authoritative.data)


def _many(size: int) -> str:
    return ngettext("%(count)s number", "%(count)s numbers", size, count=number(size))


class GrantForm(Form):
    reseller = SelectField(_l("Reseller"), default="")

    def offer(self, resellers: Sequence[Reseller]) -> Self:
        self.reseller.choices = offered([("", _("Choose who")), *((one.public_id, one.name) for one in resellers)])
        return self


class SplitForm(Form):
    count = SelectField(_l("Into"), coerce=int)

    def offer(self, shape: Shape) -> Self:
        ways = [count for count in (10, 100) if count <= shape.size]
        self.count.choices = offered([(str(count), _pieces(count, shape.size // count)) for count in ways])
        return self


def _pieces(count: int, size: int) -> str:
    return _("%(count)s blocks, each of %(numbers)s", count=number(count), numbers=_many(size))


class UseForm(SectionForm):
    allocable = _allocable()
    authoritative = _authoritative()

    EDITED = ("allocable", "authoritative")

    @staticmethod
    def stored(block: NumberBlock) -> Values:
        return {"allocable": "1" if block.allocable else "", "authoritative": "1" if block.authoritative else ""}


class PlainForm(Form):
    """A button, nothing to fill in."""

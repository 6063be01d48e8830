"""An entry: a new one as a whole, one that stands section by section."""

from collections.abc import Iterable
from typing import Any

import wtforms
from flask import current_app
from flask_babel import gettext as _, lazy_gettext as _l
from markupsafe import Markup

from portal.core import i18n
from portal.core.errors import NotFound
from portal.core.phone import Home
from portal.features.phonebook import rules
from portal.features.phonebook.models import Entry
from portal.features.phonebook.queries import Book
from portal.features.phonebook.rules import Label, Numbered
from portal.web.fields import ChoiceField, EmailField, TextField, offered, stripped
from portal.web.forms import Form
from portal.web.sections import SectionForm, Values

_NONE = "?"  # what is none of the labels, for the operation to refuse
_WORDS = frozenset({*Label, _NONE})
ROWS = 2  # that are seen at least
USUAL = (Label.WORK, Label.MOBILE, Label.HOME)
NO_HELP = {"attrs": {"autocomplete": "off"}}


class NumbersField(wtforms.Field):
    """Numbers with their labels. As one text they are lines like “work 030 1234”: so two people's edits can be compared.

    Sent as two lists of the same length, or as that text alone.
    """

    data: str | None

    def __init__(self, label: Any, **more: Any) -> None:
        super().__init__(label, id="number-rows", **more)
        self.labels_sent: list[str] = []

    def process(self, formdata: Any, *more: Any, **keywords: Any) -> None:
        self.labels_sent = formdata.getlist(f"{self.name}_label") if formdata else []
        super().process(formdata, *more, **keywords)

    def process_formdata(self, valuelist: list[str]) -> None:
        if not valuelist:
            return
        numbers = [stripped(value) or "" for value in valuelist]
        if len(self.labels_sent) == len(numbers):
            self.data = _joined(zip(self.labels_sent, numbers, strict=True))
        else:
            self.data = _joined(pair for value in valuelist for pair in _pairs(value))

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return _pairs(self.data or "")

    @property
    def rows(self) -> list[tuple[str, str]]:
        """For drawing: all that there can be."""
        filled = self.pairs[: rules.MOST_NUMBERS]
        blank = [(label.value, "") for label in (*USUAL, *[Label.OTHER] * rules.MOST_NUMBERS)]
        return [*filled, *blank[len(filled) : rules.MOST_NUMBERS]]

    @property
    def visible(self) -> int:
        return min(max(ROWS, len(self.pairs) + 1), rules.MOST_NUMBERS)

    @property
    def choices(self) -> list[tuple[str, str]]:
        return [(label.value, i18n.gettext(word)) for label, word in rules.LABELS.items()]

    def __call__(self) -> Markup:
        component: Any = current_app.jinja_env.get_template("components/phonenumbers.html").module
        return Markup(component.phonenumbers(self))  # noqa: S704 - our own, autoescaped macro


def _joined(pairs: Iterable[tuple[str, str]]) -> str:
    return "\n".join(f"{label if label in _WORDS else _NONE} {number}" for label, number in pairs if number)


def _pairs(text: str) -> list[tuple[str, str]]:
    return [_pair(line) for line in text.splitlines() if line.strip()]


def _pair(line: str) -> tuple[str, str]:
    label, _blank, number = line.partition(" ")
    return (label, number) if label in _WORDS else (Label.WORK.value, line)


def numbers_text(numbers: Iterable[Numbered], home: Home) -> str:
    return _joined((one.label.value, rules.typed_again(one.digits, home)) for one in numbers)


class BookField(ChoiceField):
    """The company's or one's own, where somebody has both."""

    data: str | None

    def offer(self, books: list[Book]) -> None:
        words = {Book.COMPANY: _("The company’s"), Book.MINE: _("My own")}
        hints = {Book.COMPANY: _("Everybody in the company sees it."), Book.MINE: _("Nobody else sees it.")}
        self.choices = offered([(book.value, words[book]) for book in books])
        self.drawing = {"hints": {book.value: hints[book] for book in books}}
        if self.data not in books:
            if self.data == Book.MINE:
                raise NotFound  # what was meant for one's own eyes is not put where the company sees it
            self.data = books[0].value

    @property
    def book(self) -> Book:
        return Book(self.data or "")


class EntryForm(Form):
    name = TextField(_l("Name"), required=True, longest=rules.LONGEST_NAME, draw=NO_HELP)
    company = TextField(_l("Company"), longest=rules.LONGEST_NAME, draw=NO_HELP)
    numbers = NumbersField(_l("Numbers"), description=_l("As you would dial them here."))
    email = EmailField(_l("E-mail"))
    note = TextField(_l("Note"), longest=rules.LONGEST_NOTE, draw=NO_HELP)
    book = BookField(_l("Phonebook"), validate_choice=False)

    @property
    def more_open(self) -> bool:
        return any(self[name].errors or self[name].data for name in ("email", "note"))


class PersonForm(SectionForm):
    name = TextField(_l("Name"), required=True, longest=rules.LONGEST_NAME, draw=NO_HELP)
    company = TextField(_l("Company"), longest=rules.LONGEST_NAME, draw=NO_HELP)
    email = EmailField(_l("E-mail"))
    note = TextField(_l("Note"), longest=rules.LONGEST_NOTE, draw=NO_HELP)

    EDITED = ("name", "company", "email", "note")

    @staticmethod
    def stored(entry: Entry, _numbers: Iterable[Numbered], _home: Home) -> Values:
        return {"name": entry.name, "company": entry.company or "", "email": entry.email or "", "note": entry.note or ""}


class NumbersForm(SectionForm):
    numbers = NumbersField(_l("Numbers"), description=_l("As you would dial them here. An emptied number is removed."))

    EDITED = ("numbers",)

    @staticmethod
    def stored(_entry: Entry, numbers: Iterable[Numbered], home: Home) -> Values:
        return {"numbers": numbers_text(numbers, home)}

    def in_words(self, name: str, value: str) -> str:
        words = dict(self.numbers.choices)
        listed = (_("%(number)s (%(label)s)", number=number, label=words.get(label, "…")) for label, number in _pairs(value))
        return i18n.listed(listed) if name == "numbers" else super().in_words(name, value)

"""An entry: who it is, and the numbers in digits."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, auto

from portal.core import addresses, i18n, phone
from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.lines import one_line
from portal.core.phone import Home, NotANumber

LONGEST_NAME = 127
LONGEST_NOTE = 500
LONGEST_TYPED = 60  # a number with all that people put between its digits
MOST_NUMBERS = 10
MOST_OF_COMPANY = 5_000
MOST_OWN = 1_000

declare("contact-name", N_("Type a name."))
declare("contact-name-long", N_("Use at most %(longest)s characters for the name."))
declare("contact-company-long", N_("Use at most %(longest)s characters for the company."))
declare("contact-email", N_("This does not look like an e-mail address."))
declare("contact-note-long", N_("Use at most %(longest)s characters for the note."))
declare("contact-number-none", N_("Type at least one number."))
declare("contact-number-bad", N_("“%(typed)s” is no telephone number. Type it as you would dial it."))
declare("contact-numbers-many", N_("An entry has %(most)s numbers at most."))
declare("contact-label", N_("Please choose one of the offered values."))
declare("phonebook-full", N_("This phonebook holds %(most)s entries at most."))
declare("contact-back", N_("This cannot be undone any more."))


class Label(StrEnum):
    """What a number of an entry is for."""

    WORK = auto()
    MOBILE = auto()
    HOME = auto()
    OTHER = auto()


LABELS: Mapping[Label, str] = {
    Label.WORK: N_("Work"),
    Label.MOBILE: N_("Mobile"),
    Label.HOME: N_("Home"),
    Label.OTHER: N_("Other"),
}


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number with what it is for."""

    label: Label
    digits: str


@dataclass(frozen=True, slots=True)
class Content:
    """What an entry says; numbers in their order, none of them twice."""

    name: str
    company: str | None
    email: str | None
    note: str | None
    numbers: tuple[Numbered, ...]


def check_person(*, name: str, company: str | None, email: str | None, note: str | None) -> Content:
    """All but the numbers. Raises Refused."""
    kept_company, kept_email, kept_note = (one_line(text or "") or None for text in (company, email, note))
    found = Content(one_line(name), kept_company, kept_email, kept_note, ())
    if not found.name:
        raise Refused("contact-name", field="name")
    if len(found.name) > LONGEST_NAME:
        raise Refused("contact-name-long", field="name", longest=LONGEST_NAME)
    if len(found.company or "") > LONGEST_NAME:
        raise Refused("contact-company-long", field="company", longest=LONGEST_NAME)
    if found.email is not None and not addresses.is_address(found.email):
        raise Refused("contact-email", field="email")
    if len(found.note or "") > LONGEST_NOTE:
        raise Refused("contact-note-long", field="note", longest=LONGEST_NOTE)
    return found


def check_numbers(typed: Iterable[tuple[str, str]], home: Home) -> tuple[Numbered, ...]:
    """Pairs of a label and a number typed in any way; blank ones are left out. Raises Refused."""
    found: dict[str, Numbered] = {}
    for label, text in typed:
        if not text.strip():
            continue
        digits = _digits(text, home)
        found.setdefault(digits, Numbered(_label(label), digits))
    if not found:
        raise Refused("contact-number-none", field="numbers")
    if len(found) > MOST_NUMBERS:
        raise Refused("contact-numbers-many", field="numbers", most=MOST_NUMBERS)
    return tuple(found.values())


def content(
    *, name: str, company: str | None, email: str | None, note: str | None, numbers: Iterable[tuple[str, str]], home: Home
) -> Content:
    """A whole entry. Raises Refused."""
    person = check_person(name=name, company=company, email=email, note=note)
    return Content(person.name, person.company, person.email, person.note, check_numbers(numbers, home))


def _digits(text: str, home: Home) -> str:
    try:
        return phone.parse(text, home)
    except NotANumber:
        raise Refused("contact-number-bad", field="numbers", typed=one_line(text)[:LONGEST_TYPED]) from None


def _label(word: str) -> Label:
    try:
        return Label(word)
    except ValueError:
        raise Refused("contact-label", field="numbers") from None


Key = tuple[str, str]


def keys_of(name: str, numbers: Sequence[str]) -> frozenset[Key]:
    """By which an entry is known again: the same name with one of the same numbers."""
    return frozenset((i18n.sort_key(name), digits) for digits in numbers)


def letter_of(name_sort: str) -> str:
    """Under which letter a name stands; “#” for what begins with none."""
    first = name_sort[:1]
    return first.upper() if first.isalpha() else "#"


def written(digits: str) -> str:
    """A number for files: read again anywhere, it is the same one. Without hyphens, which a spreadsheet may take for a sum."""
    shown = phone.display(digits, "").replace("-", " ")
    return shown if shown.startswith("+") else f"+{digits}"


def typed_again(digits: str, home: Home) -> str:
    """A number for forms: as it is dialled here, if that means the same when it is sent back."""
    shown = phone.display(digits, home.cc)
    try:
        return shown if phone.parse(shown, home) == digits else f"+{digits}"
    except NotANumber:
        return f"+{digits}"


def shown_again(text: str, home: Home) -> str:
    """A number as it stood in an address, for a form."""
    try:
        return typed_again(phone.parse(text, home), home)
    except NotANumber:
        return one_line(text)

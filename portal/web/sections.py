"""Parts of a page that are edited in place and save on their own, also when two people edit the same one."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar

from flask import request
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response
from wtforms import HiddenField

from portal.core.errors import Conflict
from portal.core.merging import merge
from portal.web.fields import ChoiceField, NumberField, SelectField, SwitchField, TicksField, VersionField
from portal.web.forms import Form

TRIES = 3
Values = Mapping[str, str]
Thing = TypeVar("Thing")


class SectionForm(Form):
    """Remembers what it showed at first, so that two people's edits can be told apart."""

    version = VersionField()
    seen = HiddenField()

    EDITED: ClassVar[tuple[str, ...]] = ()

    def in_words(self, name: str, value: str) -> str:
        """A value of this form as people say it."""
        field = self[name]
        if isinstance(field, SwitchField):
            return _("on") if value else _("off")
        if isinstance(field, SelectField | ChoiceField):
            return next((str(choice[1]) for choice in field.iter_choices() if choice[0] == value), value)
        return value

    def show(self, stored: Values, version: int) -> None:
        """Before anybody has typed."""
        self.take(stored)
        self.remember(stored, version)

    def remember(self, stored: Values, version: int) -> None:
        self.version.data = str(version)
        self.seen.data = json.dumps(stored)

    def take(self, values: Values) -> None:
        for name in self.EDITED:
            field = self[name]
            if isinstance(field, SwitchField):
                field.data = bool(values[name])
            elif isinstance(field, TicksField):
                field.data = values[name].split()
            elif isinstance(field, NumberField):
                field.data = int(values[name]) if values[name].isdecimal() else None
            else:
                field.data = values[name]

    @property
    def typed(self) -> Values:
        return {name: _as_text(self[name]) for name in self.EDITED}

    @property
    def first_seen(self) -> Values:
        """What the form showed at first; nothing where that cannot be told."""
        try:
            values = json.loads(self.seen.data or "")
            json.dumps(values, ensure_ascii=False).encode()
        except (ValueError, RecursionError):
            return {}
        return {str(name): str(value) for name, value in values.items()} if isinstance(values, dict) else {}

    def settle(self) -> None:
        """After a conflict: what was ticked as theirs is taken as if it had been typed, and so has to pass the same checks."""
        theirs = self.first_seen
        sent: MultiDict[str, str] = MultiDict(request.form)
        chosen = [name for name in self.EDITED if name in theirs and request.form.get(f"keep_{name}") == "theirs"]
        for name in chosen:
            sent.setlist(name, theirs[name].split() if isinstance(self[name], TicksField) else [theirs[name]])
        if chosen:
            self.process(sent)

    def clashes(self, theirs: Values, names: tuple[str, ...]) -> list[tuple[str, str, str, str]]:
        """(label, name, their value, yours) of the fields that both have changed, for the component `conflict`."""
        yours = self.typed
        return [
            (self[name].label.text, name, self.in_words(name, theirs[name]), self.in_words(name, yours[name])) for name in names
        ]


def _as_text(field: Any) -> str:
    if isinstance(field, SwitchField):
        return "1" if field.data else ""
    if isinstance(field, TicksField):
        return " ".join(sorted(field.data or ()))
    return "" if field.data is None else str(field.data)


def saved(
    form: SectionForm, thing: Thing, save: Callable[[Thing, int], object], again: Callable[[], tuple[Thing, Values, int]]
) -> tuple[str, ...]:
    """Saves; what others changed meanwhile stands where it does not contradict. Otherwise says which fields clash.

    `again` reads the thing anew, with its values as texts and its version.
    """
    version = form.version.number
    for _attempt in range(TRIES):
        try:
            with form.refusals():
                save(thing, version)
        except Conflict:
            thing, stored, version = again()
            found = merge(form.first_seen, stored, form.typed)
            form.take(found.values)
            if found.clashes:
                return found.clashes
        else:
            return ()
    raise Conflict(version)


@dataclass(frozen=True)
class Section(Generic[Thing]):
    """A part of a thing on its page.

    `read`: the thing as it is stored now. `stored`: what of it the form shows, as texts, and at which version. `show`: the page
    with the form in it. `last`: who changed it last, for those who come too late. `done`: where one goes when it is saved.
    """

    read: Callable[[], Thing]
    stored: Callable[[Thing], tuple[Values, int]]
    save: Callable[[Thing, int], object]
    show: Callable[..., Response]
    last: Callable[[], object]
    done: Callable[[], Response]


def edit(form: SectionForm, thing: Thing, section: Section[Thing]) -> Response:
    """Shows the form, or saves what was typed; `thing` is as it was read for this request."""
    if request.method == "GET":
        form.show(*section.stored(thing))
        return section.show(thing)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, thing, section.save, lambda: _anew(section))
        if clashes:
            return _conflict(form, section, clashes)
        if not form.summary:
            return section.done()
        thing = section.read()
    return section.show(thing)


def _anew(section: Section[Thing]) -> tuple[Thing, Values, int]:
    thing = section.read()
    return thing, *section.stored(thing)


def _conflict(form: SectionForm, section: Section[Any], clashes: tuple[str, ...]) -> Response:
    thing, theirs, version = _anew(section)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, version)
    return section.show(thing, status=409, clashes=rows, last=section.last())

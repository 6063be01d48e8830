"""Forms only parse; operations decide. What an operation refuses becomes the error of the field where it was typed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf import FlaskForm
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.errors import CONSTRAINTS, Refused


class Form(FlaskForm):
    """CSRF included. An error that belongs to no field stands in the summary above."""

    class Meta(FlaskForm.Meta):
        def get_translations(self, _form: Any) -> Any:
            return WtformsTexts()

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """Runs an operation in a savepoint; Refused and broken constraints become errors of this form.

        Leave the block by `return done(…)`: it writes, so that a broken constraint shows before anybody is told of success.
        One that shows only after that is no error of the form any more, but of the request.
        """
        left = False
        try:
            with db.session().begin_nested():
                yield
                left = True
        except Refused as refusal:
            self.refuse(refusal)
        except IntegrityError as error:
            name = constraint_of(error)
            if left or name not in CONSTRAINTS:
                raise
            code, field = CONSTRAINTS[name]
            self.refuse(Refused(code, field=field))

    def refuse(self, refusal: Refused) -> None:
        sentence = refusal.sentence()
        if refusal.field in self._fields:
            field = self._fields[refusal.field]
            field.errors = [*field.errors, sentence]
        else:
            self.form_errors.append(sentence)

    @property
    def summary(self) -> list[tuple[str | None, str]]:
        """(id of the field or None, sentence) for the summary on top of a refused form."""
        return [
            *[(None, str(error)) for error in self.form_errors],
            *[(field.id, _named(field, str(error))) for field in self if field.name != "csrf_token" for error in field.errors],
        ]


def _named(field: Any, sentence: str) -> str:
    """With the name of the field, where the sentence alone could be said of any."""
    if not field.label.text or sentence not in {str(text) for text in WtformsTexts.TEXTS.values()}:
        return sentence
    return _("%(label)s: %(value)s", label=field.label.text, value=sentence)


def constraint_of(error: IntegrityError) -> str:
    """The name of the constraint that was broken."""
    return getattr(getattr(error.orig, "diag", None), "constraint_name", None) or ""


class WtformsTexts:
    """The few sentences that WTForms itself says, in our words."""

    TEXTS = {  # noqa: RUF012
        "This field is required.": _l("Please fill this in."),
        "Not a valid choice.": _l("Please choose one of the offered values."),
        "Not a valid choice": _l("Please choose one of the offered values."),
        "Not a valid integer value.": _l("Please type a whole number."),
        "Not a valid date value.": _l("This date does not exist."),
        "Invalid email address.": _l("This does not look like an e-mail address."),
    }

    def gettext(self, text: str) -> str:
        return str(self.TEXTS.get(text, text))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)

"""What the brand says, in one language."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from portal.features.branding.forms.fields import SheetForm
from portal.features.branding.rules.sheet import TEXTS
from portal.web.fields import LinesField, TextField

SHOWS = {"attrs": {"data-words-of-brand": ""}}
MARKDOWN = _l("Markdown: **bold**, *italic*, # heading, - list, [words](https://…). No HTML.")


class ShortField(TextField):
    """One line, in a field that shows all of it."""

    macro = "textarea"

    def __init__(self, label: Any, key: str, **more: Any) -> None:
        super().__init__(label, longest=TEXTS[key], draw={"rows": 2, **SHOWS}, **more)
        self.flags.optional = False  # not to be saved, but to be published


class TextsForm(SheetForm):
    welcome = ShortField(_l("Welcome"), "welcome", description=_l("Large, beside the sign-in."))
    sign_in_lead = ShortField(_l("Below it"), "sign_in_lead")
    help = ShortField(_l("Help in a sentence"), "help", description=_l("At the end of every mail."))
    support = LinesField(
        _l("Help page"), longest=TEXTS["support"], draw={"rows": 8, "attrs": {"data-reads": "read-support"}}, description=MARKDOWN
    )
    legal = LinesField(
        _l("Legal page"), longest=TEXTS["legal"], draw={"rows": 8, "attrs": {"data-reads": "read-legal"}}, description=MARKDOWN
    )

    EDITED = ("welcome", "sign_in_lead", "help", "support", "legal")

    language = ""

    def keys(self) -> Mapping[str, str]:
        return {name: f"texts.{self.language}.{name}" for name in self.EDITED}

"""What the brand says, in one language."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from portal.features.branding.forms.fields import SheetForm
from portal.features.branding.rules.sheet import TEXTS
from portal.web.fields import LinesField, TextField

SHOWS = {"attrs": {"data-words-of-brand": ""}}
MARKDOWN = _l("Markdown: **bold**, *italic*, # heading, - list, [words](https://…). No HTML.")


class TextsForm(SheetForm):
    welcome = TextField(_l("Welcome"), longest=TEXTS["welcome"], draw=SHOWS, description=_l("Large, beside the sign-in."))
    sign_in_lead = TextField(_l("Below it"), longest=TEXTS["sign_in_lead"], draw=SHOWS)
    help = TextField(_l("Help in a sentence"), longest=TEXTS["help"], draw=SHOWS, description=_l("At the end of every mail."))
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

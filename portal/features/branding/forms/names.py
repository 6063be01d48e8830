"""What the brand is called, and where it sends people."""

from flask_babel import lazy_gettext as _l

from portal.features.branding.forms.fields import SheetForm
from portal.web.fields import TextField

URL = {
    "type": "url",
    "attrs": {"inputmode": "url", "autocapitalize": "none", "spellcheck": "false", "dir": "ltr", "placeholder": "https://"},
}
SHOWS = {"attrs": {"data-words-of-brand": ""}}


class NamesForm(SheetForm):
    brand = TextField(
        _l("Brand name"), required=True, longest=40, draw=SHOWS, description=_l("In titles, mails and authenticator apps.")
    )
    strong = TextField(_l("Wordmark, strong part"), longest=24, draw=SHOWS)
    light = TextField(_l("Wordmark, light part"), longest=24, draw=SHOWS, description=_l("Stands right after it."))
    support_mail = TextField(
        _l("Support by mail"),
        required=True,
        longest=254,
        draw={"type": "email", "attrs": {"inputmode": "email", "dir": "ltr"}},
        description=_l("Mails are sent in its name."),
    )
    support_phone = TextField(_l("Support by telephone"), longest=20, draw={"type": "tel", "attrs": {"dir": "ltr"}})
    imprint = TextField(_l("Imprint"), longest=210, draw=URL)
    privacy = TextField(_l("Privacy"), longest=210, draw=URL)
    terms = TextField(_l("Terms"), longest=210, draw=URL)
    status = TextField(_l("Service status"), longest=210, draw=URL)

    EDITED = ("brand", "strong", "light", "support_mail", "support_phone", "imprint", "privacy", "terms", "status")
    KEYS = {  # noqa: RUF012
        "brand": "name",
        "strong": "wordmark.strong",
        "light": "wordmark.light",
        "support_mail": "support.mail",
        "support_phone": "support.phone",
        **{name: f"links.{name}" for name in ("imprint", "privacy", "terms", "status")},
    }

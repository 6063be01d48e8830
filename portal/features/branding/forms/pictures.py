"""Files that people bring: logos, an icon, a whole theme."""

from flask_babel import gettext as _, lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField

from portal.core.errors import Refused
from portal.core.i18n import N_
from portal.web.fields import VersionField
from portal.web.forms import Form

PICTURES = ".svg,.png,.jpg,.jpeg,.webp,image/svg+xml,image/png,image/jpeg,image/webp"
ZIP = ".zip,application/zip"
PLACES = {
    "logo": (N_("Logo"), N_("Instead of mark and wordmark, on light ground. SVG, PNG, JPEG or WebP, up to 4 MB.")),
    "logo-dark": (N_("Logo on dark ground"), N_("For dark pages and a branded frame; otherwise the logo serves there, too.")),
    "icon": (N_("Icon"), N_("Square, 512 pixels or more. The browser’s tab and the installed app get theirs from it.")),
}


class FileForm(Form):
    version = VersionField()
    file = FileField(_l("File"), [FileRequired(_l("Choose a file first."))])

    @property
    def content(self) -> bytes:
        return bytes(self.file.data.read())


class PictureForm(FileForm):
    """One of several on a page: its field is told apart by its id. `seen`: which file was there, by its digest."""

    seen = HiddenField()

    @classmethod
    def of(cls, place: str) -> "PictureForm":
        form = cls()
        label, hint = PLACES[place]
        form.file.id = f"file-{place}"
        form.file.label.text, form.file.description = _(label), _(hint)
        return form

    def refuse(self, refusal: Refused) -> None:
        """Pictures are refused under the name of their place."""
        field = "file" if refusal.field in PLACES or (refusal.field or "").partition(".")[0] in PLACES else refusal.field
        super().refuse(Refused(refusal.code, field=field, **refusal.facts))


class ZipForm(FileForm):
    """A whole theme."""

    def __init__(self) -> None:
        super().__init__()
        self.file.label.text, self.file.description = _("A theme as a zip file"), _("It takes the place of the draft.")

"""A file of contacts."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired

from portal.features.phonebook.forms.entries import BookField
from portal.web.forms import Form


class FileForm(Form):
    file = FileField(
        _l("File"),
        [FileRequired(_l("Choose a file first."))],
        description=_l("vCards (.vcf) from a telephone or an address book, or a table as CSV."),
    )
    book = BookField(_l("Into which phonebook"), validate_choice=False)


class PlainForm(Form):
    """A button, nothing to fill in."""

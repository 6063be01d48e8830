"""What people fill in about phonebooks."""

from portal.features.phonebook.forms.entries import (
    BookField as BookField,
    EntryForm as EntryForm,
    NumbersField as NumbersField,
    NumbersForm as NumbersForm,
    PersonForm as PersonForm,
)
from portal.features.phonebook.forms.files import FileForm as FileForm, PlainForm as PlainForm

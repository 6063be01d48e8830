"""What is done with phonebooks."""

from portal.features.phonebook.operations.ends import forget_company as forget_company, forget_lines as forget_lines
from portal.features.phonebook.operations.entries import (
    add as add,
    bring_back as bring_back,
    change_numbers as change_numbers,
    change_person as change_person,
    remove as remove,
)
from portal.features.phonebook.operations.files import (
    drop_file as drop_file,
    read_file as read_file,
    undo_import as undo_import,
    write_file as write_file,
)

"""What an entry of a phonebook is, and how phonebooks are read from files and written to them."""

from portal.features.phonebook.rules.cards import write_cards as write_cards
from portal.features.phonebook.rules.entries import (
    LABELS as LABELS,
    LONGEST_NAME as LONGEST_NAME,
    LONGEST_NOTE as LONGEST_NOTE,
    LONGEST_TYPED as LONGEST_TYPED,
    MOST_NUMBERS as MOST_NUMBERS,
    MOST_OF_COMPANY as MOST_OF_COMPANY,
    MOST_OWN as MOST_OWN,
    Content as Content,
    Key as Key,
    Label as Label,
    Numbered as Numbered,
    check_numbers as check_numbers,
    check_person as check_person,
    content as content,
    keys_of as keys_of,
    letter_of as letter_of,
    shown_again as shown_again,
    typed_again as typed_again,
)
from portal.features.phonebook.rules.files import MOST_IN_FILE as MOST_IN_FILE, read as read
from portal.features.phonebook.rules.preview import (
    Bad as Bad,
    Found as Found,
    Preview as Preview,
    as_stored as as_stored,
    compare as compare,
    entry_as_stored as entry_as_stored,
    entry_from_stored as entry_from_stored,
    from_stored as from_stored,
    judge as judge,
)
from portal.features.phonebook.rules.tables import write_table as write_table

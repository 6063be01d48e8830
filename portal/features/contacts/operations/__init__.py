"""Writing down whom to write to, and writing again."""

from portal.features.contacts.operations.contacts import (
    Removal as Removal,
    change_contact as change_contact,
    create_contact as create_contact,
    remove_contact as remove_contact,
)
from portal.features.contacts.operations.lines import drop as drop, keep_email as keep_email
from portal.features.contacts.operations.mails import repeat_mail as repeat_mail
from portal.features.contacts.operations.templates import (
    NEW as NEW,
    change_mail as change_mail,
    check_mail as check_mail,
    reset_mail as reset_mail,
    try_mail as try_mail,
)

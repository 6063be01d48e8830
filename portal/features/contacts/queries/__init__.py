from portal.features.contacts.queries.contacts import (
    Filters as Filters,
    ListedContact as ListedContact,
    contact as contact,
    contacts as contacts,
    count as count,
    found as found,
    hold as hold,
)
from portal.features.contacts.queries.mails import (
    Asked as Asked,
    ListedMail as ListedMail,
    Page as Page,
    has_content as has_content,
    mail as mail,
    mails as mails,
    newest as newest,
    opened as opened,
    returned as returned,
    troubled_count as troubled_count,
)
from portal.features.contacts.queries.templates import (
    Spoken as Spoken,
    changed_mails as changed_mails,
    mail_template as mail_template,
    spoken as spoken,
)
from portal.features.contacts.queries.uses import (
    User as User,
    Users as Users,
    Uses as Uses,
    install_uses as install_uses,
    users as users,
)

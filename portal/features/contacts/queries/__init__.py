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

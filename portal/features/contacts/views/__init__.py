"""Contacts; mails that the provider's people look after; and, in development, what mails say."""

from flask_babel import lazy_gettext as _l

from portal.core.permissions import P
from portal.features.contacts.views import contacts, mails, sections, templates  # noqa: F401 - each adds its pages to bp
from portal.features.contacts.views.door import bp as bp
from portal.features.contacts.views.mailbox import install_mailbox as install_mailbox
from portal.web.nav import Place

PLACES = [
    Place("contacts.index", _l("Contacts"), "contact", 20, permission=P.CONTACTS_VIEW),
    Place("mails.index", _l("Mails"), "mail", 60, permission=P.MAILS_VIEW),
    *templates.PLACES,
]
BLUEPRINTS = (bp, mails.bp, templates.bp)
__all__ = ["BLUEPRINTS", "PLACES", "bp", "install_mailbox", "mails"]

"""Writing again."""

from portal.core import audit
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.contacts import queries
from portal.mail import posting
from portal.mail.models import Mail, State


def repeat_mail(*, by: Identity, mail: Mail) -> None:
    """Sends a mail that did not arrive once more, to the address that it was written to: its link may prove that very address."""
    if mail.state in {State.SENT, State.KEPT}:
        raise Refused("mail-settled")
    if not queries.has_content(mail):
        raise Refused("mail-gone")
    posting.repeat(mail)
    audit.record(
        Event.MAIL_REPEATED,
        by=by,
        subject=mail.public_id,
        label=mail.recipient,
        reseller_id=mail.reseller_id,
        customer_id=mail.customer_id,
    )

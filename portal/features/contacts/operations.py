"""Writing down whom to write to, and writing again."""

from sqlalchemy import select

from portal.core import audit, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.contacts import queries
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import check_email
from portal.mail import posting
from portal.mail.models import Mail, State


def create_contact(
    *,
    by: Identity,
    reseller_id: int,
    email: str,
    first_name: str | None = None,
    last_name: str | None = None,
    company: str | None = None,
    street: str | None = None,
    postcode: str | None = None,
    city: str | None = None,
    country: str | None = None,
    phone_number: str | None = None,
    time_zone: str | None = None,
) -> Contact:
    """A contact that customers of this reseller can share."""
    contact = Contact(
        reseller_id=reseller_id,
        email=check_email(email),
        first_name=first_name,
        last_name=last_name,
        company=company,
        street=street,
        postcode=postcode,
        city=city,
        country=country,
        phone_number=phone_number,
        time_zone=time_zone,
    )
    db.session().add(contact)
    db.session().flush()
    audit.record(Event.CONTACT_CREATED, by=by, subject=contact.public_id, label=contact.name, reseller_id=reseller_id)
    return contact


def keep_email(*, reseller_id: int, contact_id: int | None, email: str | None) -> int | None:
    """A line's own contact exists as long as there is an e-mail for it: makes it or changes it, and says its key.

    Without an e-mail the answer is None; whoever pointed to the contact calls `drop` once nothing does.
    """
    if not email:
        return None
    address = check_email(email)
    contact = _contact(contact_id) if contact_id is not None else None
    if contact is None:
        contact = Contact(reseller_id=reseller_id, email=address)
        db.session().add(contact)
    contact.email = address
    db.session().flush()
    return contact.id


def drop(contact_id: int) -> None:
    """Removes a line's own contact that nothing points to any more."""
    contact = _contact(contact_id)
    if contact is not None:
        db.session().delete(contact)


def _contact(contact_id: int) -> Contact | None:
    return db.session().scalars(select(Contact).where(Contact.id == contact_id)).first()


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

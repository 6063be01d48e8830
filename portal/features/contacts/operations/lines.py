"""A line's own contact, which comes and goes with its e-mail address."""

from sqlalchemy import select

from portal.core import db
from portal.features.contacts.models import Contact
from portal.features.contacts.rules import check_email


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

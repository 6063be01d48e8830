from collections.abc import Collection

from sqlalchemy import select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.pbx import rules
from portal.features.pbx.rules import Range
from portal.features.subscribers.models import Kind, Status, Subscriber


def extension(public_id: PublicId) -> Subscriber:
    """Raises NotFound, also for lines that are no extensions."""
    found = (
        db.session()
        .scalars(
            select(Subscriber).where(
                Subscriber.public_id == public_id, Subscriber.kind == Kind.EXTENSION, Subscriber.status != Status.TERMINATED
            ),
        )
        .first()
    )
    if found is None:
        raise NotFound
    return found


def lines(customer_id: int, public_ids: Collection[PublicId]) -> list[Subscriber]:
    """Those of these lines that are the customer's and not terminated."""
    wanted = select(Subscriber).where(
        Subscriber.customer_id == customer_id, Subscriber.public_id.in_(public_ids), Subscriber.status != Status.TERMINATED
    )
    return list(db.session().scalars(wanted))


def lines_by_key(keys: Collection[int]) -> list[Subscriber]:
    return list(db.session().scalars(select(Subscriber).where(Subscriber.id.in_(keys)).order_by(Subscriber.id)))


def lines_with_extension(customer_id: int) -> list[Subscriber]:
    """Extensions and groups."""
    every = select(Subscriber).where(
        Subscriber.customer_id == customer_id, Subscriber.extension.is_not(None), Subscriber.status != Status.TERMINATED
    )
    return list(db.session().scalars(every.order_by(Subscriber.extension_number)))


def holder_of(customer_id: int, extension: str) -> Subscriber | None:
    """Who has this extension, person or group."""
    return (
        db.session()
        .scalars(
            select(Subscriber).where(
                Subscriber.customer_id == customer_id, Subscriber.extension == extension, Subscriber.status != Status.TERMINATED
            ),
        )
        .first()
    )


def name_of(subscriber_id: int | None) -> str:
    return db.session().scalar(select(Subscriber.display_name).where(Subscriber.id == subscriber_id)) or ""


def email_of(line: Subscriber) -> str | None:
    return db.session().scalar(select(Contact.email).where(Contact.id == line.contact_id))


def next_free(customer: Customer) -> int | None:
    """The extension to offer next."""
    rows = (
        db.session()
        .execute(
            select(Subscriber.extension_number, Subscriber.kind).where(
                Subscriber.customer_id == customer.id,
                Subscriber.extension.is_not(None),
                Subscriber.status != Status.TERMINATED,
            ),
        )
        .all()
    )
    taken = {row.extension_number: row.kind for row in rows}
    people = [number for number, kind in taken.items() if kind == Kind.EXTENSION]
    return rules.next_free(taken.keys(), Range(customer.extension_min, customer.extension_max), people)

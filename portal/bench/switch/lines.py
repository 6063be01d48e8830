"""A company whose people call one another: made once, by the product's own operations."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, text

from portal.bench.switch.load import Line
from portal.core import db
from portal.core.identity import Identity
from portal.core.phone import Parts
from portal.core.tenancy import Scope
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.customers.operations import create_customer
from portal.features.numbers.operations import give_new_primaries
from portal.features.numbers.rules import derived
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Kind, Subscriber
from portal.features.subscribers.operations import Draft, create_pilot, open_lines

LINES = 5_000
FIRST = 20_000  # five digits
NAME = "Loudspeaker Works"
BASE = Parts("49", "30", "558")
PASSWORD = "a-secret-of-phones"  # noqa: S105 - of lines that nobody has
NEIGHBOURS = 7  # everybody calls the seventh after oneself

RENEWED = """
    UPDATE subscriber SET ha1_md5 = md5(username || ':' || domain || ':' || :password) FROM sip_domain
    WHERE sip_domain.id = domain_id AND customer_id = :customer AND kind = 'extension'
"""
FORGOTTEN = (
    "DELETE FROM kamailio.location WHERE customer_id = :customer",
    "DELETE FROM device WHERE customer_id = :customer",
    "DELETE FROM job WHERE kind = 'device-new'",
    "DELETE FROM kamailio.acc_cdrs",
    "DELETE FROM kamailio.call",
)


@dataclass(frozen=True)
class Company:
    customer_id: int
    domain: str
    people: Sequence[tuple[str, str]]  # user name and extension

    def lines(self, *, by_name: bool) -> list[Line]:
        """Whom they call is dialled by the user name, or by the extension."""
        called = [name if by_name else extension for name, extension in self.people]
        return [Line(name, PASSWORD, called[(n + NEIGHBOURS) % len(called)]) for n, (name, _extension) in enumerate(self.people)]


def company() -> Company:
    """With a known password, and without phones."""
    with db.unit_of_work(Scope.platform()) as session:
        customer_id = session.scalar(select(Customer.id).where(Customer.name == NAME)) or _founded()
    _by_owner(customer_id, RENEWED, *FORGOTTEN)
    with db.unit_of_work(Scope.platform()) as session:
        found = session.execute(
            select(Subscriber.username, Subscriber.extension, SipDomain.domain)
            .join(SipDomain, SipDomain.id == Subscriber.domain_id)
            .where(Subscriber.customer_id == customer_id, Subscriber.kind == Kind.EXTENSION)
            .order_by(Subscriber.extension)
        ).all()
    return Company(customer_id, found[0].domain, [(row.username, str(row.extension)) for row in found])


def clear(customer_id: int) -> None:
    """What was measured leaves nothing that the worker, or the next run, would look at."""
    _by_owner(customer_id, *FORGOTTEN)


def _founded() -> int:
    """Beside City Bank, with the same provider."""
    by = Identity.system("bench")
    session = db.session()
    bank = session.scalars(select(Subscriber).where(Subscriber.username == "ike", Subscriber.kind == Kind.PILOT)).one()
    domain = session.get_one(SipDomain, bank.domain_id)
    contact = session.get_one(Contact, session.get_one(Customer, bank.customer_id).contact_id)
    customer = create_customer(by=by, contact=contact, name=NAME, kind=CustomerKind.CLOUDPBX)
    create_pilot(by=by, customer=customer, domain=domain, username="loudspeaker", display_name=NAME, base=BASE)
    extensions = [str(FIRST + n) for n in range(LINES)]
    drafts = [
        Draft(kind=Kind.EXTENSION, username=f"loudspeaker-{one}", display_name=f"Person {one}", extension=one)
        for one in extensions
    ]
    opened = open_lines(by=by, customer=customer, domain=domain, drafts=drafts)
    numbers = {new.subscriber.id: derived(BASE, one) for new, one in zip(opened, extensions, strict=True)}
    give_new_primaries(customer=customer, parts=numbers)
    return customer.id


def _by_owner(customer_id: int, *statements: str) -> None:
    owner = db.Database(db.database().url, role=db.OWNER)
    with owner.session(Scope.platform()) as session:
        for statement in statements:
            session.execute(text(statement), {"customer": customer_id, "password": PASSWORD})
        session.commit()
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    owner.dispose()

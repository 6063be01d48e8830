"""The cast, made row by row: three resellers, two companies, a few lines."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from portal.core import db
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.numbers.models import Role as NumberRole
from portal.features.pbx.models import Group, Member, RingingPolicy
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.subscribers.models import Kind, Subscriber
from tests.cast import Cast, Person
from tests.factories.accounts import AccountFactory
from tests.factories.customers import ContactFactory, CustomerFactory
from tests.factories.phones import nothing_told, signs_in
from tests.factories.resellers import ResellerFactory, SipDomainFactory, WebHostFactory
from tests.factories.subscribers import NumberFactory, SubscriberFactory

BASE = "5550000"


def make_cast() -> Cast:
    """Writes the cast and commits it."""
    with db.unit_of_work(Scope.platform()) as session:
        cast = _make()
        session.flush()
        for person in cast.people.values():
            if person.line is not None:
                signs_in(person.line)
        nothing_told(session)
        _nothing_left_to_do(session)
        session.expunge_all()  # what a test reads of these rows is what was written here
        return cast


def _nothing_left_to_do(session: Session) -> None:
    """A world that stands has told the switch of its domains."""
    session.execute(text("SET LOCAL ROLE portal_owner"))
    session.execute(text("DELETE FROM job WHERE kind = 'switch-reload'"))
    session.execute(text("SET LOCAL ROLE portal_web"))


def _make() -> Cast:
    isar = ResellerFactory(name="Isar Telecom", theme="isar", operator=True, languages=["de", "en"])
    telephone = ResellerFactory(name="TelephOne", theme="telephone")
    cheapcall = ResellerFactory(name="Cheap Call", theme="cheapcall", languages=["de", "en"])
    domains = {
        "isar": _domain(isar, "sip.isar.example", "isar.localhost", languages=["de", "en"]),
        "telephone": _domain(telephone, "telephone.example", "telephone.localhost"),
        "lantern": _domain(telephone, "lantern.telephone.example", "lantern.localhost", title="Lantern Co"),
        "cheapcall": _domain(cheapcall, "cheapcall.example", "cheapcall.localhost", languages=["de", "en"]),
    }
    lantern = _customer(telephone, "Lantern Co", "clare@lantern.example")
    city_bank = _customer(telephone, "City Bank", "ike@citybank.example")
    cast = Cast(isar, telephone, cheapcall, lantern, city_bank, domains=domains)
    cast.people["clare"] = _pilot(lantern, domains["lantern"], "clare", "Clare Fenn", BASE, "lantern.localhost")
    for extension, username, name in ((101, "alice", "Alice Meier"), (102, "bob", "Bob Turner"), (103, "carol", "Carol Nguyen")):
        cast.people[username] = _extension(lantern, domains["lantern"], username, name, str(extension))
    for n in range(4):
        NumberFactory(reseller_id=telephone.id, customer_id=lantern.id, subscriber_id=cast.clare.subscriber.id, sn=f"55507{n:02}")
    _sales(cast)
    cast.people["ike"] = _pilot(city_bank, domains["telephone"], "ike", "Ike Leonard", "5560000", "telephone.localhost")
    private = _customer(cheapcall, "Charlie", "charlie@mail.example", kind=CustomerKind.RESIDENTIAL)
    cast.people["charlie"] = _regular(private, domains["cheapcall"], "charlie", "Charlie", "6660000")
    cast.people["tom"] = _staff(telephone, "tom@telephone.example", Role.RESELLER, "telephone.localhost")
    cast.people["cora"] = _staff(telephone, "cora@telephone.example", Role.CARE, "telephone.localhost")
    cast.people["rita"] = _staff(cheapcall, "rita@cheapcall.example", Role.RESELLER, "cheapcall.localhost")
    cast.people["olga"] = _staff(isar, "olga@isar.example", Role.OPERATOR, "isar.localhost")
    return cast


def _domain(
    reseller: Reseller, name: str, host: str, *, title: str | None = None, languages: list[str] | None = None
) -> SipDomain:
    domain: SipDomain = SipDomainFactory(reseller_id=reseller.id, domain=name, languages=languages or ["en", "de"])
    WebHostFactory(reseller_id=reseller.id, host=host, domain_id=domain.id, title=title)
    return domain


def _customer(reseller: Reseller, name: str, email: str, kind: CustomerKind = CustomerKind.CLOUDPBX) -> Customer:
    contact = ContactFactory(reseller_id=reseller.id, email=email, company=name)
    made: Customer = CustomerFactory(reseller_id=reseller.id, contact_id=contact.id, name=name, kind=kind.value)
    return made


def _subscriber(
    customer: Customer, domain: SipDomain, username: str, name: str, kind: Kind, sn: str, extension: str | None = None
) -> Subscriber:
    made: Subscriber = SubscriberFactory(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        domain_id=domain.id,
        kind=kind.value,
        username=username,
        display_name=name,
        extension=extension,
    )
    NumberFactory(
        reseller_id=customer.reseller_id,
        customer_id=customer.id,
        subscriber_id=made.id,
        sn=sn,
        role=NumberRole.PRIMARY.value,
    )
    return made


def _person(line: Subscriber, domain: SipDomain, role: Role, host: str) -> Person:
    account = AccountFactory(
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        subscriber_id=line.id,
        domain_id=domain.id,
        role=role.value,
        username=line.username,
        name=line.display_name,
    )
    return Person(account=account, host=host, line=line, domain=domain.domain)


def _pilot(customer: Customer, domain: SipDomain, username: str, name: str, base: str, host: str) -> Person:
    return _person(_subscriber(customer, domain, username, name, Kind.PILOT, base), domain, Role.PILOT, host)


def _extension(customer: Customer, domain: SipDomain, username: str, name: str, extension: str) -> Person:
    line = _subscriber(customer, domain, username, name, Kind.EXTENSION, BASE + extension, extension)
    return _person(line, domain, Role.SUBSCRIBER, "lantern.localhost")


def _regular(customer: Customer, domain: SipDomain, username: str, name: str, sn: str) -> Person:
    return _person(
        _subscriber(customer, domain, username, name, Kind.REGULAR, sn), domain, Role.SUBSCRIBER, "cheapcall.localhost"
    )


def _staff(reseller: Reseller, email: str, role: Role, host: str) -> Person:
    return Person(account=AccountFactory(reseller_id=reseller.id, role=role.value, username=email, email=email), host=host)


def _sales(cast: Cast) -> None:
    line = _subscriber(cast.lantern, cast.domains["lantern"], "sales", "Sales", Kind.GROUP, BASE + "600", "600")
    own = {"reseller_id": line.reseller_id, "customer_id": line.customer_id}
    db.session().add(Group(subscriber_id=line.id, policy=RingingPolicy.PARALLEL.value, **own))
    for position, name in enumerate(("alice", "bob", "carol")):
        db.session().add(Member(group_id=line.id, subscriber_id=cast.people[name].subscriber.id, position=position, **own))
    cast.groups["sales"] = line

"""Companies with phones, peers and trunks, written into a database that everything reads."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import text

from portal.core import db, i18n, ids
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.callhandling.rules import Exchange, Forward
from portal.features.pbx.models import Group, Member
from portal.features.peering.models import PeeringGroup, PeeringServer
from portal.features.subscribers.models import Subscriber, TrustedSource
from tests.cast import Cast, Person
from tests.factories.callhandling import write_forward, write_handling
from tests.factories.customers import ContactFactory, CustomerFactory
from tests.factories.subscribers import NumberFactory, SubscriberFactory
from tests.features.callhandling.cases import company
from tests.sip.listed import Listed, listed, make_pilot, take
from tests.sip.phones import Loop, Outcome, Phone
from tests.sip.running import RunningKamailio
from tests.waiting import until

PASSWORD = "a-secret-of-phones"
DOMAIN = "lantern.telephone.example"
PEERS, TRUNKS = "127.0.0.2", "127.0.0.3"  # whoever calls from there is known by it
_PLACES = count(600)


@dataclass
class Company:
    """`prefix`: what all its numbers begin with; those of the cases begin with 4930555."""

    world: "World"
    customer_id: int
    prefix: str
    keys: Mapping[PublicId, int]
    usernames: Mapping[str, str]
    pilot: Person
    phones: dict[str, Phone] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Phone:
        try:
            return self.__dict__["phones"][name]
        except KeyError:
            raise AttributeError(name) from None

    def number(self, extension: str) -> str:
        return self.prefix + extension

    def shown(self, extension: str) -> str:
        """Its number as a page shows it."""
        return f"030 {self.number(extension)[4:]}"

    def key(self, name: str) -> str:
        return str(self.keys[PublicId(name)])

    def phone(self, name: str, does: str | float = "ring", *, signed_in: bool = True) -> Phone:
        """One more phone of a line."""
        phone = self.world.phone(self.usernames[name], does, name=name)
        if signed_in:
            assert phone.register() == 200
        self.phones.setdefault(name, phone)
        return phone

    def listed(self, *told: Outcome) -> list[Listed]:
        """Its calls on the portal’s page, once these have ended; the first one first."""
        return self.world.listed(self.pilot, *told)

    def sign_in(self, *names: str, **does: str | float) -> "Company":
        for name in (*names, *does):
            self.phone(name, does.get(name, "ring"))
        return self


@dataclass
class World:
    kamailio: RunningKamailio
    app: Flask
    database: db.Database
    cast: Cast
    loop: Loop
    phones: list[Phone] = field(default_factory=list)

    def phone(self, username: str, does: str | float = "ring", *, password: str = PASSWORD, **facts: Any) -> Phone:
        made = Phone(self.loop, self.kamailio.address, username, DOMAIN, password, does, **facts).open()
        self.phones.append(made)
        return made

    def company(self, changes: Mapping[PublicId, Mapping[str, Any]] | None = None, exchange: Exchange | None = None) -> Company:
        """Alice, bob, carol, dora and emil at 101 to 105, Sales (600) and Reception (602), without phones yet."""
        place = next(_PLACES)
        prefix = f"4930{place}"
        with db.unit_of_work(Scope.platform()) as session:
            pilot = session.get_one(Subscriber, self.cast.clare.subscriber.id)
            contact = ContactFactory(reseller_id=pilot.reseller_id)
            customer = CustomerFactory(reseller_id=pilot.reseller_id, contact_id=contact.id, name=f"Company {place}")
            made = written(self, pilot.domain_id, customer, exchange or company(changes), prefix)
            session.expunge_all()  # its pilot is asked for after this
            return made

    def forward(self, company: Company, name: str, rule: Forward) -> None:
        """One more rule of a line."""
        with db.unit_of_work(Scope.platform()) as session:
            write_forward(
                session.get_one(Subscriber, company.keys[PublicId(name)]), replace(rule, key=ids.new()), 9, company.keys
            )

    def trunk(
        self, *numbers: str, network: str | None = None, pattern: str | None = None, next_hop: str | None = None
    ) -> Subscriber:
        with db.unit_of_work(Scope.platform()) as session:
            pilot = session.get_one(Subscriber, self.cast.clare.subscriber.id)
            owned = {"reseller_id": pilot.reseller_id, "customer_id": pilot.customer_id}
            line: Subscriber = SubscriberFactory(
                **owned, domain_id=pilot.domain_id, kind="trunk", username=f"trunk-{ids.new()[:6]}", next_hop=next_hop
            )
            for digits in numbers:
                NumberFactory(**owned, subscriber_id=line.id, role="primary", **parts(digits))
            if network is not None:
                session.add(TrustedSource(**owned, subscriber_id=line.id, network=network, from_pattern=pattern))
            session.flush()
            give_passwords([line.id])
            session.expunge_all()
        return line

    def peer(self, does: str | float = 0.0, *, weight: int = 10, priority: int = 1) -> tuple[Phone, str]:
        """A server that calls leave to, and its id; Kamailio knows it."""
        phone = Phone(self.loop, self.kamailio.address, "peer", DOMAIN, "", does, host=PEERS).open()
        self.phones.append(phone)
        with db.unit_of_work(Scope.platform()) as session:
            name = ids.new()
            group = PeeringGroup(name=name, name_sort=name, priority=priority)
            session.add(group)
            session.flush()
            server = PeeringServer(group_id=group.id, name=name, host=PEERS, port=phone.port, weight=weight)
            session.add(server)
            session.flush()
            made = server.public_id
        self.kamailio.rpc("permissions.addressReload")
        return phone, made

    def without_neighbours(self) -> None:
        """No peers and no addresses of trunks any more."""
        self.sql("DELETE FROM trusted_source")
        self.sql("DELETE FROM peering_group")
        self.kamailio.rpc("permissions.addressReload")

    def until_talking(self, phone: Phone, call_id: str) -> None:
        until(lambda: phone.is_talking(call_id), "the answer of a phone")

    def until_there(self, statement: str, rows: int, **values: Any) -> None:
        until(lambda: len(self.sql(statement, **values)) >= rows, f"{rows} rows of {statement}")

    def until_gone(self, statement: str, **values: Any) -> None:
        until(lambda: not self.sql(statement, **values), f"the end of {statement}")

    def until_logged(self, words: str) -> None:
        until(lambda: words in self.kamailio.log, f"“{words}” in the log")

    def close(self) -> None:
        for phone in self.phones:
            phone.close()
        self.phones.clear()

    def sql(self, statement: str, **values: Any) -> Sequence[Any]:
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(text("SET LOCAL ROLE portal_owner"))
            made: Any = session.execute(text(statement), values)
            return made.all() if made.returns_rows else ()

    def record(self, call_id: str) -> Any:
        """The one that Kamailio wrote, as soon as it is there."""
        return self.records([call_id])[call_id]

    def records(self, call_ids: Sequence[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}

        def all_there() -> bool:
            rows = self.sql("SELECT * FROM kamailio.acc_cdrs WHERE sip_call_id = ANY(:ids)", ids=list(call_ids))
            found.update({row.sip_call_id: row for row in rows})
            return len(rows) >= len(call_ids)

        until(all_there, "the records of calls")
        return found

    def listed(self, pilot: Person, *told: Outcome) -> list[Listed]:
        self.records([one.call_id for one in told])
        take(self.database)
        return listed(self.app, pilot)

    def trace(self, call: str) -> list[dict[str, Any]]:
        return list(self.sql("SELECT trace FROM kamailio.call WHERE id = :id", id=call)[0][0])


@contextmanager
def carried(kamailio: RunningKamailio, app: Flask, database: db.Database, cast: Cast, loop: Loop) -> Iterator[World]:
    """A world while Kamailio carries its calls."""
    try:
        made = World(kamailio.start(), app, database, cast, loop)
        yield made
        made.close()
    finally:
        kamailio.stop()


def parts(digits: str) -> dict[str, str]:
    return {"cc": digits[:2], "ac": digits[2:4], "sn": digits[4:], "digits": digits}


def give_passwords(keys: Sequence[int]) -> None:
    db.session().execute(
        text(
            "UPDATE subscriber SET ha1_md5 = md5(username || ':' || domain || ':' || :password)"
            " FROM sip_domain WHERE sip_domain.id = subscriber.domain_id AND subscriber.id = ANY(:keys)"
        ),
        {"password": PASSWORD, "keys": list(keys)},
    )


def written(world: World, domain_id: int, customer: Any, exchange: Exchange, prefix: str) -> Company:
    owned = {"reseller_id": customer.reseller_id, "customer_id": customer.id}
    lines: dict[PublicId, Subscriber] = {}
    for name, line in exchange.lines.items():
        made: Subscriber = SubscriberFactory(
            **owned,
            domain_id=domain_id,
            kind="extension" if line.ringing is None else "group",
            username=f"{name}-{prefix[4:]}",
            display_name=line.name,
            name_sort=i18n.sort_key(line.name),
            extension=line.extension,
            lock_level=int(line.lock),
        )
        lines[name] = made
        for place, digits in enumerate(line.numbers):
            own = digits.replace("4930555", prefix)
            NumberFactory(**owned, subscriber_id=made.id, role="alias" if place else "primary", **parts(own))
    keys = {name: line.id for name, line in lines.items()}
    wanted = {place.line for line in exchange.lines.values() for rule in line.handling.forwards for place in rule.destinations}
    for name in {one for one in wanted if one is not None} - keys.keys():
        gone = SubscriberFactory(
            **owned, domain_id=domain_id, kind="regular", status="terminated", username=f"{name}-{prefix[4:]}"
        )
        keys[name] = gone.id
    for name, line in exchange.lines.items():
        rules = tuple(
            replace(rule, key=ids.new(), called=rule.called and rule.called.replace("4930555", prefix))
            for rule in line.handling.forwards
        )
        write_handling(lines[name], replace(line.handling, forwards=rules), keys)
        if line.ringing is not None:
            together = len(line.ringing.steps) == 1 and len(line.ringing.steps[0]) > 1
            facts = {"ring_seconds": line.ringing.seconds, "ignore_forwards": line.ringing.ignore_forwards}
            db.session().add(Group(subscriber_id=keys[name], policy="parallel" if together else "serial", **owned, **facts))
            db.session().flush()
            people = [member for step in line.ringing.steps for member in step]
            db.session().add_all(
                Member(group_id=keys[name], subscriber_id=keys[member], position=place, **owned)
                for place, member in enumerate(people)
            )
    db.session().flush()
    give_passwords(list(keys.values()))
    usernames = {str(name): line.username for name, line in lines.items()}
    pilot = make_pilot(customer, domain_id, world.cast)
    db.session().flush()
    return Company(world, customer.id, prefix, keys, usernames, pilot)

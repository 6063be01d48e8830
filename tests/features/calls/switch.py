"""A switch for tests: it asks the database what becomes of a call, as Kamailio does, and writes down how it ended."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, text

from portal.core import clock, db, ids
from portal.core.ids import PublicId
from portal.core.tenancy import Scope
from portal.features.callhandling.rules import Destination, Forward, Handling, When
from portal.features.calls import operations
from portal.features.subscribers.models import Subscriber
from tests.cast import Person
from tests.factories.callhandling import write_handling

DOMAIN = "lantern.telephone.example"
MOBILE = "491701234567"
Row = Any


@contextmanager
def as_owner(database: db.Database) -> Iterator[Connection]:
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL ROLE NONE"))
        connection.execute(text("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)"))
        yield connection


@dataclass
class Switch:
    """`database` is the one that pages see."""

    database: db.Database
    setup: float = field(default_factory=lambda: round(clock.now().timestamp()) - 600.0)
    call: str = ""

    def ask(self, statement: str, **values: Any) -> Sequence[Row]:
        """What Kamailio asks, is asked as it may be; the rest is written as by the owner."""
        with as_owner(self.database) as connection:
            if re.search(r"kamailio\.\w+\(:", statement):
                connection.execute(text("SET LOCAL ROLE portal_switch"))
            return connection.execute(text(statement), values).all()

    def phones(self, *people: Person) -> None:
        for person in people:
            self.ask(
                "INSERT INTO kamailio.location (ruid, username, domain, contact, user_agent, expires)"
                " SELECT :ruid, username, domain, 'sip:' || username || '@192.0.2.7', 'Test', '2099-01-01' FROM subscriber"
                " JOIN sip_domain ON sip_domain.id = domain_id WHERE subscriber.id = :key RETURNING 1",
                ruid=ids.new(),
                key=person.subscriber.id,
            )

    def peer(self) -> str:
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(
                text("INSERT INTO peering_group (public_id, name, name_sort, priority, version) VALUES ('peers', 'P', 'p', 1, 1)")
            )
            session.execute(
                text(
                    "INSERT INTO peering_server (public_id, group_id, name, host, port, transport, weight, enabled, version)"
                    " SELECT 'carrier', id, 'Carrier', '192.0.2.99', 5060, 'udp', 1, true, 1 FROM peering_group"
                )
            )
        return "carrier"

    def forwards(self, who: Person | Subscriber, when: When, *to: Destination) -> None:
        line = who.subscriber if isinstance(who, Person) else who
        with db.unit_of_work(Scope.platform()):
            write_handling(
                line,
                Handling(forwards=(Forward(PublicId(ids.new()), when, to),)),
                {PublicId(str(key)): key for key in range(1, 100)},
            )

    def begins(self, sender: Person | str, dialled: str, *, kind: str = "line", hidden: bool = False) -> Sequence[Row]:
        """A line calls, or a number outside by a peer."""
        peer = isinstance(sender, str)
        rows = self.ask(
            "SELECT * FROM kamailio.begin_call(:kind, :sender, :dialled, :domain, :shown, :anonymous, 'sip', now())",
            kind="peer" if isinstance(sender, str) else kind,
            sender="carrier" if isinstance(sender, str) else str(sender.subscriber.id),
            dialled=dialled,
            domain="" if peer else DOMAIN,
            shown=sender if isinstance(sender, str) else sender.subscriber.username,
            anonymous=int(hidden),
        )
        self.call = rows[0].call
        return rows

    def within(self, call: str) -> Sequence[Row]:
        return self.ask("SELECT * FROM kamailio.begin_child(:call)", call=call)

    def goes_on(self, event: str, call: str = "") -> Sequence[Row]:
        return self.ask("SELECT * FROM kamailio.next_action(:call, :event)", call=call or self.call, event=event)

    def ends(
        self, code: int, *, by: Person | None = None, where: str = "", after: float = 5.25, seconds: float = 60.5, peer: str = ""
    ) -> None:
        """Answered after some seconds, for some seconds, when the code is 200."""
        answered = code == 200
        start = self.setup + after
        self.ask(
            "INSERT INTO kamailio.acc_cdrs (start_time, end_time, duration, call, sip_call_id, code, answered_by, answered_in,"
            " peer, setup_at, ring_at, answer_at)"
            " VALUES (to_timestamp(:start) AT TIME ZONE 'UTC', to_timestamp(:end) AT TIME ZONE 'UTC', :duration, :call, 'sip',"
            " :code, :by, :where, :peer, :setup, :ring, :answer) RETURNING 1",
            start=start,
            end=start + seconds if answered else start,
            duration=seconds if answered else 0,
            call=self.call,
            code=str(code),
            by=str(by.subscriber.id) if by else "",
            where=(where or self.call) if answered else "",
            peer=peer,
            setup=f"{self.setup:.6f}",
            ring=f"{self.setup + 1:.6f}",
            answer=f"{start:.6f}" if answered else "",
        )

    def left(self) -> tuple[int, int]:
        """Ended calls that nobody took, and calls that the switch remembers."""
        return tuple(self.ask("SELECT (SELECT count(*) FROM kamailio.acc_cdrs), (SELECT count(*) FROM kamailio.call)")[0])

    def taken(self, act: Callable[[], Any] = operations.take_ended) -> Any:
        """As a worker does."""
        with as_worker(self.database):
            return act()


@contextmanager
def as_worker(database: db.Database) -> Iterator[db.Database]:
    opened = db.Database(database.url, role=db.WORKER)
    db.install(opened)
    try:
        yield opened
    finally:
        db.install(database)
        opened.dispose()

"""Two at once: a name is one's only, and a domain with a line stays."""

import threading
from collections.abc import Callable, Sequence
from functools import partial

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from portal.core import db
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.core.phone import Parts
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer
from portal.features.resellers import operations
from portal.features.resellers.models import SipDomain, WebHost
from portal.features.resellers.rules import Points, Sight
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Subscriber
from tests.cast import Cast
from tests.factories.customers import ContactFactory, CustomerFactory

Act = tuple[Identity, Callable[[], object]]
PROVED = Sight(Points.HERE, (), proof=True)


def together(acts: Sequence[Act]) -> list[str]:
    """Each in a unit of work of its own; says how each ended."""
    ready, outcomes = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int) -> None:
        by, act = acts[place]
        ready.wait()
        try:
            with db.unit_of_work(by.scope):
                act()
            outcomes[place] = "done"
        except Refused as refusal:
            outcomes[place] = refusal.code
        except (Conflict, NotFound) as late:
            outcomes[place] = type(late).__name__
        except IntegrityError as error:
            outcomes[place] = str(error.orig.diag.constraint_name)  # type: ignore[union-attr]

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


def test_of_two_that_prove_a_host_at_once_one_has_it(own_cast: Cast) -> None:
    for turn in range(5):
        claims = []
        for person, reseller in ((own_cast.tom, own_cast.telephone), (own_cast.rita, own_cast.cheapcall)):
            with db.unit_of_work(person.scope) as session:
                host = operations.add_host(by=person.identity, reseller=reseller, host=f"phone{turn}.acme.example")
                session.expunge(host)
                claims.append((person, host))
        ended = together(
            [
                (person.identity, partial(operations.keep_host_sight, by=person.identity, host=host, sight=PROVED))
                for person, host in claims
            ]
        )
        assert ended[0] == "done"
        assert ended[1] in {"host-taken", "uq_web_host_host"}
    with db.unit_of_work(Scope.platform()) as session:
        proved = select(func.count()).where(WebHost.proved_at.is_not(None), WebHost.host.like("phone%.acme.example"))
        assert session.scalar(proved) == 5


def test_of_two_that_add_a_domain_at_once_one_has_it(own_cast: Cast) -> None:
    acts: list[Act] = []
    for person, reseller in ((own_cast.tom, own_cast.telephone), (own_cast.rita, own_cast.cheapcall)) * 2:

        def add(by: Identity = person.identity, reseller_id: int = reseller.id) -> object:
            own = db.session().get_one(type(own_cast.telephone), reseller_id)
            facts = {"languages": own.languages[:1], "time_zone": "Europe/Berlin", "cc": "49", "ac": ""}
            return operations.add_domain(by=by, reseller=own, domain="sip.acme.example", **facts)  # type: ignore[arg-type]

        acts.append((person.identity, add))
    ended = together(acts)
    assert ended.count("done") == 1
    assert set(ended) <= {"done", "domain-taken", "domain-yours", "uq_sip_domain_domain"}


def test_a_line_and_the_end_of_its_domain_do_not_both_happen(own_cast: Cast) -> None:
    """Whoever comes first: a domain with a line stays, in a removed one no line begins."""
    for turn in range(6):
        domain, customer = _spare(own_cast, turn)

        def open_line(domain: int = domain, customer: int = customer, turn: int = turn) -> object:
            return subscribers.create_regular(
                by=own_cast.tom.identity,
                customer=db.session().get_one(Customer, customer),
                domain=db.session().get_one(SipDomain, domain),
                username="new",
                display_name="New",
                number=Parts("49", "30", f"888000{turn}"),
            )

        def remove(domain: int = domain) -> None:
            operations.remove_domain(by=own_cast.tom.identity, domain=db.session().get_one(SipDomain, domain))

        ended = together([(own_cast.tom.identity, open_line), (own_cast.tom.identity, remove)])
        assert ended[0] in {"done", "domain-gone"} or "done" in ended, ended
        with db.unit_of_work(Scope.platform()) as session:
            lines = session.scalar(select(func.count()).select_from(Subscriber).where(Subscriber.domain_id == domain))
            removed = session.get_one(SipDomain, domain).removed_at is not None
        assert (lines, removed) in {(1, False), (0, True)}, ended


def _spare(cast: Cast, turn: int) -> tuple[int, int]:
    with db.unit_of_work(cast.tom.scope) as session:
        facts = {"languages": ["en"], "time_zone": "Europe/Berlin", "cc": "49", "ac": "30"}
        made = operations.add_domain(by=cast.tom.identity, reseller=cast.telephone, domain=f"spare{turn}.example", **facts)  # type: ignore[arg-type]
        contact = ContactFactory(reseller_id=cast.telephone.id, email=f"spare{turn}@mail.example")
        customer = CustomerFactory(reseller_id=cast.telephone.id, contact_id=contact.id, name=f"Spare {turn}", kind="residential")
        session.flush()
        return made.id, customer.id

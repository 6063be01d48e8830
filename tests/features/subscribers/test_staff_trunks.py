"""Trunks: by registration or by address; trusted addresses of others are refused without a word about them."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import db
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.subscribers import operations, queries
from portal.features.subscribers.models import Subscriber, TrustedSource
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import SECRET, text_of, undo_of
from tests.features.pbx.test_races import together
from tests.features.subscribers.test_staff_lines import a_customer, lines_url, new

Browse = Callable[..., Browser]
BY_ADDRESS = {"sources": "203.0.113.7\n198.51.100.16/28", "protocol": "udp", "next_hop": "sip:PBX.times.example:5060"}


def added(cast: Cast, tom: Browser, customer: Customer, **facts: str) -> str:
    """The address of a new trunk."""
    way = "?way=address" if "sources" in facts else ""
    answer = tom.post(f"{lines_url(customer)}/new{way}", new(cast, **facts))
    assert answer.status_code == 303, text_of(answer)
    return re.sub("[#?].*", "", str(answer.headers["Location"]))


def test_a_trunk_that_registers_gets_a_password(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    assert "Registers with a password" in text_of(tom.get(f"{lines_url(times)}/new"))
    page = tom.get(added(cast, tom, times))
    assert SECRET.search(page.text)
    assert "None: the trunk registers with its SIP user and password." in text_of(page)
    assert "Where the trunk is registered" in text_of(page)


def test_a_trunk_by_address_has_sources_and_a_next_hop(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    page = tom.get(added(cast, tom, times, **BY_ADDRESS))
    assert not SECRET.search(page.text), "nobody registers"
    text = text_of(page)
    assert all(word in text for word in ("203.0.113.7", "198.51.100.16/28", "UDP", "sip:pbx.times.example:5060"))
    assert "All of its own" in text, "which numbers it may call with"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"sources": ""}, "A trunk that does not register needs at least one address that its calls come from."),
        ({"next_hop": ""}, "Type where calls go, like sip:pbx.example.com:5060."),
        ({"sources": "192.168.1.5"}, "“192.168.1.5” is not a public address: from there nobody’s calls can arrive."),
        ({"sources": "127.0.0.1"}, "“127.0.0.1” is not a public address"),
        ({"sources": "::1"}, "“::1” is not a public address"),
        ({"sources": "fd00::1"}, "“fd00::1” is not a public address"),
        ({"sources": "::ffff:10.0.0.1"}, "“::ffff:10.0.0.1” is not a public address"),
        ({"sources": "8.0.0.0/8"}, "“8.0.0.0/8” is too large a range."),
        ({"sources": "pbx.example"}, "“pbx.example” is no address."),
        ({"next_hop": "http://pbx.example"}, "Type where calls go"),
        ({"next_hop": "sip:10.0.0.1"}, "“10.0.0.1” is neither the name of a host nor a public address."),
        ({"next_hop": "sip:pbx.example.com:99999"}, "A port is a number from 1 to 65535."),
    ],
)
def test_addresses_are_looked_at(cast: Cast, browse: Browse, facts: dict[str, str], sentence: str) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    page = tom.post(f"{lines_url(times)}/new?way=address", new(cast, **{**BY_ADDRESS, **facts}))
    assert page.status_code == 422
    assert sentence in text_of(page)
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Subscriber).where(Subscriber.customer_id == times.id)).all() == []


def test_an_address_of_somebody_elses_trunk_is_refused_and_it_is_not_said_whose(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    with db.unit_of_work(Scope.platform()) as session:
        charlie = cast.charlie.subscriber
        own = {"reseller_id": charlie.reseller_id, "customer_id": charlie.customer_id, "subscriber_id": charlie.id}
        session.add(TrustedSource(network="203.0.113.64/27", protocol="tcp", **own))
    for network, protocol, ok in (
        ("203.0.113.70", "any", False),
        ("203.0.113.0/24", "tcp", False),
        ("203.0.113.70", "udp", True),
        ("198.51.100.18", "any", False),
        ("2001:db8:1::/64", "any", True),
    ):
        answer = tom.post(f"{here}/sources", {"network": network, "protocol": protocol})
        assert answer.status_code == (303 if ok else 422), (network, text_of(answer))
        if not ok:
            assert "This address, or a part of the range, belongs to a trunk already." in text_of(answer)
            assert not [word for word in ("Cheap", "Charlie", "charlie", "203.0.113.64") if word in answer.text]


def test_sources_come_and_go(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    first, second = re.findall(rf'action="({here}/sources/[^"]+/remove)"', tom.get(here).text)
    page = tom.follow(tom.post(first))
    assert "Calls from 203.0.113.7 are not accepted any more." in text_of(page)
    refused = tom.post(second)
    assert "This is the only address that calls of the trunk may come from." in text_of(refused)
    page = tom.get(here)
    form = {"version": re.search(r'name="version"[^>]*value="(\d+)"', tom.get(f"{here}/next-hop").text)[1]}  # type: ignore[index]
    assert tom.post(f"{here}/next-hop", {**form, "seen": "", "next_hop": ""}).status_code in {303, 409}


def test_a_removed_address_is_given_back_by_undo(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.TRUNK), browse(cast.tom)
    here = added(cast, tom, times, **BY_ADDRESS)
    remove = re.findall(rf'action="({here}/sources/[^"]+/remove)"', tom.get(here).text)[0]
    way, fields = undo_of(tom.follow(tom.post(remove)))
    assert "Calls from 203.0.113.7 are accepted now." in text_of(tom.follow(tom.post(way, fields)))


def test_only_trunks_have_sources(cast: Cast, browse: Browse) -> None:
    alice = cast.alice.subscriber.public_id
    assert browse(cast.tom).get(f"/lines/{alice}/sources").headers["Location"] == f"/lines/{alice}"
    with db.unit_of_work(cast.tom.scope), pytest.raises(Refused) as refused:
        operations.add_source(by=cast.tom.identity, line=queries.line(alice), network="203.0.113.9", protocol="any")
    assert refused.value.code == "not-a-trunk"


def test_of_many_who_want_the_same_address_one_gets_it(own_cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        for person in (own_cast.ike, own_cast.clare):
            session.get_one(Subscriber, person.subscriber.id).kind = "trunk"

    def act(place: int) -> None:
        line = queries.line(own_cast.people[("ike", "clare")[place % 2]].subscriber.public_id)
        network = ("203.0.113.0/28", "203.0.113.5")[place % 2]
        operations.add_source(by=own_cast.tom.identity, line=line, network=network, protocol="any")

    outcomes = together(own_cast.tom, act)
    assert set(outcomes) <= {"done", "ex_trusted_source_network", "uq_trusted_source_network"}
    assert outcomes.count("done") == 1

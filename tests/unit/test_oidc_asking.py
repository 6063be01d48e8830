"""A provider that somebody else runs costs the portal little, however slow it is and whatever it says."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx2
import pytest

from portal.core import clock
from portal.gateways.oidc import Answer, Client, Trouble, Why
from tests.unit.test_oidc import ISSUER, OWN, World, claims, person, signed

DOCUMENT = "/realm/.well-known/openid-configuration"
OTHER = "https://other.example/realm"


class SlowWorld(World):
    """Does not answer before it is let to."""

    def __init__(self) -> None:
        super().__init__()
        self.let = threading.Event()
        self.waiting = threading.Semaphore(0)

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.waiting.release()
        assert self.let.wait(30)
        return super().handle_request(request)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def client(world: World) -> Client:
    return Client(world)


@pytest.fixture
def slow() -> Iterator[SlowWorld]:
    world = SlowWorld()
    yield world
    world.let.set()


def trouble(client: Client, issuer: str = ISSUER, *, fresh: bool = False) -> Why:
    with pytest.raises(Trouble) as caught:
        client.discover(issuer, fresh=fresh)
    return caught.value.why


def test_a_description_is_fetched_afresh_once_a_minute(world: World, client: Client) -> None:
    for _visitor in range(50):
        client.discover(ISSUER, fresh=True)
    assert world.times(DOCUMENT) == 1
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        client.discover(ISSUER, fresh=True)
    assert world.times(DOCUMENT) == 2


def test_one_that_did_not_answer_is_left_alone_for_a_while(world: World, client: Client) -> None:
    world.statuses[DOCUMENT] = 503
    for fresh in (True, False, True):
        assert trouble(client, fresh=fresh) is Why.DOWN
    assert world.times(DOCUMENT) == 1
    world.statuses.clear()
    with clock.frozen(clock.now() + timedelta(seconds=31)):
        assert client.discover(ISSUER, fresh=True).issuer == ISSUER


def test_what_is_known_of_it_holds_meanwhile(world: World, client: Client) -> None:
    client.discover(ISSUER)
    world.statuses[DOCUMENT] = 503
    with clock.frozen(clock.now() + timedelta(seconds=61)):
        assert trouble(client, fresh=True) is Why.DOWN
        assert client.discover(ISSUER).issuer == ISSUER
        assert person(client).subject == "rita"


def test_whoever_sets_it_up_asks_at_once_and_for_all(world: World, client: Client) -> None:
    world.statuses[DOCUMENT] = 503
    assert trouble(client) is Why.DOWN
    world.statuses.clear()
    assert client.check(ISSUER).issuer == ISSUER
    assert client.discover(ISSUER, fresh=True).issuer == ISSUER
    world.statuses[DOCUMENT] = 503
    with pytest.raises(Trouble):
        client.check(ISSUER)
    assert trouble(client, fresh=True) is Why.DOWN


def test_three_wait_for_a_slow_one_and_no_more(slow: SlowWorld) -> None:
    client = Client(slow)
    with ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(client.discover, ISSUER) for _visitor in range(3)]
        for _visitor in waiting:
            assert slow.waiting.acquire(timeout=10)
        assert trouble(client) is Why.DOWN, "at once"
        pool.submit(trouble, client, OTHER)
        assert slow.waiting.acquire(timeout=10), "another one is asked all the same"
        slow.let.set()
        assert [one.result(10).issuer for one in waiting] == [ISSUER] * 3
    assert client.check(ISSUER).issuer == ISSUER, "there is room again"


def test_those_who_come_back_are_counted_too(slow: SlowWorld) -> None:
    """Its token endpoint may be slow as well."""
    slow.let.set()
    client = Client(slow)
    client.discover(ISSUER)
    assert slow.waiting.acquire(timeout=10)
    slow.let.clear()
    answer = Answer(params={"code": "x"}, back="https://p.example/back", nonce="nonce", verifier="v" * 43)
    with ThreadPoolExecutor(3) as pool:
        waiting = [pool.submit(client.person, OWN, answer) for _visitor in range(3)]
        for _visitor in waiting:
            assert slow.waiting.acquire(timeout=10)
        with pytest.raises(Trouble, match="enough wait"):
            client.person(OWN, answer)
        slow.let.set()
        assert [one.result(10).subject for one in waiting] == ["rita"] * 3
    assert client.person(OWN, answer).subject == "rita", "there is room again"


def test_for_signing_out_nobody_is_asked(world: World, client: Client) -> None:
    assert client.farewell(OWN, back="https://p.example/login") is None
    assert world.asked == []
    client.discover(ISSUER)
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert client.farewell(OWN, back="https://p.example/login") is not None
    assert world.times(DOCUMENT) == 1


# --- what cannot be seen --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", ["x\0y@staff.example", "x@staff.example\r\nBcc: y@evil.example", "x@staff.\u202eexample", "\ud800@staff.example"]
)
def test_an_address_with_something_unseen_in_it_is_none(email: str, world: World, client: Client) -> None:
    world.id_token, world.user = signed(claims(email=None)), {"sub": "rita", "email": email}
    assert person(client).email is None


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("Nora\0 Winter", "Nora Winter"),
        ("  Nora\r\nBcc: y@evil.example ", "Nora Bcc: y@evil.example"),
        ("Nora\u2028\u202eWinter", "Nora Winter"),
        ("\ud800", None),
        (" \t", None),
        ("N" * 3000, "N" * 255),
        ("Zoë Müller-Łuk", "Zoë Müller-Łuk"),
    ],
)
def test_a_name_is_one_line(said: str, name: str | None, world: World, client: Client) -> None:
    world.id_token, world.user = signed(claims(email=None, name=None)), {"sub": "rita", "name": said}
    assert person(client).name == name


def test_a_description_with_something_unseen_in_it_is_none(world: World, client: Client) -> None:
    world.document["issuer"] = f"{ISSUER}\ud800"
    assert trouble(client) is Why.DOCUMENT

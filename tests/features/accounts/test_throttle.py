"""Guessing gets slower and slower; being guessed at does not lock anybody out."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.errors import Refused
from portal.core.tenancy import Scope, Tenant
from portal.features.accounts import operations
from portal.features.accounts.models import SignInTrouble
from portal.features.accounts.rules import ACCOUNT, FORGOTTEN_AFTER, ONE_PERSON, PLACE
from portal.features.resellers.queries import tenant_by_host
from tests.browser import Browser
from tests.cast import PASSWORD, Cast

Browse = Callable[..., Browser]
WRONG = "wrong horse battery staple"
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE, ELSEWHERE = "192.0.2.1", "203.0.113.7"


class Door:
    """Lantern's sign-in, on a clock that stands still until it is told to go on."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self.time = MONDAY
        self.device: str | None = None  # what the last one who got in was given

    def asks(self, name: str, password: str = WRONG, *, at: str = HERE, device: str | None = None) -> timedelta | None:
        """How long to wait before the password is even looked at; None when it was looked at, and was wrong."""
        visit = operations.Visit(
            tenant=self._tenant,
            address=at,
            user_agent="test",
            token_hash=secrets.token_bytes(32),
            until=self.time + timedelta(hours=1),
            device=device,
        )
        with clock.frozen(self.time):
            try:
                self.device = operations.sign_in(visit=visit, username=name, password=password).device
            except Refused as refusal:
                return told(refusal)
        raise Entered

    def waits(self, name: str, password: str = WRONG, *, at: str = HERE, device: str | None = None) -> bool:
        return self.asks(name, password, at=at, device=device) is not None

    def opens(self, name: str, password: str = PASSWORD, *, at: str = HERE, device: str | None = None) -> bool:
        try:
            self.asks(name, password, at=at, device=device)
        except Entered:
            return True
        return False

    def pass_(self, **time: float) -> None:
        self.time += timedelta(**time)

    def fail(self, name: str, times: int, *, at: str | None = HERE) -> None:
        """Fails so often that it counts, however long that takes; at=None: each time from somewhere else."""
        for number in range(times):
            while (wait := self.asks(name, at=at or address(number))) is not None:
                self.time += wait


class Entered(Exception):  # noqa: N818
    """Somebody got in."""


def told(refusal: Refused) -> timedelta | None:
    if refusal.code == "sign-in-failed":
        return None
    wait = refusal.facts["wait"]
    assert isinstance(wait, timedelta)
    assert wait > timedelta(0)
    return wait


def address(number: int) -> str:
    return f"198.51.{number // 250}.{number % 250 + 1}"


@pytest.fixture
def door(cast: Cast) -> Door:
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None
    return Door(tenant)


# --- one person at one place -------------------------------------------------------------------------------------------------


def test_the_first_mistakes_cost_nothing(door: Door) -> None:
    assert [door.waits("alice") for _ in range(ONE_PERSON.free + 1)] == [False] * 5
    assert door.waits("alice")
    assert door.asks("alice") == timedelta(seconds=2)


def test_then_the_wait_doubles_up_to_a_quarter_of_an_hour(door: Door) -> None:
    door.fail("alice", ONE_PERSON.free)
    for seconds in (2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900):
        assert not door.waits("alice")
        door.pass_(seconds=seconds - 1)
        assert door.waits("alice"), f"{seconds} s"
        door.pass_(seconds=1)
    assert not door.waits("alice")


def test_waiting_is_not_made_longer_by_trying(door: Door) -> None:
    door.fail("alice", ONE_PERSON.free + 1)
    assert all(door.waits("alice") for _ in range(20))
    door.pass_(seconds=2)
    assert door.opens("alice", PASSWORD)


def test_not_even_the_right_password_enters_while_waiting(door: Door) -> None:
    door.fail("alice", ONE_PERSON.free + 1)
    assert door.waits("alice", PASSWORD)


def test_a_success_forgets(door: Door) -> None:
    door.fail("alice", ONE_PERSON.free)
    assert door.opens("alice", PASSWORD)
    assert [door.waits("alice") for _ in range(ONE_PERSON.free + 1)] == [False] * 5
    assert door.waits("alice")


def test_an_hour_of_peace_forgets(door: Door) -> None:
    door.fail("alice", ONE_PERSON.free + 2)
    door.pass_(seconds=FORGOTTEN_AFTER.total_seconds())
    assert [door.waits("alice") for _ in range(ONE_PERSON.free + 1)] == [False] * 5


def test_names_that_mean_one_person_count_as_one(door: Door) -> None:
    names = ["alice", "ALICE", " alice ", "alice@lantern.telephone.example", "Alice@LANTERN.telephone.example"]
    assert [door.waits(name) for name in names] == [False] * 5
    assert all(door.waits(name) for name in names)
    assert not door.waits("bob")


def test_unknown_names_are_slowed_like_known_ones(door: Door) -> None:
    assert [door.waits("nobody") for _ in range(7)] == [door.waits("alice") for _ in range(7)]


# --- the name, and the place -------------------------------------------------------------------------------------------------


def test_many_places_guessing_at_one_account_wait_half_a_minute_at_most(door: Door) -> None:
    door.fail("alice", ACCOUNT.free + 10, at=None)
    assert door.waits("alice", at=address(3))
    door.pass_(seconds=30)
    assert not door.waits("alice", at=address(3))


def test_whoever_is_guessed_at_still_gets_in_from_a_quiet_place(door: Door) -> None:
    door.fail("alice", ACCOUNT.free + 10, at=None)
    assert door.waits("alice", at=address(3))
    assert door.opens("alice", PASSWORD, at="203.0.113.7")


def test_one_place_guessing_at_many_accounts_is_slowed(door: Door) -> None:
    for number in range(PLACE.free):
        assert not door.waits(f"name{number}")
    door.fail("another", 5)
    assert door.waits("yet-another")
    assert not door.waits("yet-another", at="192.0.2.2")


def test_a_success_of_ones_own_frees_no_guesser(door: Door) -> None:
    """Whoever has an account could else wipe the slate clean between guesses at others."""
    for number in range(PLACE.free):
        if number % 5 == 0:
            assert door.opens("bob", PASSWORD)
        assert not door.waits(f"name{number}")
    assert not door.waits("one-more")
    assert door.waits("two-more")


def test_a_busy_office_is_not_slowed_by_its_successes(door: Door) -> None:
    assert all(door.opens("bob", PASSWORD) for _ in range(PLACE.free + 2))
    assert door.opens("alice", PASSWORD)


def test_a_whole_ipv6_network_is_one_place(door: Door) -> None:
    for number in range(ONE_PERSON.free + 1):
        assert not door.waits("alice", at=f"2001:db8:1:2::{number + 1:x}")
    assert door.waits("alice", at="2001:db8:1:2:ffff::1")
    assert not door.waits("alice", at="2001:db8:1:3::1")


def far_and_wide(number: int) -> str:
    """From another network of 2⁶⁴ addresses each time, all out of one that anybody can have."""
    return f"2001:db8:1:{number:x}::1"


def test_whoever_has_many_ipv6_networks_is_slowed_too(door: Door) -> None:
    waits = [door.waits("alice", at=far_and_wide(number)) for number in range(300)]
    assert waits == [False] * (PLACE.free + 1) + [True] * (299 - PLACE.free)
    assert door.waits("bob", at=far_and_wide(300)), "at whomever"
    assert not door.waits("alice", at="2001:db8:2::1"), "others are not kept waiting"
    door.pass_(seconds=30)
    assert not door.waits("alice", at=far_and_wide(301))


def test_ones_own_device_does_not_wait_for_the_neighbours(door: Door) -> None:
    assert door.opens("alice", at=far_and_wide(0))
    own = door.device
    for number in range(1, PLACE.free + 3):
        door.waits("bob", at=far_and_wide(number))
    assert door.waits("alice", PASSWORD, at=far_and_wide(0))
    assert door.opens("alice", PASSWORD, at=far_and_wide(0), device=own)


def test_a_busy_ipv6_network_is_not_slowed_by_its_successes(door: Door) -> None:
    assert all(door.opens("bob", PASSWORD, at=far_and_wide(number)) for number in range(PLACE.free + 3))


def test_asking_for_links_is_slowed_there_too(cast: Cast) -> None:
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None

    def ask(number: int, at: str) -> None:
        with db.unit_of_work(tenant.scope):
            operations.ask_for_reset(tenant=tenant, username=f"name{number}", address=at)

    with clock.frozen(MONDAY):
        for number in range(PLACE.free + 1):
            ask(number, far_and_wide(number))
        with pytest.raises(Refused, match="sign-in-wait"):
            ask(100, far_and_wide(100))
        ask(101, "2001:db8:2::1")


# --- known devices -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def own(door: Door) -> str:
    """What alice's browser was given when she signed in with it."""
    assert door.opens("alice")
    assert door.device is not None
    return door.device


def test_nobody_can_keep_somebody_else_out(door: Door, own: str) -> None:
    """Neither by guessing from the same place, nor from everywhere, nor for however long."""
    door.fail("alice", ONE_PERSON.free + 12)
    door.fail("alice", ACCOUNT.free + 5, at=None)
    assert door.waits("alice", PASSWORD)
    assert door.opens("alice", PASSWORD, device=own)


def test_a_known_device_guesses_no_faster(door: Door, own: str) -> None:
    assert [door.waits("alice", device=own) for _ in range(ONE_PERSON.free + 1)] == [False] * 5
    assert door.waits("alice", device=own)
    assert door.waits("alice", PASSWORD, device=own)


def test_a_device_is_known_for_one_person_only(door: Door, own: str) -> None:
    door.fail("bob", ONE_PERSON.free + 1)
    assert door.waits("bob", PASSWORD, device=own)


@pytest.mark.parametrize("forged", ["", "x", "x.y", "ä", ".", "nonce." + "0" * 64])
def test_a_made_up_device_is_a_stranger(door: Door, forged: str) -> None:
    door.fail("alice", ONE_PERSON.free + 1)
    assert door.waits("alice", PASSWORD, device=forged)


def test_a_browser_stays_known_after_signing_out(cast: Cast, browse: Browse) -> None:
    own, stranger = browse(host="lantern.localhost"), browse(host="lantern.localhost")
    right, wrong = ({"username": "alice", "password": password} for password in (PASSWORD, WRONG))
    with clock.frozen(MONDAY):
        own.post("/login", right)
        own.post("/logout")
        assert own.get("/account").headers["Location"] == "/login?next=/account", "being known opens nothing"
        answers = [stranger.post("/login", wrong) for _ in range(ONE_PERSON.free + 2)]
        assert "Too many attempts. Try again in 2 seconds." in answers[-1].text
        assert stranger.post("/login", right).status_code == 422
        assert own.post("/login", right).status_code == 303


# --- many at once -------------------------------------------------------------------------------------------------------------


def test_attempts_at_the_same_moment_gain_nothing(own_database: db.Database, own_cast: Cast) -> None:
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None
    with ThreadPoolExecutor(4) as pool:
        slowed = list(pool.map(lambda _number: Door(tenant).waits("alice"), range(8)))
    assert slowed.count(False) == ONE_PERSON.free + 1


def counters() -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(SignInTrouble)) or 0


def test_what_is_forgotten_is_cleared_away(door: Door) -> None:
    for number in range(20):
        door.waits(f"made-up-{number}", at=address(number))
    assert counters() == 60
    door.pass_(hours=2)
    assert door.opens("alice")
    assert counters() == 1


def test_no_name_and_no_address_is_kept_in_clear(door: Door) -> None:
    door.waits("alice")
    with db.unit_of_work(Scope.platform()) as session:
        keys = session.scalars(select(SignInTrouble.key)).all()
    assert [len(key) for key in keys] == [32, 32, 32]


# --- the current password -----------------------------------------------------------------------------------------------------


def test_an_open_browser_does_not_let_the_password_be_guessed(own_cast: Cast, browse: Browse) -> None:
    alice = browse(own_cast.alice)
    form = {"current": WRONG, "password": "korb fahrrad mond 17", "repeat": "korb fahrrad mond 17"}
    with clock.frozen(clock.now()):
        answers = [alice.post("/account/password", form).text for _ in range(ONE_PERSON.free + 2)]
        right = alice.post("/account/password", {**form, "current": PASSWORD})
    assert ["This is not your current password." in text for text in answers] == [True] * 5 + [False]
    assert "Too many attempts." in answers[-1]
    assert right.status_code == 422

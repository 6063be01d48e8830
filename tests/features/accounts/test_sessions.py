"""When a session ends, and what it is bound to."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope, Tenant
from portal.features.accounts import operations, queries
from portal.features.accounts.models import Account, AccountSession, Method
from portal.features.accounts.operations import entering
from portal.features.resellers.queries import tenant_by_host
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person

Browse = Callable[..., Browser]
NEW = "korb fahrrad mond 17"


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Browser:
    visitor = browse(host="lantern.localhost")
    visitor.post("/login", {"username": "alice", "password": PASSWORD})
    assert is_in(visitor)
    return visitor


def is_in(visitor: Browser) -> bool:
    return visitor.get("/account").status_code == 200


def kept() -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(AccountSession)) or 0


def account_of(person: Person) -> Account:
    return db.session().get_one(Account, person.account.id)


# --- time ---------------------------------------------------------------------------------------------------------------------


def test_it_ends_after_half_an_hour_without_use(alice: Browser) -> None:
    now = clock.now()
    with clock.frozen(now + timedelta(minutes=29)):
        assert is_in(alice)
    with clock.frozen(now + timedelta(minutes=58)):
        assert is_in(alice), "use keeps it alive"
    with clock.frozen(now + timedelta(minutes=89)):
        assert not is_in(alice)
    with clock.frozen(now):
        assert is_in(alice), "ended by time alone, nothing was deleted"


def test_it_ends_after_twelve_hours_whatever_is_done(alice: Browser) -> None:
    now = clock.now()
    for minutes in range(0, 12 * 60, 20):
        with clock.frozen(now + timedelta(minutes=minutes)):
            assert is_in(alice)
    with clock.frozen(now + timedelta(hours=12, seconds=1)):
        assert not is_in(alice)


def test_its_last_use_is_noted_at_most_once_a_minute(alice: Browser) -> None:
    now = clock.now()

    def noted() -> float:
        with db.unit_of_work(Scope.platform()) as session:
            return (session.scalars(select(AccountSession.last_seen_at)).one() - now).total_seconds()

    for seconds, seen in ((30, 0), (59, 0), (90, 90), (140, 90), (151, 151)):
        with clock.frozen(now + timedelta(seconds=seconds)):
            assert is_in(alice)
        assert round(noted()) == seen


def test_sessions_that_are_over_are_cleared_away_at_the_next_sign_in(alice: Browser, browse: Browse) -> None:
    browse(host="lantern.localhost").post("/login", {"username": "alice", "password": PASSWORD})
    assert kept() == 2
    with clock.frozen(clock.now() + timedelta(hours=13)):
        browse(host="lantern.localhost").post("/login", {"username": "alice", "password": PASSWORD})
    assert kept() == 1


# --- signing out --------------------------------------------------------------------------------------------------------------


def test_signing_out_ends_it_for_good(alice: Browser, browse: Browse) -> None:
    cookie = alice.client.get_cookie("session", domain="lantern.localhost")
    assert cookie is not None
    answer = alice.post("/logout")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/login")
    assert alice.client.get_cookie("session", domain="lantern.localhost") is None
    assert kept() == 0
    thief = browse(host="lantern.localhost")
    thief.client.set_cookie("session", cookie.value, domain="lantern.localhost")
    assert not is_in(thief)
    with db.unit_of_work(Scope.platform()) as session:
        assert Event.SIGNED_OUT in session.scalars(select(AuditEntry.event)).all()


def test_signing_out_ends_this_browser_only(alice: Browser, cast: Cast, browse: Browse) -> None:
    other = browse(cast.alice)
    alice.post("/logout")
    assert is_in(other)


def test_signing_out_twice_is_no_mistake(alice: Browser) -> None:
    alice.post("/logout")
    assert alice.post("/logout").headers["Location"] == "/login"


def test_nobody_is_signed_out_by_a_link(alice: Browser) -> None:
    assert alice.get("/logout").status_code == 405
    assert is_in(alice)


# --- what ends it from outside --------------------------------------------------------------------------------------------------


ENDS: dict[str, Callable[[Cast], None]] = {
    "lock": lambda cast: operations.close_door(account_of(cast.alice)),
    "termination": lambda cast: operations.terminate(account_of(cast.alice)),
    "a password set by the pilot": lambda cast: operations.set_password(
        by=cast.clare.identity,
        account=account_of(cast.alice),
        password=NEW,
    ),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_it_ends_with(end: Callable[[Cast], None], alice: Browser, cast: Cast, browse: Browse) -> None:
    clare = browse(cast.clare)
    with db.unit_of_work(cast.clare.scope):
        end(cast)
    assert not is_in(alice)
    assert is_in(clare), "nobody else is touched"
    assert kept() == 1


def test_a_lifted_lock_does_not_bring_it_back(alice: Browser, cast: Cast) -> None:
    with db.unit_of_work(cast.clare.scope):
        operations.close_door(account_of(cast.alice))
    with db.unit_of_work(cast.clare.scope):
        operations.open_door(account_of(cast.alice))
    assert not is_in(alice)


def test_changing_ones_password_ends_all_others(alice: Browser, cast: Cast, browse: Browse) -> None:
    other = browse(cast.alice)
    answer = alice.post("/account/password", {"current": PASSWORD, "password": NEW, "repeat": NEW})
    assert answer.status_code == 303
    assert is_in(alice)
    assert not is_in(other)


def visit(tenant: Tenant, number: int = 1) -> operations.Visit:
    return operations.Visit(
        tenant=tenant,
        address=f"192.0.2.{number}",
        user_agent="test",
        token_hash=bytes([number]) * 32,
        until=clock.now() + timedelta(hours=1),
    )


def test_a_sign_in_that_loses_the_race_against_a_new_password_opens_nothing(own_database: db.Database, own_cast: Cast) -> None:
    """The old password was looked at, then changed by its owner, then the session was to be opened."""
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None
    with db.unit_of_work(tenant.scope):
        account = queries.by_sign_in_name(tenant, "alice")
        assert account is not None
        assert account.password_hash
        with db.unit_of_work(own_cast.clare.scope):
            operations.set_password(by=own_cast.clare.identity, account=account_of(own_cast.alice), password=NEW)
        entered = entering._open(visit(tenant), account, Method.PASSWORD, verified=account.password_hash)
    assert entered is None
    assert kept() == 0


def test_two_sign_ins_at_the_same_moment_both_succeed(own_database: db.Database, own_cast: Cast) -> None:
    """Neither counts as a change of the account, so neither is in the other's way."""
    tenant, together = tenant_by_host("lantern.localhost"), threading.Barrier(4)
    assert tenant is not None

    def enter(number: int) -> str | None:
        together.wait(20)
        return operations.sign_in(visit=visit(tenant, number), username="alice", password=PASSWORD).device

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(enter, range(4)))) == 4
    assert kept() == 4


# --- a new password is owed -----------------------------------------------------------------------------------------------------


@pytest.fixture
def owing(cast: Cast, browse: Browse) -> Browser:
    with db.unit_of_work(cast.clare.scope):
        operations.set_password(by=cast.clare.identity, account=account_of(cast.alice), password=NEW)
    visitor = browse(host="lantern.localhost")
    assert visitor.post("/login", {"username": "alice", "password": NEW}).status_code == 303
    return visitor


def test_who_was_given_a_password_must_choose_another_first(owing: Browser) -> None:
    for path in ("/", "/account", "/account/password", "/extensions"):
        assert owing.get(path).headers["Location"] == "/new-password"
    page = owing.get("/new-password")
    assert page.status_code == 200
    assert "<nav" not in page.text or "Extensions" not in page.text


@pytest.mark.parametrize(
    ("password", "repeat", "sentence"),
    [
        (NEW, NEW, "This is the password that you have now."),
        ("mond fahrrad korb 99", "mond fahrrad korb 98", "The two passwords are not the same."),
        ("short", "short", "Use at least 12 characters."),
        ("aaaaaaaaaaaaaa", "aaaaaaaaaaaaaa", "This password is easy to guess."),
        ("", "", "Please fill this in."),
    ],
)
def test_not_every_password_will_do(owing: Browser, password: str, repeat: str, sentence: str) -> None:
    page = owing.post("/new-password", {"password": password, "repeat": repeat})
    assert page.status_code == 422
    assert sentence in page.text
    assert password == "" or f'value="{password}"' not in page.text
    assert owing.get("/").headers["Location"] == "/new-password"


def test_with_an_own_password_the_way_is_free(owing: Browser, browse: Browse) -> None:
    assert (
        owing.post("/new-password", {"password": "mond fahrrad korb 99", "repeat": "mond fahrrad korb 99"}).headers["Location"]
        == "/"
    )
    assert is_in(owing)
    assert owing.get("/new-password").headers["Location"] == "/account"
    again = browse(host="lantern.localhost")
    again.post("/login", {"username": "alice", "password": "mond fahrrad korb 99"})
    assert is_in(again)


def test_who_owes_nothing_changes_no_password_without_the_current_one(alice: Browser, browse: Browse) -> None:
    alice.post("/new-password", {"password": "mond fahrrad korb 99", "repeat": "mond fahrrad korb 99"})
    visitor = browse(host="lantern.localhost")
    assert visitor.post("/login", {"username": "alice", "password": "mond fahrrad korb 99"}).status_code == 422

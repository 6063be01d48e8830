"""The authenticator app: set up, asked for, removed."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from urllib.parse import quote

import pyotp
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from portal.core import clock, db
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts import operations, rules
from portal.features.accounts.models import Authenticator, RecoveryCode
from portal.web.qr import qr_code
from tests.browser import Browser
from tests.cast import Cast
from tests.features.accounts import factors
from tests.features.accounts.factors import CODE, KEY, give_app, seed_of, shown, type_code, type_password

Browse = Callable[..., Browser]


def count(table: type[Authenticator | RecoveryCode]) -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# --- setting it up ------------------------------------------------------------------------------------------------------------


def test_from_the_account_page_to_ten_recovery_codes(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    assert "/account/authenticator" in alice.get("/account").text
    page = alice.get("/account/authenticator")
    assert KEY.search(page.text) is None
    assert count(Authenticator) == 0, "looking changes nothing"

    page = alice.follow(alice.post("/account/authenticator/begin"))
    key = KEY.findall(page.text)[0]
    assert key.replace(" ", "") == seed_of(cast.alice)
    assert KEY.findall(alice.get("/account/authenticator").text) == [key], "looking again shows the same one"

    page = alice.follow(alice.post("/account/authenticator", {"code": shown(seed_of(cast.alice))}))
    codes = set(CODE.findall(page.text))
    assert len(codes) == rules.RECOVERY_CODES
    assert page.headers["Cache-Control"] == "no-store"
    again = alice.get("/account/recovery-codes").text
    assert not CODE.findall(again)
    assert "10 recovery codes are left" in again
    account = alice.get("/account").text
    assert "In use" in account
    assert "10 left" in account
    assert factors.events(cast.alice) == ["totp-added", "recovery-codes-made"]
    assert factors.mails(cast.alice) == ["An authenticator app was set up"]


def test_it_counts_for_nothing_before_its_first_code(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    alice.post("/account/authenticator/begin")
    answer = alice.post("/account/authenticator", {"code": "000000"})
    assert answer.status_code == 422
    assert "This code is not right" in answer.text
    visitor = browse(host=cast.alice.host)
    entered = visitor.post("/login", {"username": "alice", "password": "lantern-demo-2026"})
    assert entered.headers["Location"] == "/"


def test_begun_again_the_key_is_another(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    keys = []
    for _ in range(2):
        alice.post("/account/authenticator/begin")
        keys.append(seed_of(cast.alice))
    assert keys[0] != keys[1]
    assert alice.post("/account/authenticator", {"code": shown(keys[0])}).status_code == 422
    assert alice.post("/account/authenticator", {"code": shown(keys[1])}).status_code == 303


def test_one_that_counts_is_not_replaced_by_beginning_again(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    alice = browse(cast.alice)
    page = alice.follow(alice.post("/account/authenticator/begin"))
    assert KEY.search(page.text) is None
    assert "Remove the app" in page.text
    assert seed_of(cast.alice) == seed
    assert alice.post("/account/authenticator", {"code": shown(seed)}).status_code == 422


@pytest.mark.parametrize(
    ("person", "brand", "name"),
    [
        ("alice", "TelephOne", "alice@lantern.telephone.example"),
        ("charlie", "Cheap Call", "charlie@cheapcall.example"),
        ("olga", "Isar Telecom", "olga@isar.example"),
    ],
)
def test_the_app_shows_the_brand_and_the_sign_in_name(cast: Cast, browse: Browse, person: str, brand: str, name: str) -> None:
    browser = browse(cast.people[person])
    page = browser.follow(browser.post("/account/authenticator/begin")).text
    seed = seed_of(cast.people[person])
    scanned = f"otpauth://totp/{quote(brand)}:{quote(name)}?secret={seed}&issuer={quote(brand)}"
    assert str(qr_code(scanned)) in page
    for other in {"TelephOne", "Cheap Call", "Isar Telecom"} - {brand}:
        assert other not in page


def test_the_seed_is_unreadable_in_the_table(cast: Cast) -> None:
    seed, codes = give_app(cast.alice)
    with db.unit_of_work(Scope.platform()) as session:
        tables = ("authenticator", "recovery_code", "audit_entry", "mail")
        rows = [session.execute(text(f"SELECT row_to_json(t) FROM {table} t")).scalars().all() for table in tables]
    stored = json.dumps(rows, default=str)
    assert seed not in stored
    for code in codes:
        assert code not in stored
        assert code.replace("-", "") not in stored


# --- asked for ----------------------------------------------------------------------------------------------------------------


def test_after_the_password_the_code_is_asked_for(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    type_password(visitor, cast.alice, goal="?next=/calls?page=2")
    half = visitor.client.get_cookie("session", domain=visitor.host)
    page = visitor.get("/second-factor?next=/calls?page=2")
    assert "Second step" in page.text
    answer = visitor.post("/second-factor?next=/calls%3Fpage%3D2", {"code": shown(seed)})
    assert answer.headers["Location"] == "/calls?page=2"
    whole = visitor.client.get_cookie("session", domain=visitor.host)
    assert half is not None
    assert whole is not None
    assert half.value != whole.value, "a new id"
    assert visitor.get("/account").status_code == 200
    assert [one.method for one in factors.sessions(cast.alice)] == ["totp"]
    assert factors.events(cast.alice)[-1] == "signed-in"


@pytest.mark.parametrize("goal", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_it_goes_on_to_own_pages_only(cast: Cast, browse: Browse, goal: str) -> None:
    seed, _codes = give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    type_password(visitor, cast.alice)
    answer = visitor.post(f"/second-factor?next={quote(goal)}", {"code": shown(seed)})
    assert answer.headers["Location"] == "/"


def test_the_half_session_is_gone_afterwards(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    type_password(visitor, cast.alice)
    old = visitor.client.get_cookie("session", domain=visitor.host)
    type_code(visitor, shown(seed))
    assert old
    visitor.client.set_cookie("session", old.value, domain=visitor.host)
    assert visitor.get("/second-factor").headers["Location"] == "/login"


def test_a_code_counts_once(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    with clock.frozen(clock.now()):
        first, second = browse(host=cast.alice.host), browse(host=cast.alice.host)
        for visitor in (first, second):
            type_password(visitor, cast.alice)
        assert type_code(first, shown(seed)) == 303
        answer = second.post("/second-factor", {"code": shown(seed)})
        assert answer.status_code == 422
        assert "has been used already" in answer.text
    with clock.frozen(clock.now() + factors.wait_a_step()):
        assert type_code(second, shown(seed)) == 303


def test_the_code_that_set_it_up_does_not_sign_in(cast: Cast, browse: Browse) -> None:
    with clock.frozen(clock.now()):
        seed, _codes = give_app(cast.alice, ago=timedelta(0))
        visitor = browse(host=cast.alice.host)
        type_password(visitor, cast.alice)
        assert type_code(visitor, shown(seed)) == 422


@pytest.mark.parametrize("steps", [-1, 1])
def test_a_clock_that_is_a_little_off_signs_in(cast: Cast, browse: Browse, steps: int) -> None:
    seed, _codes = give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    with clock.frozen(clock.now()):
        type_password(visitor, cast.alice)
        assert type_code(visitor, shown(seed, clock.now() + steps * factors.wait_a_step())) == 303


def test_a_clock_that_is_off_is_told_so(cast: Cast, browse: Browse) -> None:
    seed, _codes = give_app(cast.alice)
    visitor = browse(host=cast.alice.host)
    with clock.frozen(clock.now()):
        type_password(visitor, cast.alice)
        answer = visitor.post("/second-factor", {"code": shown(seed, clock.now() - 4 * factors.wait_a_step())})
    assert answer.status_code == 422
    assert "set the clock of your phone to automatic" in answer.text


def test_two_browsers_with_one_code_at_the_same_time(own_cast: Cast) -> None:
    seed, _codes = give_app(own_cast.alice)
    code = shown(seed)

    def attempt(_: int) -> str:
        try:
            with db.unit_of_work(own_cast.alice.scope):
                operations.pass_totp(by=own_cast.alice.identity, code=code)
        except Refused as refusal:
            return refusal.code
        return "passed"

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(attempt, range(4)))
    assert answers == ["code-used", "code-used", "code-used", "passed"]


def test_wrong_codes_slow_down_and_are_traced(own_cast: Cast, app: Flask) -> None:
    seed, _codes = give_app(own_cast.alice)
    visitor = Browser(app, own_cast.alice.host)
    now = clock.now()
    with clock.frozen(now):
        type_password(visitor, own_cast.alice)
        wrong = "000000" if shown(seed) != "000000" else "111111"
        statuses = [visitor.post("/second-factor", {"code": wrong}) for _ in range(6)]
        assert all(answer.status_code == 422 for answer in statuses)
        assert "This code is not right" in statuses[4].text
        assert "Too many attempts. Try again in" in statuses[5].text
        assert type_code(visitor, shown(seed)) == 422, "nor is the right one looked at now"
    with clock.frozen(now + timedelta(minutes=2)):
        assert type_code(visitor, shown(seed)) == 303
    assert factors.events(own_cast.alice).count("factor-failed") == 5


def test_guessing_locks_nobody_out_for_ever(own_cast: Cast, app: Flask) -> None:
    seed, _codes = give_app(own_cast.alice)
    now = clock.now()
    for minute in range(0, 600, 10):
        with clock.frozen(now + timedelta(minutes=minute)), db.unit_of_work(own_cast.alice.scope), pytest.raises(Refused):
            operations.pass_totp(by=own_cast.alice.identity, code="x")
    visitor = Browser(app, own_cast.alice.host)
    with clock.frozen(now + timedelta(minutes=590 + 16)):
        type_password(visitor, own_cast.alice)
        assert type_code(visitor, shown(seed)) == 303


def test_what_others_use_is_not_asked_of_whoever_has_none(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    visitor = browse(host=cast.bob.host)
    answer = visitor.post("/login", {"username": "bob", "password": "lantern-demo-2026"})
    assert answer.headers["Location"] == "/"


# --- removed ------------------------------------------------------------------------------------------------------------------


def test_removed_the_password_alone_signs_in(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    alice = browse(cast.alice)
    assert "your password alone" in alice.get("/account/authenticator/remove").text
    alice.follow(alice.post("/account/authenticator/remove"))
    assert (count(Authenticator), count(RecoveryCode)) == (0, 0), "the recovery codes end with the last factor"
    visitor = browse(host=cast.alice.host)
    answer = visitor.post("/login", {"username": "alice", "password": "lantern-demo-2026"})
    assert answer.headers["Location"] == "/"
    assert factors.events(cast.alice)[2] == "totp-removed"
    assert "Your authenticator app was removed" in factors.mails(cast.alice)


def test_beside_a_passkey_the_recovery_codes_stay(cast: Cast, browse: Browse) -> None:
    give_app(cast.alice)
    factors.give_passkey(cast.alice, cast.alice.host)
    alice = browse(cast.alice)
    assert "Your passkeys stay" in alice.get("/account/authenticator/remove").text
    alice.post("/account/authenticator/remove")
    assert (count(Authenticator), count(RecoveryCode)) == (0, 10)


def test_what_is_not_there_is_not_removed(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    alice.post("/account/authenticator/begin")
    assert alice.post("/account/authenticator/remove").status_code == 422
    assert count(Authenticator) == 1


def test_pyotp_reads_what_is_shown(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    page = alice.follow(alice.post("/account/authenticator/begin")).text
    key = KEY.findall(page)[0].replace(" ", "")
    assert alice.post("/account/authenticator", {"code": pyotp.TOTP(key).at(clock.now())}).status_code == 303

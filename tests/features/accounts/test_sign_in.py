"""Signing in: who gets in, and what those who do not are told."""

import re
from collections.abc import Callable
from itertools import groupby

import pytest
from argon2 import PasswordHasher
from sqlalchemy import event, func, select, update
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, AccountSession, Status
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.house.test_isolation import bare

Browse = Callable[..., Browser]
TOUCHED = re.compile(r"^\w+|(?:FROM|INTO|UPDATE) \w+")  # what a statement does, and to which tables
WRONG = "wrong horse battery staple"


def tried(browse: Browse, name: str, password: str = PASSWORD, host: str = "lantern.localhost") -> Browser:
    visitor = browse(host=host)
    visitor.post("/login", {"username": name, "password": password})
    return visitor


def is_in(visitor: Browser) -> bool:
    return visitor.get("/account").status_code == 200


def cookies(response: TestResponse) -> list[str]:
    return [line.partition("=")[0] for line in response.headers.getlist("Set-Cookie")]


def change(person: Person, **values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(**values))


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("alice", "lantern.localhost"),
        ("alice@lantern.telephone.example", "lantern.localhost"),
        (" ALICE ", "lantern.localhost"),
        ("Alice@Lantern.Telephone.EXAMPLE", "telephone.localhost"),
        ("clare", "lantern.localhost"),
        ("ike", "telephone.localhost"),
        ("ike@telephone.example", "lantern.localhost"),
        ("charlie", "cheapcall.localhost"),
        ("tom@telephone.example", "telephone.localhost"),
        ("tom@telephone.example", "lantern.localhost"),
        ("TOM@telephone.example", "telephone.localhost"),
        ("olga@isar.example", "isar.localhost"),
        ("alice", "lantern.telephone.example"),
    ],
)
def test_everybody_gets_in_at_their_hosts(cast: Cast, browse: Browse, name: str, host: str) -> None:
    assert is_in(tried(browse, name, host=host))


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("alice", "telephone.localhost"),  # a bare name belongs to the host's own domain
        ("alice", "cheapcall.localhost"),
        ("alice@lantern.telephone.example", "cheapcall.localhost"),
        ("charlie@cheapcall.example", "lantern.localhost"),
        ("rita@cheapcall.example", "telephone.localhost"),
        ("tom@telephone.example", "isar.localhost"),
        ("olga@isar.example", "telephone.localhost"),
        ("olga@isar.example", "cheapcall.localhost"),
        ("tom", "telephone.localhost"),
        ("@lantern.telephone.example", "lantern.localhost"),
        ("alice@nowhere.example", "lantern.localhost"),
        ("alice@lantern.telephone.example.", "lantern.localhost"),
        ("alice%", "lantern.localhost"),
        ("Alice Meier", "lantern.localhost"),
        ("alice' OR '1'='1", "lantern.localhost"),
    ],
)
def test_the_right_password_at_the_wrong_door_opens_nothing(cast: Cast, browse: Browse, name: str, host: str) -> None:
    assert not is_in(tried(browse, name, host=host))


def test_the_goal_is_reached_after_signing_in(cast: Cast, browse: Browse) -> None:
    visitor = browse(host="lantern.localhost")
    to_sign_in = visitor.get("/account/display")
    answer = visitor.post(to_sign_in.headers["Location"], {"username": "alice", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/account/display")


# --- those who do not get in -----------------------------------------------------------------------------------------------


@pytest.fixture
def failures(cast: Cast) -> dict[str, tuple[str, str]]:
    """Name and password of every way not to get in."""
    change(cast.bob, status=Status.LOCKED.value)
    change(cast.carol, password_hash=None)
    change(cast.clare, status=Status.TERMINATED.value)
    return {
        "unknown": ("nobody", PASSWORD),
        "unknown domain": ("alice@nowhere.example", PASSWORD),
        "wrong password": ("alice", WRONG),
        "other tenant’s": ("charlie@cheapcall.example", PASSWORD),
        "other tenant’s staff": ("rita@cheapcall.example", PASSWORD),
        "locked": ("bob", PASSWORD),
        "locked, wrong password": ("bob", WRONG),
        "without password": ("carol", PASSWORD),
        "terminated": ("clare", PASSWORD),
    }


def test_all_failures_look_the_same(failures: dict[str, tuple[str, str]], browse: Browse) -> None:
    answers = {}
    for way, (name, password) in failures.items():
        visitor = browse(host="lantern.localhost")
        response = visitor.post("/login", {"username": name, "password": password})
        headers = {key: value for key, value in response.headers if key not in {"Set-Cookie", "Content-Length"}}
        shown = bare(response, {"name": name})
        answers[way] = (response.status_code, headers, shown, cookies(response))
        assert "User name or password is not right." in response.text
    same = answers["unknown"]
    assert {way: answer for way, answer in answers.items() if answer != same} == {}
    assert same[0] == 422


def test_all_failures_ask_the_database_the_same(
    failures: dict[str, tuple[str, str]], browse: Browse, database: db.Database
) -> None:
    """Time cannot be tested, but what costs time can: the statements, one hash, and the trace are the same for all."""
    tried(browse, "somebody", WRONG)  # the first entry of all begins the chain of the audit log
    asked: dict[str, list[str]] = {}
    for way, (name, password) in failures.items():
        visitor = browse(host="lantern.localhost")
        visitor.token()
        heard: list[str] = []

        def hear(_connection: object, _cursor: object, statement: str, *_more: object, heard: list[str] = heard) -> None:
            heard.append(" ".join(TOUCHED.findall(statement)))

        event.listen(database.bind, "before_cursor_execute", hear)
        visitor.post("/login", {"username": name, "password": password})
        event.remove(database.bind, "before_cursor_execute", hear)
        asked[way] = [statement for statement, _again in groupby(heard)]
    domains = {way for way, (name, _password) in failures.items() if "@" in name}
    with_domain, without = ({tuple(asked[way]) for way in failures if (way in domains) == named} for named in (True, False))
    assert len(with_domain) == 1
    assert len(without) == 1
    assert "INSERT INTO audit_entry" in next(iter(with_domain))


def test_a_failure_leaves_a_trace_that_holds_no_password_typed_as_name(cast: Cast, browse: Browse) -> None:
    tried(browse, "alice", WRONG)
    tried(browse, "my-secret-passphrase", WRONG)
    with db.unit_of_work(Scope.platform()) as session:
        wanted = select(AuditEntry.__table__).where(AuditEntry.event == Event.SIGN_IN_FAILED).order_by(AuditEntry.id)
        known, unknown = session.execute(wanted).all()
    alice = cast.alice.account.public_id
    assert (known.subject, known.label, known.customer_id, known.address) == (alice, "Alice Meier", cast.lantern.id, "127.0.0.1")
    assert (unknown.subject, unknown.actor_name, unknown.address) == (None, "?", "127.0.0.1")
    assert WRONG not in f"{known} {unknown}"
    assert "my-secret-passphrase" not in f"{known} {unknown}"


@pytest.mark.parametrize(
    ("name", "password"), [("", ""), ("alice", ""), ("", PASSWORD), ("x" * 300, PASSWORD), ("alice", "x" * 2000)]
)
def test_half_a_form_says_what_is_missing(cast: Cast, browse: Browse, name: str, password: str) -> None:
    response = browse(host="lantern.localhost").post("/login", {"username": name, "password": password})
    assert response.status_code == 422
    assert "User name or password is not right." not in response.text
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0


# --- what a sign-in leaves ----------------------------------------------------------------------------------------------------


def test_a_sign_in_is_written_down(cast: Cast, browse: Browse) -> None:
    at = clock.now()
    with clock.frozen(at):
        assert is_in(tried(browse, "alice"))
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.scalars(select(AccountSession)).one()
        entry = session.scalars(select(AuditEntry)).one()
        last = session.scalar(select(Account.last_sign_in_at).where(Account.id == cast.alice.account.id))
        assert (kept.account_id, kept.customer_id, kept.host) == (cast.alice.account.id, cast.lantern.id, "lantern.localhost")
        assert (kept.created_at, kept.last_seen_at, last) == (at, at, at)
        alice = cast.alice.account.public_id
        assert (entry.event, entry.actor, entry.subject, entry.address) == (Event.SIGNED_IN, alice, alice, "127.0.0.1")


def test_the_token_itself_is_kept_nowhere(cast: Cast, browse: Browse) -> None:
    visitor = tried(browse, "alice")
    cookie = visitor.client.get_cookie("session", domain="lantern.localhost")
    assert cookie is not None
    assert len(cookie.value) >= 43
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.scalars(select(AccountSession.token_hash)).one()
    assert cookie.value.encode() not in kept
    assert len(kept) == 32


def test_signing_in_does_not_count_as_a_change_of_the_account(cast: Cast, browse: Browse) -> None:
    """A pilot who edits an account while its owner signs in must not be told of a conflict."""
    before = cast.alice.account.version
    tried(browse, "alice")
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(Account.version).where(Account.id == cast.alice.account.id)) == before


def test_a_hash_of_old_cost_is_renewed_at_the_sign_in(cast: Cast, browse: Browse) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=8 * 1024, parallelism=1).hash(PASSWORD)
    change(cast.alice, password_hash=old)
    assert is_in(tried(browse, "alice"))
    with db.unit_of_work(Scope.platform()) as session:
        renewed = session.scalar(select(Account.password_hash).where(Account.id == cast.alice.account.id))
    assert renewed != old
    assert is_in(tried(browse, "alice"))


def test_signing_in_again_gives_a_new_session_and_ends_the_old_one(cast: Cast, browse: Browse) -> None:
    visitor = tried(browse, "alice")
    old = visitor.client.get_cookie("session", domain="lantern.localhost")
    visitor.post("/login", {"username": "alice", "password": PASSWORD})
    new = visitor.client.get_cookie("session", domain="lantern.localhost")
    assert old is not None
    assert new is not None
    assert old.value != new.value
    thief = browse(host="lantern.localhost")
    thief.client.set_cookie("session", old.value, domain="lantern.localhost")
    assert not is_in(thief)
    assert is_in(visitor)


@pytest.mark.parametrize(
    ("first", "second"),
    [("alice", "tom@telephone.example"), ("tom@telephone.example", "alice"), ("clare", "ike@telephone.example")],
)
def test_somebody_else_can_sign_in_with_the_same_browser(cast: Cast, browse: Browse, first: str, second: str) -> None:
    """Whose session it was before plays no part in who may sign in now."""
    visitor = tried(browse, first)
    assert visitor.post("/login", {"username": second, "password": PASSWORD}).status_code == 303
    names = {"alice": "Alice Meier", "tom@telephone.example": "Tom@Telephone.Example", "ike@telephone.example": "Ike Leonard"}
    assert names[second] in visitor.get("/account").text


def test_the_operator_signed_in_opens_no_door_to_others(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    answer = olga.post("/login", {"username": "charlie@cheapcall.example", "password": PASSWORD})
    assert answer.status_code == 422
    assert is_in(olga), "a failed sign-in ends nobody's session"


def test_a_session_id_chosen_by_an_attacker_is_never_taken(cast: Cast, browse: Browse) -> None:
    visitor = browse(host="lantern.localhost")
    visitor.client.set_cookie("session", "chosen-by-the-attacker", domain="lantern.localhost")
    visitor.post("/login", {"username": "alice", "password": PASSWORD})
    cookie = visitor.client.get_cookie("session", domain="lantern.localhost")
    assert cookie is not None
    assert cookie.value != "chosen-by-the-attacker"
    attacker = browse(host="lantern.localhost")
    attacker.client.set_cookie("session", "chosen-by-the-attacker", domain="lantern.localhost")
    assert not is_in(attacker)


def test_who_is_signed_in_is_not_asked_again(cast: Cast, browse: Browse) -> None:
    assert browse(cast.alice).get("/login").headers["Location"] == "/"
    assert browse(cast.alice).get("/login?next=/account").status_code == 200


def test_a_language_chosen_on_the_way_in_stays(cast: Cast, browse: Browse) -> None:
    visitor = browse(host="lantern.localhost")
    visitor.post("/language", {"language": "de"})
    visitor.post("/login", {"username": "alice", "password": PASSWORD})
    assert 'lang="de"' in visitor.get("/account").text
    assert 'lang="de"' in browse(cast.alice).get("/account").text, "kept on the account, for every browser"

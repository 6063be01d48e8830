"""Back in by a mailed link: what it opens, for whom, how often, and what nobody learns from asking for one."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import pairwise

import pytest
from sqlalchemy import delete, event, select, update

from portal.core import clock, db, outbox
from portal.core.audit import AuditEntry, Event
from portal.core.errors import NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.accounts import jobs, operations, queries
from portal.features.accounts.models import Account, AccountToken, Purpose, SignInTrouble, Status
from portal.features.accounts.operations.tokens import hashed
from portal.features.resellers.queries import tenant_by_host
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.features.accounts.test_sign_in import TOUCHED
from tests.house.test_isolation import bare
from tests.mailbox import Read, mails

Browse = Callable[..., Browser]
NEW = "river stone candle mango"
OTHER = "window bread north cloud"


def change(person: Person, **values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(**values))


def forgotten(name: str = "alice", host: str = "lantern.localhost") -> Read:
    """What the worker does once somebody asked; the mail that it wrote."""
    ask(name, host)
    return mails("password_reset")[-1]


def ask(name: str, host: str) -> None:
    with db.unit_of_work(Scope.platform()):
        jobs.forgotten_password({"host": host, "username": name, "address": "192.0.2.7"})


def signs_in(browse: Browse, password: str, name: str = "alice") -> bool:
    return browse(host="lantern.localhost").post("/login", {"username": name, "password": password}).status_code == 303


def test_a_forgotten_password_is_replaced(cast: Cast, browse: Browse) -> None:
    elsewhere = browse(cast.alice)
    mail = forgotten()
    assert mail.to == "clare@lantern.example", "alice has no address: it goes to the company’s contact"
    assert mail.link.startswith("http://lantern.localhost/reset-password/")
    alice = browse(host="lantern.localhost")
    assert "alice@lantern.telephone.example" in alice.get(mail.path).text
    page = alice.follow(alice.post(mail.path, {"password": NEW, "repeat": NEW}))
    assert "Sign in with it." in page.text
    assert elsewhere.get("/account").status_code == 302, "signed out everywhere"
    assert not signs_in(browse, PASSWORD)
    assert signs_in(browse, NEW)
    assert mails("password_changed")[-1].to == "clare@lantern.example"
    with db.unit_of_work(Scope.platform()) as session:
        events = set(session.scalars(select(AuditEntry.event)))
    assert {Event.RESET_SENT, Event.PASSWORD_RESET} <= events


def test_the_link_is_of_the_stored_host_whatever_was_asked_for(cast: Cast) -> None:
    assert forgotten("alice@lantern.telephone.example", "telephone.localhost").link.startswith("http://lantern.localhost/")
    assert forgotten("charlie", "cheapcall.localhost").link.startswith("http://cheapcall.localhost/")


def test_nobody_else_is_written_to(cast: Cast) -> None:
    change(cast.bob, status=Status.LOCKED.value)
    for name in ("nobody", "charlie@cheapcall.example", "bob"):
        ask(name, "lantern.localhost")
    ask("alice", "nobody.example")
    assert mails() == []


@pytest.mark.parametrize(("language", "words"), [("de", "Passwort"), ("en", "password")])
def test_it_is_written_in_the_persons_language_on_the_providers_letterhead(cast: Cast, language: str, words: str) -> None:
    change(cast.alice, language=language)
    mail = forgotten()
    assert mail.language == language
    assert words in mail.text
    assert "TelephOne" in mail.subject
    assert "support@telephone.example" in mail.text
    assert "Cheap Call" not in mail.text + mail.html


# --- asking tells nothing -----------------------------------------------------------------------------------------------------


def test_asking_for_anybody_is_answered_alike_and_does_the_same_statements(cast: Cast, browse: Browse) -> None:
    change(cast.bob, status=Status.LOCKED.value)
    change(cast.carol, password_hash=None)
    asked: dict[str, tuple[str, ...]] = {}
    pages: set[str] = set()
    for name in ("alice", "bob", "carol", "nobody", "charlie", "x@y"):
        visitor = browse(host="lantern.localhost")
        token = visitor.token()
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(delete(SignInTrouble))
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_rest: object, seen: list[str] = seen) -> None:
            seen.append(statement)

        engine = db.database().engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            answer = visitor.post("/forgot-password", {"username": name, "csrf_token": token})
        finally:
            event.remove(engine, "before_cursor_execute", note)
        assert answer.status_code == 200
        pages.add(bare(answer, {}))
        asked[name] = tuple("".join(TOUCHED.findall(statement)) for statement in seen)
    assert len(pages) == 1
    assert len(set(asked.values())) == 1, asked
    assert any("INTO job" in statement for statement in asked["nobody"])


def test_asking_again_and_again_is_slowed_down_whether_or_not_there_is_an_account(cast: Cast, browse: Browse) -> None:
    now = clock.now()
    for later, name in enumerate(("alice", "nobody")):
        visitor = browse(host="lantern.localhost")
        with clock.frozen(now + timedelta(hours=later)):
            answers = [visitor.post("/forgot-password", {"username": name}) for _ in range(5)]
        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 422]
        assert "Too many attempts. Try again in" in answers[-1].text
        with clock.frozen(now + timedelta(hours=later, minutes=11)):
            assert visitor.post("/forgot-password", {"username": name}).status_code == 200


def test_one_account_gets_five_such_mails_an_hour(cast: Cast) -> None:
    for _ in range(8):
        forgotten()
    assert len(mails("password_reset")) == 5
    with clock.frozen(clock.now() + timedelta(minutes=61)):
        forgotten()
    assert len(mails("password_reset")) == 6


# --- links that open nothing --------------------------------------------------------------------------------------------------


def test_a_link_works_once(cast: Cast, browse: Browse) -> None:
    mail = forgotten()
    alice = browse(host="lantern.localhost")
    alice.post(mail.path, {"password": NEW, "repeat": NEW})
    for again in (alice.get(mail.path), alice.post(mail.path, {"password": OTHER, "repeat": OTHER})):
        assert again.status_code == 404
        assert "This link does not work" in again.text
        assert 'href="/forgot-password"' in again.text
    assert not signs_in(browse, OTHER)


def test_a_link_is_dead_after_half_an_hour(cast: Cast, browse: Browse) -> None:
    mail = forgotten()
    with clock.frozen(clock.now() + timedelta(minutes=29)):
        assert browse(host="lantern.localhost").get(mail.path).status_code == 200
    with clock.frozen(clock.now() + timedelta(minutes=31)):
        assert browse(host="lantern.localhost").get(mail.path).status_code == 404


def test_links_that_open_nothing_are_answered_alike(cast: Cast, browse: Browse) -> None:
    mail = forgotten()
    used = forgotten("carol")
    browse(host="lantern.localhost").post(used.path, {"password": NEW, "repeat": NEW})
    elsewhere = forgotten("charlie", "cheapcall.localhost")
    paths = [mail.path[:-3], mail.path + "x", used.path, elsewhere.path, "/reset-password/" + "0" * 43]
    answers = [browse(host="lantern.localhost").get(path) for path in paths]
    assert {answer.status_code for answer in answers} == {404}
    assert len({bare(answer, {"token": path}) for answer, path in zip(answers, paths, strict=True)}) == 1
    invitation = "/invitation/" + mail.path.rpartition("/")[2]
    assert browse(host="lantern.localhost").get(invitation).status_code == 404, "a link is for one purpose"


def test_a_link_ends_with_the_account_and_with_a_lock(cast: Cast, browse: Browse) -> None:
    mail = forgotten()
    change(cast.alice, status=Status.LOCKED.value)
    assert browse(host="lantern.localhost").get(mail.path).status_code == 404


def test_looking_at_a_link_uses_nothing_up(cast: Cast, browse: Browse) -> None:
    """Mail programs look at links before people do."""
    mail = forgotten()
    for _ in range(3):
        assert browse(host="lantern.localhost").get(mail.path).status_code == 200
    refused = browse(host="lantern.localhost").post(mail.path, {"password": "short", "repeat": "short"})
    assert refused.status_code == 422
    assert "Use at least 12 characters." in refused.text
    assert browse(host="lantern.localhost").post(mail.path, {"password": NEW, "repeat": NEW}).status_code == 303


def test_the_link_itself_is_kept_nowhere(cast: Cast) -> None:
    token = forgotten().path.rpartition("/")[2]
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.scalars(select(AccountToken)).one()
        assert kept.token_hash == hashed(token)
        sealed = session.connection().exec_driver_sql("SELECT string_agg(mail::text, '') FROM mail").scalar_one()
    assert token not in sealed


def test_two_who_use_one_link_at_the_same_moment(own_database: db.Database, own_cast: Cast) -> None:
    mail = forgotten()
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None

    def use(password: str) -> bool:
        try:
            with db.unit_of_work(tenant.scope):
                link = queries.link(tenant, hashed(mail.path.rpartition("/")[2]), Purpose.RESET)
                operations.reset_password(link=link, password=password, repeat=password, address="192.0.2.1")
        except NotFound:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(use, [NEW, OTHER])) == [False, True]


def test_using_a_link_lets_the_owner_in_although_somebody_was_guessing(cast: Cast, browse: Browse) -> None:
    for _ in range(25):
        browse(host="lantern.localhost").post("/login", {"username": "alice", "password": "wrong wrong wrong"}, check=False)
    mail = forgotten()
    browse(host="lantern.localhost").post(mail.path, {"password": NEW, "repeat": NEW})
    with clock.frozen(clock.now() + timedelta(minutes=16)):
        assert signs_in(browse, NEW)


# --- guessing is told ---------------------------------------------------------------------------------------------------------


def test_after_ten_failures_the_owner_is_told_once_a_day(own_database: db.Database, own_cast: Cast) -> None:
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None
    start = clock.now().replace(hour=9)
    for number in range(12):
        place, until = f"198.51.100.{number}", start + timedelta(hours=1)
        visit = operations.Visit(tenant=tenant, address=place, user_agent="test", token_hash=b"0" * 32, until=until)
        for name in ("alice", "nobody"):
            with clock.frozen(start + timedelta(seconds=40 * number)), pytest.raises(Refused):
                operations.sign_in(visit=visit, username=name, password="wrong wrong wrong")
    worker = db.Database(own_database.url, role=db.WORKER)
    db.install(worker)
    with clock.frozen(start + timedelta(hours=1)):
        while outbox.deliver_one(jobs.HANDLERS):
            pass
    assert [(mail.kind, mail.to) for mail in mails()] == [("guessed", "clare@lantern.example")]
    worker.dispose()


# --- invitations --------------------------------------------------------------------------------------------------------------


def invited(cast: Cast) -> Read:
    change(cast.alice, password_hash=None)
    with db.unit_of_work(cast.clare.scope):
        operations.invite(by=cast.clare.identity, account=queries.account(cast.alice.account.public_id))
    return mails("invitation")[-1]


def test_an_invitation_works_for_seven_days(cast: Cast, browse: Browse) -> None:
    mail = invited(cast)
    assert "Clare Fenn" in mail.text
    assert "alice@lantern.telephone.example" in mail.text
    with clock.frozen(clock.now() + timedelta(days=6, hours=23)):
        assert browse(host="lantern.localhost").get(mail.path).status_code == 200
    with clock.frozen(clock.now() + timedelta(days=7, minutes=1)):
        page = browse(host="lantern.localhost").get(mail.path)
    assert page.status_code == 404
    assert "ask whoever invited you" in page.text


def test_accepting_it_signs_in_and_owes_nothing(cast: Cast, browse: Browse) -> None:
    mail = invited(cast)
    alice = browse(host="lantern.localhost")
    assert alice.post(mail.path, {"password": NEW, "repeat": NEW}).headers["Location"] == "/"
    assert alice.get("/account").status_code == 200
    assert alice.get(mail.path).status_code == 404


def test_whoever_has_a_password_is_not_invited(cast: Cast) -> None:
    with db.unit_of_work(cast.clare.scope), pytest.raises(Refused, match="invited-already"):
        operations.invite(by=cast.clare.identity, account=queries.account(cast.alice.account.public_id))


# --- passwords ----------------------------------------------------------------------------------------------------------------


def test_the_last_five_passwords_are_not_taken_again(cast: Cast, browse: Browse) -> None:
    words = ["river", "candle", "window", "bread", "north", "cloud"]
    chosen = [PASSWORD, *(f"{word} stone mango {number}{number}" for number, word in enumerate(words))]
    alice = browse(cast.alice)

    def take(current: str, new: str) -> int:
        return alice.post("/account/password", {"current": current, "password": new, "repeat": new}).status_code

    for current, new in pairwise(chosen[:6]):
        assert take(current, new) == 303
    refused = alice.post("/account/password", {"current": chosen[5], "password": chosen[1], "repeat": chosen[1]})
    assert "You had this password before." in refused.text
    assert take(chosen[5], PASSWORD) == 303, "the sixth last is forgotten"


@pytest.mark.parametrize("common", ["qwerty123456", "Leavemealone", "leavemealone99", "monkeymonkey"])
def test_passwords_that_are_tried_first_are_refused(cast: Cast, browse: Browse, common: str) -> None:
    page = browse(cast.alice).post("/account/password", {"current": PASSWORD, "password": common, "repeat": common})
    assert "one of the passwords that are tried first" in page.text

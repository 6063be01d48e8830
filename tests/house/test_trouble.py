"""When something breaks: what people see, what is written down, and that the portal comes back by itself."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, TimeoutError as PoolTimeout
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core import db, postgres, schema
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account, Status
from portal.features.contacts.models import Contact
from portal.settings import Settings
from portal.web import access
from portal.web.forms import Form
from portal.web.templating import done
from tests.browser import Browser
from tests.cast import PASSWORD, Cast
from tests.factories.world import make_cast
from tests.servers import folder_of_a_server, kill

SECRET = "correct-horse-9"
BRANDS = ("Isar Telecom", "TelephOne", "Cheap Call")


# --- the database is gone -----------------------------------------------------------------------------------------------------


class House:
    """A portal with a server of its own, which can be taken away and brought back."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.folder = folder
        server = postgres.ensure(folder)
        postgres.create_database(server, "portal")
        owner = db.Database(server.url("portal", postgres.OWNER), role=db.OWNER)
        schema.upgrade(owner)
        owner.dispose()
        self.database = db.Database(server.url("portal", postgres.OWNER), pool_size=3)
        self.app = create_app(settings, self.database, listen=False)
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.cast = make_cast()

    def stop(self) -> None:
        postgres.stop(self.folder)

    def kill(self) -> None:
        """As a power cut would."""
        kill(self.folder)

    def start(self) -> None:
        postgres.ensure(self.folder)


@pytest.fixture(scope="module")
def house(settings: Settings) -> Iterator[House]:
    with folder_of_a_server() as folder:
        made = House(folder, settings)
        yield made
        made.database.dispose()


@pytest.fixture
def running(house: House) -> Iterator[House]:
    house.start()
    db.install(house.database)
    yield house
    house.start()


def check_gone(response: TestResponse) -> None:
    assert response.status_code == 503
    assert response.headers["Retry-After"] == "10"
    assert response.headers["Cache-Control"] == "no-store"
    assert "Back in a moment" in response.text
    assert [name for name in BRANDS if name in response.text] == []
    assert "session=;" not in response.headers.get("Set-Cookie", "")


@pytest.mark.parametrize("end", [House.stop, House.kill], ids=["stopped", "killed"])
def test_pages_say_so_and_come_back_by_themselves(running: House, end: Callable[[House], None]) -> None:
    alice = Browser(running.app, "lantern.localhost", running.cast.alice)
    stranger = Browser(running.app, "lantern.localhost")
    assert alice.get("/account").status_code == 200
    assert stranger.token()
    end(running)
    for path in ("/account", "/", "/nothing"):
        check_gone(alice.get(path))
    check_gone(stranger.post("/login", {"username": "alice", "password": PASSWORD}))
    check_gone(Browser(running.app, f"{end.__name__}.localhost").get("/login"))  # not “unknown”: nobody can tell
    assert stranger.get("/forgot-password").status_code == 200, "a page that asks the database nothing is still shown"
    running.start()
    assert alice.get("/account").status_code == 200, "still signed in"
    assert stranger.post("/login", {"username": "alice", "password": PASSWORD}).status_code == 303
    assert Browser(running.app, f"{end.__name__}.localhost").get("/login").status_code == 421


def test_health_tells_the_process_from_the_database(running: House) -> None:
    def asked() -> list[tuple[int, str]]:
        answers = [running.app.test_client().get(path) for path in ("/healthz", "/readyz")]
        return [(answer.status_code, answer.text) for answer in answers]

    assert asked() == [(200, "yes\n"), (200, "yes\n")]
    running.stop()
    assert asked() == [(200, "yes\n"), (503, "no\n")]
    running.start()
    assert asked() == [(200, "yes\n"), (200, "yes\n")]


def test_what_needs_no_database_is_still_served(running: House) -> None:
    sheet = running.app.extensions["assets"].url("portal.css")
    running.stop()
    response = running.app.test_client().get(sheet)
    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]


def test_what_was_committed_is_there_after_a_crash(running: House) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Account, running.cast.alice.account.id).time_zone = "Europe/Lisbon"
    running.kill()
    running.start()
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(Account.time_zone).where(Account.id == running.cast.alice.account.id)) == "Europe/Lisbon"


# --- one request goes wrong ---------------------------------------------------------------------------------------------------


@pytest.fixture
def odd(settings: Settings, own_database: db.Database, own_cast: Cast) -> Flask:
    app = create_app(settings, own_database, listen=False)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return app


def view(app: Flask, act: Callable[[], Any], path: str = "/odd") -> None:
    app.add_url_rule(path, view_func=access.signed_in(act), endpoint=path.strip("/"), methods=["GET", "POST"])


class Diagnosed(psycopg.errors.UniqueViolation):
    class diag:  # noqa: N801
        constraint_name = "uq_account_domain_username"


TROUBLES: list[tuple[Exception, int, str]] = [
    (NotFound(), 404, "There is nothing here"),
    (Refused("password-weak"), 400, "This did not arrive in one piece"),
    (Conflict(3), 409, "Somebody else was a moment faster"),
    (StaleDataError("0 rows"), 409, "Somebody else was a moment faster"),
    (IntegrityError("INSERT", {}, Diagnosed()), 409, "Somebody else was a moment faster"),
    (IntegrityError("INSERT", {}, psycopg.errors.NotNullViolation()), 500, "Something went wrong on our side"),
    (OperationalError("SELECT", {}, psycopg.errors.AdminShutdown()), 503, "Back in a moment"),
    (OperationalError("SELECT", {}, psycopg.errors.DeadlockDetected()), 503, "Back in a moment"),
    (InterfaceError("SELECT", {}, psycopg.InterfaceError("the connection is closed")), 503, "Back in a moment"),
    (PoolTimeout("all connections are in use"), 503, "Back in a moment"),
    (psycopg.OperationalError("the wire is cut"), 503, "Back in a moment"),
    (ValueError("a mistake of ours"), 500, "Something went wrong on our side"),
    (RecursionError(), 500, "Something went wrong on our side"),
]


@pytest.mark.parametrize(("trouble", "status", "words"), TROUBLES, ids=[repr(trouble)[:40] for trouble, _, _ in TROUBLES])
def test_every_trouble_is_a_page(odd: Flask, own_cast: Cast, trouble: Exception, status: int, words: str) -> None:
    def act() -> None:
        raise trouble

    view(odd, act)
    response = Browser(odd, "lantern.localhost", own_cast.alice).get("/odd")
    assert response.status_code == status
    assert words in response.text
    assert ("TelephOne" in response.text) == (status != 503)
    assert "Traceback" not in response.text
    assert str(trouble) not in response.text or not str(trouble)


def test_a_page_of_trouble_is_shown_even_when_the_transaction_is_broken(odd: Flask, own_cast: Cast) -> None:
    def act() -> None:
        db.session().execute(text("SELECT 1 / 0"))

    view(odd, act)
    response = Browser(odd, "lantern.localhost", own_cast.clare).get("/odd")
    assert response.status_code == 500
    assert "TelephOne" in response.text


def test_a_page_of_trouble_is_shown_before_the_transaction_has_begun(own_cast: Cast, odd: Flask) -> None:
    """CSRF is looked at first, and the page names the person's telephone system, which only the database knows."""
    response = Browser(odd, "lantern.localhost", own_cast.clare).post("/account/display", token=False)
    assert response.status_code == 400
    assert "TelephOne" in response.text


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_connection_lost_on_the_way_is_no_mistake_of_ours(odd: Flask, own_cast: Cast, method: str) -> None:
    """Even when it is noticed only at the commit, after the view is done."""

    def act() -> str:
        db.session().execute(text("SELECT 1"))
        raw: Any = db.session().connection().connection.driver_connection
        raw.close()
        return "done"

    view(odd, act)
    alice = Browser(odd, "lantern.localhost", own_cast.alice)
    response = alice.get("/odd") if method == "GET" else alice.post("/odd")
    assert (response.status_code, response.headers["Retry-After"]) == (503, "10")
    assert alice.get("/account").status_code == 200


def test_nothing_is_kept_of_a_request_that_failed(odd: Flask, own_cast: Cast) -> None:
    def act() -> Any:
        account = db.session().get_one(Account, own_cast.alice.account.id)
        account.time_zone = "Europe/Lisbon"
        db.session().flush()
        raise NotFound

    view(odd, act)
    assert Browser(odd, "lantern.localhost", own_cast.alice).post("/odd").status_code == 404
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(Account.time_zone).where(Account.id == own_cast.alice.account.id)) is None


def test_one_request_leaves_nothing_to_the_next(odd: Flask, own_cast: Cast) -> None:
    """No unit of work, no connection and no language stays behind, however the request ended."""

    def act() -> None:
        db.session().execute(text("SELECT 1 / 0"))

    view(odd, act)
    alice = Browser(odd, "lantern.localhost", own_cast.alice)
    for path in ("/account", "/odd", "/nothing", "/odd"):
        alice.get(path)
        assert db.ambient_scope() is None
        assert db.database().engine.pool.checkedout() == 0  # type: ignore[attr-defined]


# --- success is told only of what is written ------------------------------------------------------------------------------------


class NoForm(Form):
    pass


def _twice(own_cast: Cast) -> None:
    """A second account of alice's name: only the database knows better."""
    alice = own_cast.alice.account
    same = {
        name: getattr(alice, name)
        for name in ("reseller_id", "customer_id", "subscriber_id", "domain_id", "role", "username", "name")
    }
    db.session().add(Account(**same, created_at=alice.created_at, status=Status.ACTIVE.value))


def test_a_constraint_that_breaks_while_saving_is_told_at_the_form(odd: Flask, own_cast: Cast) -> None:
    def act() -> Any:
        form = NoForm()
        with form.refusals():
            _twice(own_cast)
            return done("Saved.", "accounts.account")
        return {"errors": [str(error) for error in form.form_errors]}

    view(odd, act)
    clare = Browser(odd, "lantern.localhost", own_cast.clare)
    assert clare.post("/odd").get_json() == {"errors": ["Somebody here already signs in with this name."]}
    assert "Saved." not in clare.get("/account").text


def test_a_constraint_that_breaks_too_late_is_no_success_either(odd: Flask, own_cast: Cast) -> None:
    def act() -> Any:
        with NoForm().refusals():
            _twice(own_cast)
            return "saved"

    view(odd, act)
    response = Browser(odd, "lantern.localhost", own_cast.clare).post("/odd")
    assert (response.status_code, "saved" in response.text) == (409, False)


def test_a_refusal_takes_back_what_its_operation_wrote_before(odd: Flask, own_cast: Cast) -> None:
    def act() -> Any:
        form = NoForm()
        with form.refusals():
            db.session().add(Contact(reseller_id=own_cast.telephone.id, email="half@done.example"))
            db.session().flush()
            raise Refused("password-weak", field="no such field")
        return {"errors": len(form.form_errors)}

    view(odd, act)
    assert Browser(odd, "lantern.localhost", own_cast.clare).post("/odd").get_json() == {"errors": 1}
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(Contact.id).where(Contact.email == "half@done.example")) is None


# --- what is written down -------------------------------------------------------------------------------------------------------


def test_the_log_holds_no_mailed_link(odd: Flask, own_cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    def act(token: str) -> str:
        raise {"odd": RuntimeError(), "late": Conflict(3), "weak": Refused("password-weak")}[token.partition("-")[0]]

    odd.add_url_rule("/preview-of/<token>", view_func=access.signed_in(act), endpoint="odd")
    alice = Browser(odd, "lantern.localhost", own_cast.alice)
    for what in ("odd", "late", "weak"):
        alice.get(f"/preview-of/{what}-{SECRET}")
    written = capsys.readouterr().err
    assert SECRET not in written
    assert written.count('"path": "/preview-of/') == 3


def test_the_log_holds_no_values(odd: Flask, own_cast: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    def act() -> None:
        password = SECRET
        statement = text("SELECT CAST(:password AS integer)")
        db.session().execute(statement, {"password": password})

    view(odd, act)
    assert Browser(odd, "lantern.localhost", own_cast.alice).get("/odd").status_code == 500
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    (broken,) = [line for line in lines if line["event"] == "broken"]
    assert broken["path"] == "/odd"
    assert "Traceback" in broken["exception"]
    assert f"password = {SECRET}" not in broken["exception"]
    assert f"'password': '{SECRET}'" not in broken["exception"]
    assert broken["timestamp"].endswith("Z")

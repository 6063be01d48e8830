"""Staff find accounts, see how they stand, and help those who cannot sign in."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, func, select, text, update

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.leaves import Beside
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts import queries
from portal.features.accounts.models import Account, SignInTrouble, Status
from portal.features.accounts.queries import Filters
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.factories.accounts import AccountFactory
from tests.features.accounts.factors import give_app, give_passkey
from tests.mailbox import mails

Browse = Callable[..., Browser]


def change(person: Person, **values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        merged = session.get_one(Account, person.account.id)
        for name, value in values.items():
            setattr(merged, name, value)


def listed(page: str) -> list[str]:
    """The names of a list, in their order."""
    return [part.partition("<bdi>")[2].partition("</bdi>")[0] for part in page.split('<a class="who"')[1:]]


def url(person: Person, action: str = "") -> str:
    return f"/accounts/{person.account.public_id}" + (f"/{action}" if action else "")


def recorded() -> list[str]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))


# --- who sees what ------------------------------------------------------------------------------------------------------------

TELEPHONES = ["Alice Meier", "Bob Turner", "Carol Nguyen", "Clare Fenn", "Cora@Telephone.Example", "Ike Leonard"]


@pytest.mark.parametrize("name", ["tom", "cora"])
def test_staff_see_their_own_provider_only(name: str, cast: Cast, browse: Browse) -> None:
    page = browse(cast.people[name]).get("/accounts")
    assert listed(page.text) == [*TELEPHONES, "Tom@Telephone.Example"]
    for stranger in ("Charlie", "Rita", "Olga"):
        assert stranger not in page.text


def test_the_operator_sees_one_provider_at_a_time(cast: Cast, browse: Browse) -> None:
    olga = browse(cast.olga)
    assert listed(olga.get("/accounts").text) == ["Olga@Isar.Example"]
    assert listed(olga.get(f"/accounts?provider={cast.cheapcall.public_id}").text) == ["Charlie", "Rita@Cheapcall.Example"]
    assert "Clare Fenn" in olga.get(f"/accounts?provider={cast.telephone.public_id}").text
    assert listed(browse(cast.tom).get(f"/accounts?provider={cast.cheapcall.public_id}").text)[0] == "Alice Meier"


def test_people_of_customers_see_nobody(cast: Cast, browse: Browse) -> None:
    for person in (cast.clare, cast.alice, cast.charlie):
        browser = browse(person)
        for path in ("/accounts", url(cast.alice), url(person)):
            assert browser.get(path).status_code == 404
        assert ">Accounts<" not in browser.get("/").text


def test_somebody_of_another_provider_does_not_exist(cast: Cast, browse: Browse) -> None:
    rita = browse(cast.rita)
    assert rita.get(url(cast.alice)).status_code == 404
    assert rita.post(url(cast.alice, "send-link")).status_code == 404
    assert mails() == []


# --- finding ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("ali", ["Alice Meier"]),
        ("MEIER", ["Alice Meier"]),
        ("meier alice", ["Alice Meier"]),
        ("alice meier", ["Alice Meier"]),
        ("ice", []),
        ("%", []),
        ("_", []),
        ("clare@lan", ["Clare Fenn"]),
        ("clare@lantern.telephone.example", ["Clare Fenn"]),
        ("clare@telephone.example", []),
        ("charlie", []),
        ("tom@tele", ["Tom@Telephone.Example"]),
        ("post@", ["Bob Turner"]),
        ("POST@bob.ex", ["Bob Turner"]),
        ("", [*TELEPHONES, "Tom@Telephone.Example"]),
    ],
)
def test_by_the_beginning_of_a_name_a_sign_in_name_or_an_address(
    words: str, found: list[str], cast: Cast, browse: Browse
) -> None:
    change(cast.bob, email="Post@Bob.Example")
    assert listed(browse(cast.tom).get("/accounts", query_string={"q": words}).text) == found


def test_case_and_accents_do_not_matter(cast: Cast, browse: Browse) -> None:
    change(cast.carol, name="Čarôl van Ëlk")
    for words in ("carol", "CARÔL VAN", "elk", "Ëlk"):
        assert listed(browse(cast.tom).get("/accounts", query_string={"q": words}).text) == ["Čarôl van Ëlk"]


def test_by_role_and_state(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    change(cast.bob, status=Status.LOCKED.value)
    change(cast.carol, last_sign_in_at=clock.now())
    assert listed(tom.get("/accounts?role=pilot").text) == ["Clare Fenn", "Ike Leonard"]
    assert listed(tom.get("/accounts?locked=1").text) == ["Bob Turner"]
    assert listed(tom.get("/accounts?role=subscriber&fresh=1").text) == ["Alice Meier", "Bob Turner"]
    page = tom.get("/accounts?role=subscriber&locked=1&q=zz").text
    assert "Nobody here fits" in page
    assert "No name, sign-in name or e-mail address begins like that." in page


@pytest.mark.parametrize(
    "query", ["role=king", "locked=yes", "rows=7", "after=x", "before=0000000000000000", "provider=1", "q=%00", "q=" + "x" * 5000]
)
def test_odd_questions_are_answered(query: str, cast: Cast, browse: Browse) -> None:
    assert browse(cast.tom).get(f"/accounts?{query}").status_code == 200


def test_who_has_a_second_factor_and_when_they_signed_in(cast: Cast, browse: Browse) -> None:
    give_app(cast.clare)
    change(cast.clare, last_sign_in_at=clock.now())
    row = browse(cast.tom).get("/accounts?q=clare").text.partition("<tbody>")[2].partition("</tbody>")[0]
    for word in ("clare<wbr>@lantern.telephone.example", "Pilot", "Yes", "Today"):
        assert word in row


def test_terminated_accounts_are_gone(cast: Cast, browse: Browse) -> None:
    change(cast.bob, status=Status.TERMINATED.value)
    tom = browse(cast.tom)
    assert "Bob Turner" not in tom.get("/accounts").text
    assert tom.get(url(cast.bob)).status_code == 404


# --- many ---------------------------------------------------------------------------------------------------------------------


def crowd(cast: Cast, size: int) -> None:
    with db.unit_of_work(Scope.platform()):
        for number in range(size):
            name, username = f"Person {number % 7}", f"p{number}@{size}.example"  # many of the same name
            AccountFactory(reseller_id=cast.telephone.id, role=Role.CARE.value, username=username, name=name)


def test_pages_hold_everybody_once(cast: Cast) -> None:
    crowd(cast, 60)
    with db.unit_of_work(cast.tom.scope):
        seen, place = [], None
        while True:
            page = queries.people(cast.telephone.id, Filters(), size=25, place=place)
            seen += [row.public_id for row in page.rows]
            assert page.earlier is (place is not None)
            if not page.further:
                break
            place = Beside(page.rows[-1].public_id)
        assert len(seen) == len(set(seen)) == 67
        back = queries.people(cast.telephone.id, Filters(), size=25, place=Beside(seen[50], back=True))
        assert [row.public_id for row in back.rows] == seen[25:50]
        assert back.earlier
        first = queries.people(cast.telephone.id, Filters(), size=25, place=Beside(seen[25], back=True))
        assert [row.public_id for row in first.rows] == seen[:25]
        assert not first.earlier
        assert queries.count(cast.telephone.id, Filters()) == (67, False)


def test_the_pages_are_linked(cast: Cast, browse: Browse) -> None:
    crowd(cast, 60)
    tom = browse(cast.tom)
    page = tom.get("/accounts?rows=25").text
    further = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = tom.get(further).text
    assert len(listed(second)) == 25
    back = second.partition('rel="prev" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert listed(tom.get(back).text) == listed(page)


def test_a_list_takes_as_many_statements_however_long_it_is(cast: Cast, browse: Browse, database: db.Database) -> None:
    tom, counts = browse(cast.tom), []
    tom.get("/accounts")
    for size in (5, 40):
        crowd(cast, size)
        seen: list[str] = []

        def note(_connection: object, _cursor: object, statement: str, *_more: object, seen: list[str] = seen) -> None:
            if statement.startswith("SELECT") and "set_config" not in statement:
                seen.append(statement)

        event.listen(database.engine, "before_cursor_execute", note)
        tom.get("/accounts?q=p")
        event.remove(database.engine, "before_cursor_execute", note)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 6


@pytest.mark.parametrize(
    ("words", "index"), [("meier", "ix_account_turned"), ("p4711@", "ix_account_username"), ("post@bob", "ix_account_email")]
)
def test_finding_somebody_among_many_uses_an_index_behind_row_level_security(
    words: str, index: str, own_database: db.Database, own_cast: Cast
) -> None:
    reseller_id = own_cast.telephone.id
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(
            text(
                "INSERT INTO account (public_id, reseller_id, role, username, name, name_sort, name_turned, email_sort,"
                " must_change_password, status, withheld, created_at, version)"
                " SELECT lpad(n::text, 16, '0'), :reseller, 'care', 'p' || n || '@crowd.example', 'P', 'p ' || n, n || ' p',"
                " 'mail' || n || '@crowd.example', false, 'active', '{}', now(), 1 FROM generate_series(1, 20000) n",
            ),
            {"reseller": reseller_id},
        )
    owner = db.Database(own_database.url, role=db.OWNER)
    with owner.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE account"))
    owner.dispose()
    plans: list[str] = []

    def explain(connection: object, cursor: object, statement: str, values: object, *_more: object) -> None:
        if "any_factor" in statement and not statement.startswith("EXPLAIN"):
            beside = cursor.connection.execute("EXPLAIN " + statement, values)  # type: ignore[attr-defined]
            plans.append("\n".join(row[0] for row in beside))

    event.listen(own_database.engine, "before_cursor_execute", explain)
    with db.unit_of_work(own_cast.tom.scope, read_only=True):
        queries.people(reseller_id, Filters(words), size=50)
    event.remove(own_database.engine, "before_cursor_execute", explain)
    assert plans
    assert index in plans[0], plans[0]
    assert "Seq Scan on account" not in plans[0]


# --- one account --------------------------------------------------------------------------------------------------------------


def test_how_somebody_stands(cast: Cast, browse: Browse) -> None:
    give_app(cast.clare)
    give_passkey(cast.clare, "lantern.localhost")
    browse(cast.clare)
    page = browse(cast.tom).get(url(cast.clare)).text
    for word in ("clare<wbr>@lantern.telephone.example", "Pilot", "on one device", "Can sign in", "set up an authenticator"):
        assert word in page
    assert "clare<wbr>@lantern.example" in page, "mails go to the company’s contact"


def test_a_link_to_a_new_password_is_sent(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    answer = tom.post(url(cast.alice, "send-link"))
    assert "A mail with a link is on its way to clare@lantern.example." in tom.follow(answer).text
    (mail,) = mails("password_reset")
    assert cast.tom.account.name in mail.text
    assert recorded() == [Event.RESET_SENT]


def test_who_has_no_password_yet_is_invited(cast: Cast, browse: Browse) -> None:
    change(cast.alice, password_hash=None)
    tom = browse(cast.tom)
    assert "Has not chosen a password yet" in tom.get(url(cast.alice)).text
    tom.post(url(cast.alice, "send-link"))
    assert [mail.kind for mail in mails()] == ["invitation"]


def test_without_any_address_the_page_says_so_beforehand(cast: Cast, browse: Browse) -> None:
    change(cast.cora, email=None)
    page = browse(cast.tom).get(url(cast.cora)).text
    assert "There is no address to send a link to a new password to." in page
    assert "/send-link" not in page
    answer = browse(cast.tom).post(url(cast.cora, "send-link"))
    assert answer.status_code == 422
    assert "There is no e-mail address to send this to" in answer.text


def test_second_factors_are_cleared(cast: Cast, browse: Browse) -> None:
    give_app(cast.clare)
    clare, tom = browse(cast.clare), browse(cast.tom)
    page = tom.get(url(cast.clare, "clear-factors")).text
    assert "The authenticator app, the recovery codes and all passkeys stop working." in page
    page = tom.follow(tom.post(url(cast.clare, "clear-factors"))).text
    assert "Clare Fenn has no second factor any more" in page
    assert clare.get("/account").status_code == 302
    with db.unit_of_work(Scope.platform()):
        assert not queries.has_factor(cast.clare.account.id)
    assert recorded()[-1] == Event.FACTORS_CLEARED


def test_clearing_factors_asks_who_it_is(cast: Cast, browse: Browse) -> None:
    give_app(cast.clare)
    tom = browse(cast.tom)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert tom.get(url(cast.clare, "clear-factors")).headers["Location"].startswith("/confirm")
        assert tom.post(url(cast.clare, "clear-factors")).headers["Location"].startswith("/confirm")
    with db.unit_of_work(Scope.platform()):
        assert queries.has_factor(cast.clare.account.id)


def troubles() -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(SignInTrouble).where(SignInTrouble.person.is_not(None))) or 0


def test_who_has_to_wait_can_be_let_in_at_once(own_database: db.Database, own_cast: Cast, browse: Browse) -> None:
    alice, tom = browse(host="lantern.localhost"), browse(own_cast.tom)
    assert "Let them try again now" not in tom.get(url(own_cast.alice)).text
    for _ in range(6):
        alice.post("/login", {"username": "alice", "password": "not this one"})
    refused = alice.post("/login", {"username": "alice", "password": PASSWORD})
    assert "Too many attempts." in refused.text
    page = tom.get(url(own_cast.alice)).text
    assert "Failed sign-ins" in page
    assert "Let them try again now" in page
    page = tom.follow(tom.post(url(own_cast.alice, "let-try-again"))).text
    assert "Alice Meier can try again now." in page
    assert "Let them try again now" not in page
    assert troubles() == 0
    assert alice.post("/login", {"username": "alice", "password": PASSWORD}).status_code == 303
    assert Event.WAIT_LIFTED in recorded()


def test_letting_one_in_lets_nobody_else_in(own_database: db.Database, own_cast: Cast, browse: Browse) -> None:
    somebody, tom = browse(host="lantern.localhost"), browse(own_cast.tom)
    for name in ("alice", "bob"):
        somebody.post("/login", {"username": name, "password": "not this one"})
    assert troubles() == 4
    tom.post(url(own_cast.alice, "let-try-again"))
    assert troubles() == 2


# --- who may not --------------------------------------------------------------------------------------------------------------

ACTIONS = ("send-link", "let-try-again", "clear-factors")


@pytest.mark.parametrize(
    ("helper", "helped"), [("cora", "tom"), ("tom", "tom"), ("cora", "cora"), ("clare", "alice"), ("rita", "alice")]
)
def test_who_may_not_help_is_offered_nothing_and_reaches_nothing(helper: str, helped: str, cast: Cast, browse: Browse) -> None:
    browser, person = browse(cast.people[helper]), cast.people[helped]
    give_app(person)
    page = browser.get(url(person))
    for action in ACTIONS:
        assert f"/{action}" not in page.text
        assert browser.post(url(person, action)).status_code == 404
    assert not {Event.RESET_SENT, Event.WAIT_LIFTED, Event.FACTORS_CLEARED} & set(recorded())


@pytest.mark.parametrize(("helper", "helped"), [("tom", "cora"), ("cora", "clare"), ("olga", "rita"), ("olga", "charlie")])
def test_who_may_help_does(helper: str, helped: str, cast: Cast, browse: Browse) -> None:
    browser, person = browse(cast.people[helper]), cast.people[helped]
    change(person, email="somebody@mail.example")
    assert browser.post(url(person, "send-link")).status_code == 303
    assert mails("password_reset")[-1].to == "somebody@mail.example"


def test_locked_accounts_are_sent_no_link(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.alice.account.id).values(status=Status.LOCKED.value))
    page = browse(cast.tom).get(url(cast.alice)).text
    assert "Locked: nobody signs in with this account" in page
    assert "/send-link" not in page
    assert "/view-as" not in page

"""Everybody finds what their pages show them, and nothing else."""

import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import event, update

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.calls import operations as calls
from portal.features.customers.models import Customer
from portal.features.dashboard import queries
from portal.features.dashboard.rules import LEADS, Kind
from portal.features.phonebook import operations as phonebook
from portal.features.phonebook.queries import Book
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.accounts import AccountFactory
from tests.features.calls.files import ALICE, BOB, TRUNK, as_csv, leg

Browse = Callable[..., Browser]
HOME = Home("49", "30")
NAMES = ("Lantern", "Alice", "Bob", "Carol", "Clare", "Sales", "City Bank", "Ike", "Tom@", "Cora@", "TelephOne", "5550", "5560")


def found(cast: Cast, name: str, words: str) -> dict[str, list[str]]:
    person = cast.people[name]
    with db.unit_of_work(person.scope, read_only=True):
        hits = queries.search(person.identity, words, HOME)
    return {one.kind.value: [hit.title for hit in one.rows] for one in hits}


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("lant", {"customers": ["Lantern Co"], "contacts": ["Lantern Co"], "domains": ["lantern.telephone.example"]}),
        ("LANTÉRN CO", {"customers": ["Lantern Co"], "contacts": ["Lantern Co"]}),
        ("clare@lantern.ex", {"contacts": ["Lantern Co"]}),
        ("alice", {"lines": ["Alice Meier"], "accounts": ["Alice Meier"]}),
        ("meier", {"accounts": ["Alice Meier"]}),
        ("clare@lantern.tele", {"accounts": ["Clare Fenn"]}),
        ("030 5550000", {"numbers": ["49305550000", "49305550000101", "49305550000102", "49305550000103", "49305550000600"]}),
        ("+49 (30) 556", {"numbers": ["49305560000"]}),
        ("0049305560000", {"numbers": ["49305560000"]}),
        ("charlie", {}),
        ("666", {}),
        ("rita", {}),
        ("cheap", {}),
        ("a", {}),
        ("%", {}),
        ("%%", {}),
        ("__", {}),
    ],
)
@pytest.mark.parametrize("name", ["tom", "cora"])
def test_staff_find_their_own(name: str, words: str, expected: dict[str, Any], cast: Cast) -> None:
    assert found(cast, name, words) == expected


def test_operators_find_those_of_all_and_resellers(cast: Cast) -> None:
    assert found(cast, "olga", "charlie") == {
        "customers": ["Charlie"],
        "contacts": ["Charlie"],
        "lines": ["Charlie"],
        "accounts": ["Charlie"],
    }
    assert found(cast, "olga", "cheap") == {"resellers": ["Cheap Call"], "domains": ["cheapcall.example"]}
    assert found(cast, "olga", "telephone.loc") == {"domains": ["telephone.example"]}
    with db.unit_of_work(cast.olga.scope):
        (hits,) = [one for one in queries.search(cast.olga.identity, "lantern co", HOME) if one.kind is Kind.CUSTOMERS]
    assert hits.rows[0].more == "TelephOne", "whose it is"


def second_lines(browser: Browser, words: str) -> list[str]:
    page = browser.get("/search", query_string={"q": words}).text
    lines = re.findall(r'<span class="line-sub">(.*?)</span></div>', page)
    return [" ".join(re.sub("<[^>]+>", "", line).split()) for line in lines]


def test_what_is_called_alike_is_told_apart(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Customer).where(Customer.name == "Lantern Co").values(external_id="L-0001"))
    tom = browse(cast.tom)
    assert second_lines(tom, "lantern co") == ["CloudPBX, L-0001", "clare@lantern.example"]
    assert second_lines(tom, "alice") == ["Extension, 030 5550000101, Lantern Co", "alice@lantern.telephone.example"]
    assert second_lines(tom, "030 5550000101") == ["Extension, Alice Meier, Lantern Co"]
    assert second_lines(browse(cast.olga), "charlie")[2].startswith("Single line, "), "not once more the customer, Charlie"
    assert "Extension, 030" in re.sub("<[^>]+>", "", tom.get("/search/results?q=alice", check=False).text)


def test_lines_and_customers_are_found_by_what_they_are_called_elsewhere(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Subscriber).where(Subscriber.display_name == "Alice Meier").values(external_id="CRM-8812"))
        session.execute(update(Customer).where(Customer.name == "City Bank").values(external_id="CRM-77"))
    for words in ("CRM-8812", "crm-88"):
        assert found(cast, "tom", words) == {"lines": ["Alice Meier"]}
    assert found(cast, "tom", "crm-") == {"customers": ["City Bank"], "lines": ["Alice Meier"]}
    assert found(cast, "rita", "crm-") == {}


@pytest.fixture
def known(cast: Cast) -> None:
    """Ruby stands in the company's phonebook, Otto in Alice's own; Alice has called somebody, Bob somebody else."""
    own: dict[str, Any] = {"home": HOME}
    with db.unit_of_work(cast.clare.scope):
        phonebook.add(by=cast.clare.identity, book=Book.COMPANY, name="Ruby Lens", numbers=[("work", "030 23125123")], **own)
    with db.unit_of_work(cast.alice.scope):
        phonebook.add(by=cast.alice.identity, book=Book.MINE, name="Otto Secret", numbers=[("mobile", "0171 4711")], **own)
    at = clock.now().strftime("%Y-%m-%dT%H:%M:%SZ")
    legs = [
        leg(init_time=at, caller=ALICE, callee=f"493023125123@{TRUNK}"),
        leg(init_time=at, caller=BOB, callee=f"4930999888@{TRUNK}"),
        leg(init_time=at, caller=f"4930777666@{TRUNK}", caller_hidden="1", callee=ALICE),
    ]
    for _step in calls.take_file(BytesIO(as_csv(*legs)), name="calls.csv", by=Identity.system("test")):
        pass


@pytest.mark.parametrize(
    ("name", "words", "expected"),
    [
        ("clare", "ali", {"extensions": ["Alice Meier"]}),
        ("clare", "meier", {"extensions": ["Alice Meier"]}),
        ("clare", "sal", {"groups": ["Sales"]}),
        ("clare", "101", {"extensions": ["Alice Meier"], "company_numbers": ["49305550000101"]}),
        ("clare", "ruby", {"phonebook": ["Ruby Lens"]}),
        ("clare", "otto", {}),
        ("clare", "030 2312", {"phonebook": ["Ruby Lens"], "callers": ["493023125123"]}),
        ("clare", "030 999", {"callers": ["4930999888"]}),
        ("clare", "030 777", {}),
        ("clare", "city", {}),
        ("clare", "ike", {}),
        ("clare", "556", {}),
        ("alice", "ruby", {"phonebook": ["Ruby Lens"]}),
        ("alice", "otto", {"phonebook": ["Otto Secret"]}),
        ("alice", "0171", {"phonebook": ["Otto Secret"]}),
        ("alice", "+49 30 2312", {"phonebook": ["Ruby Lens"], "callers": ["493023125123"]}),
        ("alice", "030 999", {}),
        ("alice", "bob", {}),
        ("bob", "030 999", {"callers": ["4930999888"]}),
        ("bob", "otto", {}),
        ("ike", "ruby", {}),
        ("ike", "030 2312", {}),
    ],
)
def test_people_of_customers_find_what_they_see(name: str, words: str, expected: dict[str, Any], cast: Cast, known: None) -> None:
    assert found(cast, name, words) == expected


@pytest.mark.parametrize("name", ["charlie", "rita"])
def test_those_of_another_provider_find_nothing_of_it(name: str, cast: Cast, known: None, browse: Browse) -> None:
    browser = browse(cast.people[name])
    for words in (*NAMES, "ruby", "otto", "030 2312", "030 999", "lens", "telephone.example", "0171", "49"):
        assert {title for titles in found(cast, name, words).values() for title in titles} <= {"Charlie"}, words
        for path in ("/search", "/search/results"):
            text = browser.get(path, query_string={"q": words}, check=False).text.replace(words, "")
            for secret in ("Lantern Co", "Alice", "Ruby", "Otto", "TelephOne", "23125123"):
                assert secret not in text


@pytest.mark.parametrize(
    ("withheld", "words", "gone"), [(["calls"], "030 2312", "callers"), (["changes"], "alice", ""), (["billing"], "alice", "")]
)
def test_what_is_withheld_is_not_found_while_viewing(
    withheld: list[str], words: str, gone: str, cast: Cast, known: None, browse: Browse
) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == cast.tom.account.id).values(withheld=withheld))
    tom = browse(cast.tom)
    tom.post(f"/accounts/{cast.clare.account.public_id}/view-as", {"reason": "Call 4711: a look"})
    page = tom.get("/search", query_string={"q": words}).text
    assert ("Calls with" in page) == (words == "030 2312" and gone != "callers")
    assert ("Ruby Lens" in page) == (words == "030 2312")


def test_eight_of_each_and_a_way_to_all(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()):
        for number in range(12):
            AccountFactory(reseller_id=cast.telephone.id, role="care", username=f"zed{number}@x.example", name=f"Zed {number:02}")
    assert len(found(cast, "tom", "zed")["accounts"]) == 8
    page = browse(cast.tom).get("/search?q=zed").text
    assert "Zed 07" in page
    assert "Zed 08" not in page
    assert 'href="/accounts?q=zed"' in page


@pytest.mark.parametrize("name", ["tom", "olga", "clare", "alice"])
def test_every_hit_leads_somewhere(name: str, cast: Cast, known: None, browse: Browse) -> None:
    browser, seen = browse(cast.people[name]), 0
    for words in ("al", "lan", "030 5550", "101", "sal", "ruby", "030 2312", "cheap", "clare"):
        page = browser.get("/search", query_string={"q": words}).text.partition("<main")[2]
        links = set(re.findall(r'href="(/[^"]*)"', page))
        for link in links - {"/search"}:
            seen += 1
            assert browser.get(link.replace("&amp;", "&"), check=False).status_code == 200, link
    assert seen > 3


@pytest.mark.parametrize("name", ["tom", "olga", "clare", "alice"])
def test_six_statements_at_most(name: str, cast: Cast, known: None, browse: Browse, database: db.Database) -> None:
    browser, statements = browse(cast.people[name]), []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        statements.append(statement)

    event.listen(database.bind, "before_cursor_execute", note)
    try:
        for path in ("/search?q=030+2312", "/search/results?q=lan"):
            statements.clear()
            assert browser.get(path, check=False).status_code == 200
            asked = [one for one in statements if "set_config" not in one and "SAVEPOINT" not in one]
            assert len(asked) <= 6, asked
    finally:
        event.remove(database.bind, "before_cursor_execute", note)


@pytest.mark.parametrize(
    "query", ["q=%00", "q=" + "x" * 5000, "q=%27%22%3E%3Cscript%3E", "q=%E2%80%AE", "", "q=" + "9" * 60, "q=%2B", "q=0"]
)
def test_odd_questions_are_answered(query: str, cast: Cast, browse: Browse) -> None:
    for name in ("tom", "olga", "clare", "alice"):
        browser = browse(cast.people[name])
        answer = browser.get(f"/search?{query}")
        assert answer.status_code == browser.get(f"/search/results?{query}", check=False).status_code == 200
        assert "<script>" not in answer.text.replace('<script type="module"', "")


def test_every_page_has_the_field_for_those_who_are_signed_in(cast: Cast, browse: Browse) -> None:
    for name in ("tom", "clare", "alice"):
        assert 'data-find="/search/results"' in browse(cast.people[name]).get("/account").text
    assert "data-find" not in browse(host="lantern.localhost").get("/login").text
    assert browse(host="lantern.localhost").get("/search?q=a").headers["Location"].startswith("/login")


def test_every_kind_leads_somewhere() -> None:
    assert set(LEADS) == set(Kind)

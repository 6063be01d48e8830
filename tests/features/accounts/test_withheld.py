"""What is withheld from a member of the staff, of what the role has: on their own pages, and while viewing as somebody."""

from collections.abc import Callable
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
from sqlalchemy import select, text, update

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.permissions import GRANTS, WITHHOLDS, P, Role, Withheld
from portal.core.tenancy import Scope
from portal.features.accounts import rules
from portal.features.accounts.models import Account
from portal.features.calls import operations as calls
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.features.calls.files import ALICE, TRUNK, as_csv, leg

Browse = Callable[..., Browser]


def withhold(person: Person, *what: str) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(withheld=list(what)))


def views(browser: Browser, person: Person) -> Browser:
    answer = browser.post(f"/accounts/{person.account.public_id}/view-as", {"reason": "Call 4711: a look"})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    return browser


@pytest.fixture
def called(cast: Cast) -> None:
    """Somebody has called Alice, and she somebody, for money."""
    at = (clock.now() - timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M:%SZ")
    legs = [leg(init_time=at), leg(init_time=at, caller=ALICE, callee=f"4930123123@{TRUNK}")]
    for _step in calls.take_file(BytesIO(as_csv(*legs)), name="calls.csv", by=Identity.system("test")):
        pass
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("SET LOCAL ROLE portal_worker"))
        session.execute(text("UPDATE call_record SET customer_cost = 1.234567, currency = 'EUR' WHERE direction = 'out'"))
        session.execute(text("SET LOCAL ROLE portal_web"))


# --- rules --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.RESELLER, Role.CARE])
def test_who_changes_nothing_has_no_right_to_change(role: Role) -> None:
    left = GRANTS[role] - WITHHOLDS[Withheld.CHANGES]
    assert {one for one in left if one.value.endswith(("_edit", "_lock"))} == set()
    assert P.ACCOUNTS_HELP not in left


def test_in_words_it_is_what_the_role_would_have() -> None:
    everything = [one.value for one in Withheld]
    assert rules.missed("reseller", []) == []
    assert rules.missed("care", everything) == [Withheld.CHANGES, Withheld.CALLS, Withheld.BILLING]
    assert rules.missed("care", ["passwords"]) == [Withheld.PASSWORDS]


def test_rights_and_what_is_withheld_are_two_sides() -> None:
    for rights in ([], ["calls"], [one.value for one in Withheld]):
        assert sorted(rules.rights_of(rules.withheld_of(rights))) == sorted(rights)


@pytest.mark.parametrize("before", [[], ["billing", "calls"], ["calls", "passwords"]])
def test_nobody_gives_or_takes_what_they_do_not_have(before: list[str]) -> None:
    everything, kept = [one.value for one in Withheld], [one for one in before if one == "calls"]
    assert rules.given(["calls"], everything, before) == kept
    assert rules.given(["calls"], [], before) == sorted({"billing", "changes", "passwords", *kept})


def test_an_administrator_without_calls_invites_nobody_who_sees_them(cast: Cast, browse: Browse) -> None:
    withhold(cast.tom, "calls")
    withhold(cast.cora, "passwords")
    tom, cora = browse(cast.tom), f"/staff/{cast.cora.account.public_id}/rights"
    assert 'value="calls"' not in tom.get("/staff/new").text
    typed = {
        "name": "Tom again",
        "email": "tom2@telephone.example",
        "role": "reseller",
        "rights": ["billing", "passwords", "changes"],
    }
    assert tom.post("/staff/new", typed).status_code == 303
    assert tom.post("/staff/new", {**typed, "email": "tom3@telephone.example", "rights": ["calls"]}).status_code == 422
    page = tom.get(cora).text
    assert 'value="calls"' not in page
    seen = {name: page.split(f'name="{name}" type="hidden" value="')[1].split('"')[0] for name in ("version", "seen")}
    typed = {"role": "care", "rights": ["billing", "changes"], **{name: unescape(value) for name, value in seen.items()}}
    assert tom.post(cora, typed | {"rights": ["billing"]}).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(Account).where(Account.username == "tom2@telephone.example")).one()
        assert found.withheld == ["calls"]
        assert session.get_one(Account, cast.cora.account.id).withheld == ["changes", "passwords"]


# --- their own pages ----------------------------------------------------------------------------------------------------------


def test_who_only_looks_sees_the_staff_and_no_buttons(cast: Cast, browse: Browse) -> None:
    withhold(cast.tom, "changes")
    tom = browse(cast.tom)
    for path in ("/staff", f"/staff/{cast.cora.account.public_id}", f"/accounts/{cast.alice.account.public_id}"):
        page = tom.get(path)
        assert page.status_code == 200
        main = page.text.partition("<main")[2]
        for word in ("Invite somebody", ">Edit<", ">Lock<", "End the account", "Send", 'method="post"'):
            assert word not in main, (path, word)
    for path in ("/staff/new", f"/staff/{cast.cora.account.public_id}/rights"):
        assert tom.get(path).status_code == 404
        assert tom.post(path).status_code in {403, 404}


def test_who_does_not_help_with_passwords_has_no_button_for_it(cast: Cast, browse: Browse) -> None:
    withhold(cast.cora, "passwords")
    cora, address = browse(cast.cora), f"/accounts/{cast.alice.account.public_id}"
    assert "Send" not in cora.get(address).text.partition("<main")[2]
    for action in ("send-link", "let-try-again", "clear-factors", "unlink-provider"):
        assert cora.post(f"{address}/{action}").status_code == 404


# --- viewing ------------------------------------------------------------------------------------------------------------------


def test_who_sees_no_calls_sees_none_while_viewing(cast: Cast, called: None, browse: Browse) -> None:
    withhold(cast.tom, "calls")
    for person in (cast.clare, cast.alice):
        tom = views(browse(cast.tom), person)
        page = tom.get("/")
        assert page.status_code == 200
        assert "Calls today" not in page.text
        assert "123123" not in page.text
        assert ">Calls<" not in page.text
        assert tom.get("/calls").status_code == tom.get("/calls.csv").status_code == 404
    assert "123123" in views(browse(cast.cora), cast.clare).get("/calls").text.replace(" ", "")


def test_who_sees_no_billing_sees_no_costs_while_viewing(cast: Cast, called: None, browse: Browse) -> None:
    withhold(cast.tom, "billing")
    tom, cora = views(browse(cast.tom), cast.clare), views(browse(cast.cora), cast.clare)
    assert "Cost" in cora.get("/calls").text
    assert "1.23" in cora.get("/calls").text
    page = tom.get("/calls").text
    assert "123123" in page.replace(" ", "")
    assert "Cost" not in page
    assert "1.23" not in page
    assert "1.234567" in cora.get("/calls.csv").text
    sheet = tom.get("/calls.csv").text
    assert "123123" in sheet.replace(" ", "")
    assert "1.234567" not in sheet
    assert "EUR" not in sheet


def test_who_changes_nothing_changes_nothing_while_viewing(cast: Cast, browse: Browse) -> None:
    withhold(cast.tom, "changes")
    line = cast.alice.subscriber.public_id
    for person in (cast.clare, cast.alice):
        tom = views(browse(cast.tom), person)
        assert tom.get("/call-handling").status_code == 200
        answer = tom.post(f"/call-handling/{line}/do-not-disturb", {"on": "1"})
        assert answer.status_code == 403
        assert "You may look, not change" in answer.text
        assert tom.post("/stop-viewing").status_code == 303, "which is no change"
    with db.unit_of_work(Scope.platform()) as session:
        assert not session.get_one(type(cast.alice.subscriber), cast.alice.subscriber.id).do_not_disturb


def test_the_one_who_is_viewed_keeps_what_they_have(cast: Cast, called: None, browse: Browse) -> None:
    withhold(cast.tom, "calls", "billing", "changes")
    views(browse(cast.tom), cast.clare)
    page = browse(cast.clare).get("/calls").text
    assert "123123" in page.replace(" ", "")
    assert "Cost" in page


def test_it_counts_at_the_next_request_while_viewing_too(cast: Cast, browse: Browse) -> None:
    tom = views(browse(cast.tom), cast.clare)
    assert tom.get("/calls").status_code == 200
    withhold(cast.tom, "calls")
    assert tom.get("/calls").status_code == 404

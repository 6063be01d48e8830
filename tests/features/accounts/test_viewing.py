"""Staff who see the portal as one of a customer's people: who may, what it shows, what stays out of reach, and when it ends."""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.core.identity import Identity, Viewer
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts import operations, rules
from portal.features.accounts.models import Account, AccountSession, Status
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.accounts import AccountFactory

Browse = Callable[..., Browser]
REASON = "Call 4711: cannot find the second number"
BANNER = "You are viewing as"


def address(person: Person) -> str:
    return f"/accounts/{person.account.public_id}/view-as"


def views(browser: Browser, person: Person) -> Browser:
    answer = browser.post(address(person), {"reason": REASON})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    return browser


@pytest.fixture
def tom(cast: Cast, browse: Browse) -> Browser:
    """Tom, who views as Clare."""
    return views(browse(cast.tom), cast.clare)


def sessions() -> list[AccountSession]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(AccountSession).order_by(AccountSession.id)))
        session.expunge_all()
        return found


def entries(*events: Event) -> list[AuditEntry]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(AuditEntry).where(AuditEntry.event.in_(events)).order_by(AuditEntry.id)))
        session.expunge_all()
        return found


def change(person: Person, **values: Any) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Account).where(Account.id == person.account.id).values(**values))


def cookie(browser: Browser) -> str:
    found = browser.client.get_cookie("session", domain=browser.host)
    assert found is not None
    return found.value


# --- beginning ----------------------------------------------------------------------------------------------------------------


def test_staff_see_what_the_person_sees(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    assert "Extensions" not in tom.get("/").text
    views(tom, cast.clare)
    page = tom.get("/extensions")
    assert page.status_code == 200
    assert "Alice Meier" in page.text
    assert f"{BANNER} Clare Fenn until" in page.text
    assert tom.get("/accounts").status_code == 404, "what only staff see is not there"


@pytest.mark.parametrize("path", ["/", "/extensions", "/numbers", "/calls", "/account", "/nothing-here", "/account/password"])
def test_every_page_says_so(path: str, tom: Browser) -> None:
    page = tom.get(path).text
    assert f"{BANNER} Clare Fenn until" in page
    assert 'action="/stop-viewing"' in page


def test_nobody_else_is_shown_a_banner(cast: Cast, browse: Browse, tom: Browser) -> None:
    for person in (cast.clare, cast.tom, cast.olga):
        assert BANNER not in browse(person).get("/").text
    assert BANNER not in browse(host="lantern.localhost").get("/login").text


@pytest.mark.parametrize("staff", ["tom", "cora"])
@pytest.mark.parametrize("person", ["clare", "alice", "ike"])
def test_reseller_and_care_view_as_anybody_of_their_customers(staff: str, person: str, cast: Cast, browse: Browse) -> None:
    browser = views(browse(cast.people[staff]), cast.people[person])
    assert f"{BANNER} {cast.people[person].account.name}" in browser.get("/").text


@pytest.mark.parametrize(
    ("staff", "person"),
    [
        ("tom", "charlie"),
        ("tom", "cora"),
        ("tom", "tom"),
        ("cora", "tom"),
        ("olga", "clare"),
        ("rita", "clare"),
        ("clare", "alice"),
    ],
)
def test_nobody_views_as_staff_or_as_somebody_of_another_provider(staff: str, person: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.people[staff])
    assert browser.get(address(cast.people[person])).status_code == 404
    assert browser.post(address(cast.people[person]), {"reason": REASON}).status_code == 404
    assert BANNER not in browser.get("/").text


def test_the_operator_views_as_a_customer_of_their_own(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        otto = AccountFactory(reseller_id=cast.telephone.id, role=Role.OPERATOR.value, username="otto@telephone.example")
        session.expunge(otto)
    assert f"{BANNER} Clare Fenn" in views(browse(Person(otto, "telephone.localhost")), cast.clare).get("/").text


@pytest.mark.parametrize("status", [Status.LOCKED, Status.TERMINATED])
def test_nobody_views_as_somebody_who_cannot_sign_in(status: Status, cast: Cast, browse: Browse) -> None:
    change(cast.clare, status=status.value)
    assert browse(cast.tom).post(address(cast.clare), {"reason": REASON}).status_code == 404


@pytest.mark.parametrize("reason", ["", "   ", "?", "x" * 201])
def test_a_reason_is_needed(reason: str, cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    assert tom.post(address(cast.clare), {"reason": reason}).status_code == 422
    assert BANNER not in tom.get("/").text


def test_who_it_is_is_asked_again_after_ten_minutes(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert tom.get(address(cast.clare)).headers["Location"] == f"/confirm?next={address(cast.clare)}"


def test_the_browser_is_given_another_id_when_it_begins_and_when_it_ends(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    seen = [cookie(tom)]
    views(tom, cast.clare)
    seen.append(cookie(tom))
    tom.post("/stop-viewing")
    seen.append(cookie(tom))
    assert len(set(seen)) == 3
    thief = browse(host=tom.host)
    for old in seen[:2]:
        thief.client.set_cookie("session", old, domain=tom.host)
        assert thief.get("/account").status_code == 302, "an older id opens nothing"


# --- the end ------------------------------------------------------------------------------------------------------------------


def test_stopping_leads_back_to_the_person(cast: Cast, tom: Browser) -> None:
    answer = tom.post("/stop-viewing")
    assert answer.headers["Location"] == f"/accounts/{cast.clare.account.public_id}"
    page = tom.follow(answer).text
    assert "You no longer view as Clare Fenn." in page
    assert BANNER not in page
    assert tom.get("/extensions").status_code == 404


def test_stopping_twice_or_without_viewing_is_no_mistake(cast: Cast, tom: Browser, browse: Browse) -> None:
    tom.post("/stop-viewing")
    assert tom.post("/stop-viewing").headers["Location"] == "/"
    assert browse(cast.alice).post("/stop-viewing").headers["Location"] == "/"
    assert len(entries(Event.VIEW_ENDED)) == 1


def test_after_half_an_hour_one_is_oneself_again(tom: Browser) -> None:
    now = clock.now()
    with clock.frozen(now + timedelta(minutes=20)):
        assert tom.get("/extensions").status_code == 200
    with clock.frozen(now + timedelta(minutes=30, seconds=1)):
        assert tom.get("/extensions").status_code == 404
        page = tom.get("/accounts")
        assert page.status_code == 200
        assert BANNER not in page.text


def test_it_ends_when_the_person_is_locked(cast: Cast, tom: Browser) -> None:
    change(cast.clare, status=Status.LOCKED.value)
    assert tom.get("/extensions").status_code == 404
    assert tom.get("/accounts").status_code == 200


def test_it_ends_when_the_staff_member_is_locked(cast: Cast, tom: Browser) -> None:
    change(cast.tom, status=Status.LOCKED.value)
    assert tom.get("/extensions").headers["Location"].startswith("/login")


def test_it_ends_with_the_session_that_it_is_in(cast: Cast, tom: Browser, browse: Browse) -> None:
    browse(cast.tom).post("/account/sessions/end-others")
    assert tom.get("/extensions").headers["Location"].startswith("/login")


def test_signing_out_signs_the_staff_member_out(cast: Cast, tom: Browser, browse: Browse) -> None:
    clare, kept = browse(cast.clare), cookie(tom)
    tom.post("/logout")
    thief = browse(host=tom.host)
    thief.client.set_cookie("session", kept, domain=tom.host)
    assert thief.get("/account").status_code == 302
    assert clare.get("/account").status_code == 200
    (ended, out) = entries(Event.VIEW_ENDED, Event.SIGNED_OUT)
    assert (ended.actor_name, out.actor_name, out.as_whom) == (cast.tom.account.name, cast.tom.account.name, None)


# --- traces -------------------------------------------------------------------------------------------------------------------


def test_beginning_and_end_are_in_the_persons_history(cast: Cast, tom: Browser) -> None:
    tom.post("/stop-viewing")
    began, ended = entries(Event.VIEW_STARTED, Event.VIEW_ENDED)
    for entry in (began, ended):
        assert entry.subject == cast.clare.account.public_id
        assert entry.customer_id == cast.lantern.id
        assert entry.actor == cast.tom.account.public_id
        assert entry.as_whom is None
    assert began.details == {"reason": REASON}
    assert f"Reason: {REASON}" in tom.get(f"/accounts/{cast.clare.account.public_id}").text


def test_what_is_done_is_kept_in_both_names(cast: Cast, tom: Browser, browse: Browse) -> None:
    extension = f"/extensions/{cast.alice.subscriber.public_id}"
    page = tom.get(f"{extension}/allowed").text
    version = page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    answer = tom.post(f"{extension}/allowed", {"version": version, "do_not_disturb": "y"})
    assert answer.status_code == 303, answer.text
    (entry,) = entries(Event.EXTENSION_CHANGED)
    assert (entry.actor, entry.actor_name) == (cast.tom.account.public_id, cast.tom.account.name)
    assert (entry.as_whom, entry.as_whom_name) == (cast.clare.account.public_id, "Clare Fenn")
    history = browse(cast.clare).get(extension).text
    assert cast.tom.account.name in history
    assert "Clare Fenn" in history


def test_the_person_is_not_shown_a_session_that_is_not_theirs(cast: Cast, tom: Browser, browse: Browse) -> None:
    assert browse(cast.clare).get("/account").text.count('<li class="device">') == 1


def test_choices_in_passing_are_not_kept_for_the_person(cast: Cast, tom: Browser) -> None:
    tom.post("/scheme", {"scheme": "dark", "next": "/"})
    with db.unit_of_work(Scope.platform()) as session:
        assert session.get_one(Account, cast.clare.account.id).scheme is None


# --- out of reach -------------------------------------------------------------------------------------------------------------


def test_nothing_that_is_for_the_person_alone_is_offered(tom: Browser) -> None:
    page = tom.get("/account").text
    for path in ("/account/password", "/account/person", "/account/email", "/account/display", "/account/sessions"):
        assert path not in page


def test_from_within_a_view_nobody_views_on(cast: Cast, tom: Browser) -> None:
    assert tom.get(address(cast.alice)).status_code == 403
    assert tom.post(address(cast.alice), {"reason": REASON}).status_code == 403
    assert [one.viewing_account_id for one in sessions()] == [cast.clare.account.id]


# Operations that may be called while viewing, and why.
NO_SESSION_YET = "comes before there is a session to view in"
OPEN = {
    "ask_for_passkey": NO_SESSION_YET,
    "counted": NO_SESSION_YET,
    "pass_recovery": NO_SESSION_YET,
    "pass_totp": NO_SESSION_YET,
    "sign_in_with_passkey": NO_SESSION_YET,
    "confirm_from_provider": "ends in `confirm`, which refuses",
    "check_moves_mail": "only asks; what moves the address refuses",
    "change_display": "its page is for the person alone; it proves nothing about who somebody is",
    "keep_preference": "keeps nothing then",
    "open_staff_account": "no page does it",
    "sign_out": "signs the staff member out",
    "stop_viewing": "that is what it is for",
}


def viewing(cast: Cast) -> Identity:
    """Tom, who views as Clare."""
    tom = cast.tom.account
    viewer = Viewer(tom.id, tom.public_id, tom.name, clock.now() + timedelta(minutes=10), REASON)
    return replace(cast.clare.identity, viewer=viewer)


def acting() -> Iterator[tuple[str, Callable[..., Any]]]:
    """All operations that somebody does, by name."""
    for name, operation in vars(operations).items():
        if inspect.isfunction(operation) and "by" in inspect.signature(operation).parameters and name not in OPEN:
            yield name, operation


@pytest.mark.parametrize("name", [name for name, _operation in acting()])
def test_no_operation_on_what_proves_who_somebody_is_goes_through(name: str, cast: Cast) -> None:
    """It refuses before it looks at anything else: everything else that it is given is nothing at all."""
    operation = getattr(operations, name)
    others = {one for one in inspect.signature(operation).parameters if one != "by"}
    with db.unit_of_work(cast.clare.scope), pytest.raises(Refused) as refused:
        operation(by=viewing(cast), **dict.fromkeys(others))
    assert refused.value.code == "viewing"


def test_the_open_ones_exist() -> None:
    assert set(vars(operations)) >= set(OPEN)


# --- who may help whom --------------------------------------------------------------------------------------------------------


def test_who_may_help_whom() -> None:
    matrix = {helper: {helped for helped in Role if rules.may_help(helper, helped)} for helper in Role}
    customers = {Role.PILOT, Role.SUBSCRIBER}
    assert matrix == {
        Role.OPERATOR: set(Role),
        Role.RESELLER: customers | {Role.RESELLER, Role.CARE},
        Role.CARE: customers | {Role.CARE},
        Role.PILOT: set(),
        Role.SUBSCRIBER: set(),
    }
    assert {role for role in Role if rules.may_be_viewed(role)} == customers

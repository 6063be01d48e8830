"""One's own account: what it shows to whom, and what one can change."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import audit, db, i18n, zones
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person

Browse = Callable[..., Browser]
NEW = "river stone candle mango"


def stored(person: Person) -> tuple[str | None, ...]:
    kept = select(Account.language, Account.time_zone, Account.scheme).where(Account.id == person.account.id)
    with db.unit_of_work(Scope.platform()) as session:
        return tuple(session.execute(kept).one())


def details(event: Event) -> list[dict[str, Any]]:
    with db.unit_of_work(Scope.platform()) as session:
        return list(session.scalars(select(AuditEntry.details).where(AuditEntry.event == event)))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("clare", ["Clare Fenn", "clare@lantern.telephone.example", "Pilot:", "Lantern Co"]),
        ("alice", ["Alice Meier", "alice@lantern.telephone.example", "Subscriber", "Your company’s pilot can change this."]),
        ("charlie", ["Charlie", "charlie@cheapcall.example", "Subscriber"]),
        ("tom", ["tom@telephone.example", "Administrator"]),
        ("cora", ["cora@telephone.example", "Customer care"]),
        ("olga", ["olga@isar.example", "Operator of the platform"]),
    ],
)
def test_everybody_sees_their_own_data(cast: Cast, browse: Browse, name: str, words: list[str]) -> None:
    page = browse(cast.people[name]).get("/account")
    assert page.status_code == 200
    for word in words:
        assert word in page.text.replace("<wbr>", "")


def test_staff_have_no_line(cast: Cast, browse: Browse) -> None:
    assert 'id="line"' not in browse(cast.tom).get("/account").text


def test_nobody_is_sent_to_sign_in(cast: Cast, browse: Browse) -> None:
    answer = browse(host="lantern.localhost").get("/account")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/login")


def test_the_line_shows_extension_and_number(cast: Cast, browse: Browse) -> None:
    page = browse(cast.alice).get("/account").text
    assert "5550000101" in page.replace(" ", "")
    assert 'data-copy="+49305550000101"' in page


def test_display_is_edited_in_place(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    page = browser.get("/account/display").text
    assert "section-editing" in page
    assert "<option" in page
    assert "As the provider sets it: Berlin" in page
    answer = browser.post("/account/display", {"language": "", "time_zone": "America/Argentina/Buenos_Aires", "scheme": "dark"})
    page = browser.follow(answer).text
    assert "Saved." in page
    assert "Buenos Aires" in page
    assert 'data-scheme="dark"' in page
    assert stored(cast.alice) == (None, "America/Argentina/Buenos_Aires", "dark")
    assert details(Event.ACCOUNT_CHANGED) == [{"time_zone": [None, "America/Argentina/Buenos_Aires"], "scheme": [None, "dark"]}]


def test_saving_without_a_change_leaves_no_trace(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.alice).post("/account/display", {"language": "", "time_zone": "", "scheme": ""})
    assert answer.status_code == 303
    assert not details(Event.ACCOUNT_CHANGED)


@pytest.mark.parametrize("field", [{"language": "xx"}, {"time_zone": "Mars/Olympus"}, {"scheme": "pink"}])
def test_a_made_up_choice_is_refused_at_its_field(cast: Cast, browse: Browse, field: dict[str, str]) -> None:
    answer = browse(cast.alice).post("/account/display", {"language": "", "time_zone": "", "scheme": ""} | field)
    assert answer.status_code == 422
    assert "Please choose one of the offered values." in answer.text
    assert stored(cast.alice) == (None, None, None)


def test_the_account_knows_better_than_the_browser(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(i18n, "available", lambda: frozenset({"de", "en"}))
    browser = browse(cast.alice, language="de")
    assert '<html lang="de"' in browser.get("/account").text
    browser.post("/account/display", {"language": "en", "time_zone": "", "scheme": ""})
    assert '<html lang="en"' in browser.get("/account").text
    assert stored(cast.alice) == ("en", None, None)
    browser.post("/account/display", {"language": "", "time_zone": "", "scheme": ""})
    assert '<html lang="de"' in browser.get("/account").text


def test_a_choice_in_passing_is_forgotten_when_display_is_saved(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    browser.post("/scheme", {"scheme": "dark", "next": "/account"})
    assert 'data-scheme="dark"' in browser.get("/account").text
    browser.post("/account/display", {"language": "", "time_zone": "", "scheme": ""})
    assert 'data-scheme="dark"' not in browser.get("/account").text


def test_times_follow_the_time_zone(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    assert "Berlin" in browser.get("/account").text
    browser.post("/account/display", {"language": "", "time_zone": "Asia/Tokyo", "scheme": ""})
    assert "Tokyo" in browser.get("/account").text


def test_every_zone_has_its_region_once() -> None:
    every = [name for names in zones.time_zones().values() for name in names]
    assert len(every) == len(set(every))
    assert "Europe/Berlin" in zones.time_zones()["Europe"]
    assert zones.place_of("America/Argentina/Buenos_Aires") == "Buenos Aires"


def test_a_password_is_changed_in_place(cast: Cast, browse: Browse) -> None:
    here, elsewhere = browse(cast.alice), browse(cast.alice)
    assert "section-editing" in here.get("/account/password").text
    answer = here.post("/account/password", {"current": PASSWORD, "password": NEW, "repeat": NEW})
    assert "Your password is changed." in here.follow(answer).text
    assert details(Event.PASSWORD_CHANGED) == [{"password": audit.CHANGED}]
    assert elsewhere.get("/account").status_code == 302, "other sessions end"
    again = browse(host="lantern.localhost")
    assert again.post("/login", {"username": "alice", "password": PASSWORD}).status_code == 422
    assert again.post("/login", {"username": "alice", "password": NEW}).status_code == 303


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"current": "not it at all"}, "This is not your current password."),
        ({"repeat": "something else entirely"}, "The two passwords are not the same."),
        ({"password": "short", "repeat": "short"}, "Use at least 12 characters."),
        ({"password": "alice in wonderland 77", "repeat": "alice in wonderland 77"}, "must not contain your own name"),
        ({"password": PASSWORD, "repeat": PASSWORD}, "This is the password that you have now."),
        ({"current": ""}, "Please fill this in."),
    ],
)
def test_a_password_that_will_not_do(cast: Cast, browse: Browse, typed: dict[str, str], sentence: str) -> None:
    answer = browse(cast.alice).post("/account/password", {"current": PASSWORD, "password": NEW, "repeat": NEW} | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert NEW not in answer.text, "passwords are not sent back"
    assert not details(Event.PASSWORD_CHANGED)


def test_a_form_without_its_token_changes_nothing(cast: Cast, browse: Browse) -> None:
    answer = browse(cast.alice).post("/account/display", {"scheme": "dark"}, token=False)
    assert answer.status_code in {400, 422}
    assert stored(cast.alice) == (None, None, None)


def test_zones_are_offered_by_region(cast: Cast, browse: Browse) -> None:
    page = browse(cast.alice).get("/account/display").text
    assert '<option value="" selected>As the provider sets it: Berlin</option><optgroup label="Africa">' in page
    assert '<option value="Europe/Paris">Paris</option>' in page

"""Imports are a pilot's, of one company, in person; their pages ask the database little."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest

from portal.core import clock, db
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.conftest import statements
from tests.features.pbx.imports.conftest import Importing
from tests.features.pbx.imports.walking import GOOD, HEAD, Walk, as_file
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
MOST_QUERIES = 6
WITHIN = ("", "/columns", "/undo", "/rows.csv", "/passwords")
ASKED = ("/columns", "/check", "/write", "/undo", "/drop", "/passwords.csv")


@pytest.fixture
def walk(own_cast: Cast, browse: Browse, importing: Importing) -> Walk:
    return Walk(browse(own_cast.clare), importing)


@pytest.mark.parametrize("name", ["ike", "alice", "charlie", "rita", "tom"])
def test_others_find_nothing_and_change_nothing(walk: Walk, own_cast: Cast, browse: Browse, name: str) -> None:
    address, stranger = walk.written(*GOOD), browse(own_cast.people[name])
    before = text_of(walk.browser.get(address))
    for more in WITHIN:
        assert stranger.get(f"{address}{more}").status_code == 404
    for more in ASKED:
        assert stranger.post(f"{address}{more}").status_code == 404
    corrects = f"/imports/new?corrects={address.rpartition('/')[2]}"
    assert stranger.post(corrects, {"file": as_file(*GOOD)}).status_code == 404
    walk.importing.work()
    assert text_of(walk.browser.get(address)) == before
    if name != "ike":
        for page in ("/imports", "/imports/new", "/extensions/range", "/extensions.csv", "/groups.csv", "/numbers.csv"):
            assert stranger.get(page).status_code == 404


def test_staff_who_view_as_the_pilot_see_imports_and_change_none(walk: Walk, own_cast: Cast, browse: Browse) -> None:
    written, checked = walk.written(*GOOD), walk.checked("Extension,Name", "610,Dispatch", kind="groups")
    cora = browse(own_cast.cora)
    assert cora.post(f"/accounts/{own_cast.clare.account.public_id}/view-as", {"reason": "Call 4711"}).status_code == 303
    for page in ("/imports", written, checked):
        shown = cora.get(page)
        assert shown.status_code == 200
        for kept in ("/imports/new", "/undo", "/write", "/drop", "/passwords"):
            assert kept not in shown.text
    for page in ("/imports/new", "/extensions/range", f"{written}/undo", f"{written}/passwords", f"{checked}/columns"):
        assert cora.get(page).status_code == 403
    for more in ASKED:
        assert cora.post(f"{written}{more}").status_code == 403


def test_passwords_are_for_who_has_just_shown_who_they_are_once(walk: Walk) -> None:
    browser, address = walk.browser, walk.written(*GOOD)
    assert f"{address}/passwords" in browser.get(address).text
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert browser.get(f"{address}/passwords").headers["Location"] == f"/confirm?next={address}/passwords"
        assert browser.post(f"{address}/passwords.csv").headers["Location"] == "/confirm"
    assert "It can be downloaded once." in text_of(browser.get(f"{address}/passwords"))
    answer = browser.post(f"{address}/passwords.csv")
    assert re.fullmatch(r'attachment; filename="sip-passwords-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "no-store"
    head, row = answer.text.removeprefix("\ufeff").splitlines()
    assert head == '"Extension","Name","SIP user","SIP password","Server"'
    assert re.fullmatch(r'"104","Dora Klein","104","(\w{4}-){3}\w{4}","lantern.telephone.example"', row)

    assert "Clare Fenn downloaded the SIP passwords of the import people.csv" in text_of(browser.get("/audit"))

    again = browser.post(f"{address}/passwords.csv")
    assert (again.status_code, "have been downloaded, or a day has passed" in text_of(again)) == (422, True)
    assert "The passwords are gone" in text_of(browser.get(f"{address}/passwords"))
    assert f"{address}/passwords" not in browser.get(address).text


def test_pages_ask_the_database_little_and_never_per_row(walk: Walk, own_database: db.Database) -> None:
    browser = walk.browser
    address = walk.written(HEAD, *(f"{n},Line {n},line{n}@lantern.example" for n in range(110, 150)))
    report = walk.checked("Extension,Name,Members", *(f"{n},Group {n},101; 102; 103" for n in range(610, 640)), kind="groups")
    browser.get("/imports")
    for page in (
        "/imports",
        "/imports/new",
        "/extensions/range",
        address,
        f"{address}?verdict=new&rows=25&page=2",
        f"{address}/undo",
        report,
        f"{report}/columns",
    ):
        with statements(own_database) as seen:
            assert browser.get(page).status_code == 200
        assert len(seen) <= MOST_QUERIES, (page, seen)
        assert not any("content" in statement.partition("FROM")[0] for statement in seen), "no page reads the file"

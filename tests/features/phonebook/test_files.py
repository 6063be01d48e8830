"""Files: what one would bring is shown first, written in one go, and taken back; what is downloaded can be brought in again."""

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from portal.core import db
from portal.features.phonebook import operations, queries, rules
from portal.features.phonebook.models import Entry, EntryNumber, Kept
from portal.features.phonebook.queries import Book, reader
from tests.browser import Browser
from tests.cast import Cast
from tests.features.phonebook.conftest import HOME, enter
from tests.features.phonebook.test_pages import text_of

Browse = Callable[..., Browser]
TABLE = "Name,Company,Number\r\nRuby Books,Ruby GmbH,030 23125 123\r\nSaba,,0171 3920099\r\nNobody,,call me\r\nTom,,\r\n"


def send(browser: Browser, data: bytes | str, name: str = "people.csv", **more: str) -> TestResponse:
    content = data.encode() if isinstance(data, str) else data
    fields = {"csrf_token": browser.token(), "file": FileStorage(BytesIO(content), name, "file"), **more}
    boundary, body = encode_multipart(fields)  # by hand: the client would leave a file of its own open
    kind, origin = f"multipart/form-data; boundary={boundary}", f"http://{browser.host}"
    return browser._seen(browser.client.post("/phonebook/import", data=body, content_type=kind, base_url=origin), check=True)


def key_of(page: TestResponse) -> str:
    found = re.search(r'name="key" value="(\w+)"', page.text)
    assert found is not None
    return found[1]


def names(cast: Cast, who: str) -> list[str]:
    with db.unit_of_work(cast.people[who].scope) as session:
        return list(
            session.scalars(select(Entry.name).where(queries.seen(reader(cast.people[who].identity))).order_by(Entry.name))
        )


def test_a_file_is_looked_at_written_and_taken_back(cast: Cast, browse: Browse) -> None:
    enter(cast.clare, "Ruby Books", "+49 30 23125123")
    browser = browse(cast.clare)
    page = browser.follow(send(browser, TABLE, book="company"))
    said = text_of(page)
    assert "One entry is new. One is there already. 2 cannot be used." in said
    assert "4 Nobody There is no telephone number that can be used." in said
    assert "people.csv" in said
    assert names(cast, "clare") == ["Ruby Books"]
    key = key_of(page)
    page = browser.follow(browser.post("/phonebook/import/write", {"key": key}))
    assert "1 entry is added." in page.text
    assert names(cast, "bob") == ["Ruby Books", "Saba"]
    assert browser.post("/phonebook/import/write", {"key": key}).status_code == 404
    undo = {"key": key_of(page), "book": "company"}
    page = browser.follow(browser.post("/phonebook/import/undo", undo))
    assert "1 entry is removed again." in page.text
    assert names(cast, "bob") == ["Ruby Books"]
    assert "This cannot be undone any more." in browser.follow(browser.post("/phonebook/import/undo", undo)).text


def test_what_somebody_has_changed_stays_when_an_import_is_undone(as_clare: Cast) -> None:
    by = as_clare.clare.identity
    table = b"Name,Number\nRuby,030 1\nSaba,030 2\n"
    kept = operations.read_file(by=by, book=Book.COMPANY, name="x.csv", data=table, languages=["en"], home=HOME)
    done = operations.write_file(by=by, key=kept.public_id)
    assert done.added == 2
    ruby = db.session().scalars(select(Entry).where(Entry.name == "Ruby")).one()
    operations.change_person(by=by, entry=ruby, version=1, name="Ruby Books", company=None, email=None, note=None)
    gone = operations.undo_import(by=by, book=Book.COMPANY, key=done.key)
    assert (gone.removed, gone.stayed) == (1, 1)
    assert db.session().scalars(select(Entry.name)).all() == ["Ruby Books"]
    assert db.session().scalars(select(EntryNumber.digits)).all() == ["49301"]


def test_a_file_goes_into_one_s_own_phonebook(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    page = browser.follow(send(browser, TABLE, book="company"))  # not hers to choose
    assert "into your own phonebook" in page.text
    browser.post("/phonebook/import/write", {"key": key_of(page)})
    assert names(cast, "alice") == ["Ruby Books", "Saba"]
    assert names(cast, "bob") == names(cast, "clare") == []


def test_what_waits_is_nobody_else_s(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    key = key_of(alice.follow(send(alice, TABLE)))
    for who in ("bob", "clare", "ike", "charlie"):
        other = browse(cast.people[who])
        assert "Saba" not in other.get("/phonebook/import").text
        for act in ("write", "drop"):
            assert other.post(f"/phonebook/import/{act}", {"key": key}).status_code == 404
    assert alice.follow(alice.post("/phonebook/import/drop", {"key": key})).status_code == 200
    with db.unit_of_work(cast.alice.scope) as session:
        assert session.scalars(select(Kept)).all() == []
    assert "Choose a file" not in alice.get("/phonebook/import").text


def test_another_file_takes_the_place_of_the_one_before(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    first = key_of(browser.follow(send(browser, TABLE)))
    page = browser.follow(send(browser, "Name,Number\nMia,030 3\n"))
    assert "Saba" not in page.text
    assert browser.post("/phonebook/import/write", {"key": first}).status_code == 404
    assert 'type="file"' in browser.get("/phonebook/import?other=1").text
    assert "Mia" in browser.get("/phonebook/import").text


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "There is nothing in this file."),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "This is no file of contacts. Choose one that ends in .vcf or .csv."),
        (b"Shoe,Size\nx,44\n", "The first line names no column for names."),
        (b"BEGIN:VCARD\nFN:x\nTEL:1\nEND:VCARD\n" * 10_000, "This file has more than 5000 entries."),
    ],
)
def test_a_file_that_holds_no_contacts(cast: Cast, browse: Browse, data: bytes, sentence: str) -> None:
    page = send(browse(cast.alice), data, "photo.vcf")
    assert page.status_code == 422
    assert sentence in page.text


def test_no_file_and_one_that_is_too_large(cast: Cast, browse: Browse) -> None:
    browser = browse(cast.alice)
    nothing = browser.post("/phonebook/import", {"book": "mine"})
    assert nothing.status_code == 422
    assert "Choose a file first." in nothing.text
    page = browser.follow(send(browser, b"x" * 10_000_001))
    assert "This file is larger than 10 MB." in page.text


def test_cards_with_photos_come_in_without_them(cast: Cast, browse: Browse) -> None:
    photo = "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 100_000
    cards = "".join(
        f"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Mia {n}\r\nTEL;TYPE=CELL:0171 39200{n:02}\r\n{photo}\r\nEND:VCARD\r\n"
        for n in range(8)
    )
    browser = browse(cast.alice)
    page = browser.follow(send(browser, cards, "phone.vcf"))
    assert "8 entries are new." in page.text
    assert len(page.data) < 60_000


def test_a_file_that_does_not_fit_is_refused_as_a_whole(cast: Cast, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_OWN", 1)
    browser = browse(cast.alice)
    page = browser.follow(send(browser, "Name,Number\nMia,030 3\nTom,030 4\n"))
    answer = browser.post("/phonebook/import/write", {"key": key_of(page)})
    assert answer.status_code == 422
    assert "This phonebook holds 1 entries at most." in answer.text
    assert names(cast, "alice") == []


def test_a_full_import_of_five_thousand(as_clare: Cast) -> None:
    by = as_clare.clare.identity
    table = "Name,Number\n" + "".join(f"Somebody {n},+49 30 {n + 100_000}\n" for n in range(5_000))
    kept = operations.read_file(by=by, book=Book.COMPANY, name="x.csv", data=table.encode(), languages=["en"], home=HOME)
    assert operations.write_file(by=by, key=kept.public_id).added == 5_000


@pytest.fixture
def filled(cast: Cast) -> Cast:
    enter(cast.clare, "=Ruby", "030 23125 123", "0171 3920012", company="Ruby; GmbH", note="“Ö”, twice")
    enter(cast.clare, "Ärzte am Tor", "+44 20 7946 0321", email="tor@aerzte.example")
    enter(cast.alice, "Dr. Green", "0171 3920013", book=Book.MINE)
    return cast


@pytest.mark.parametrize("kind", ["csv", "vcf"])
def test_what_is_downloaded_comes_in_again_unchanged(filled: Cast, browse: Browse, kind: str) -> None:
    alice, ike = browse(filled.alice), browse(filled.ike)
    file = alice.get(f"/phonebook.{kind}")
    assert re.fullmatch(rf'attachment; filename="phonebook-[\d-]{{10}}\.{kind}"', file.headers["Content-Disposition"])
    page = ike.follow(send(ike, file.data, f"all.{kind}", book="company"))
    assert "3 entries are new." in page.text
    ike.post("/phonebook/import/write", {"key": key_of(page)})
    assert ike.get(f"/phonebook.{kind}").data == file.data
    again = alice.follow(send(alice, file.data, f"all.{kind}"))
    assert "One is there already." in again.text


@pytest.mark.parametrize(
    ("asked", "found"),
    [("", 3), ("?book=mine", 1), ("?book=company", 2), ("?q=030", 1), ("?letter=A", 1), ("?q=nobody", 0), ("?rows=25&page=3", 3)],
)
def test_a_file_has_what_the_list_shows(filled: Cast, browse: Browse, asked: str, found: int) -> None:
    browser = browse(filled.alice)
    assert browser.get(f"/phonebook.vcf{asked}").text.count("BEGIN:VCARD") == found
    assert len(browser.get(f"/phonebook.csv{asked}").text.splitlines()) == found + 1


def test_no_cell_of_a_file_runs(filled: Cast, browse: Browse) -> None:
    text = browse(filled.alice).get("/phonebook.csv").data.decode("utf-8-sig")
    assert '"\'=Ruby","Ruby; GmbH"' in text
    assert '"+49 30 23125123","Work","+49 171 3920012","Work"' in text

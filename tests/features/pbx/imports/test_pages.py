"""From a file to people in the list, and back, as a browser sees it."""

import io
import re
from collections.abc import Callable
from html import unescape

import pytest

from portal.core import clock, db
from portal.core.ids import PublicId
from portal.features.pbx import operations, queries
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.features.pbx.rules import files
from portal.features.pbx.views import imports as views
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.imports.conftest import Importing
from tests.features.pbx.imports.walking import GOOD, HEAD, MIXED, Walk, as_file, post_large
from tests.features.pbx.reading import rows_of, text_of

Browse = Callable[..., Browser]


@pytest.fixture
def walk(own_cast: Cast, browse: Browse, importing: Importing) -> Walk:
    return Walk(browse(own_cast.clare), importing)


def test_a_file_is_read_reported_imported_and_undone(walk: Walk) -> None:
    browser = walk.browser
    assert "Nothing has been imported yet" in text_of(browser.get("/imports"))
    address = walk.upload(*GOOD).headers["Location"]
    progress = browser.get(address)
    assert "Checking the rows" in text_of(progress)
    assert "data-refresh" in progress.text
    assert f'<noscript><a class="button" href="{address}">' in progress.text, "true without JavaScript"
    assert text_of(browser.get(address)) == text_of(progress), "and after loading it again"
    walk.importing.work()

    report = text_of(browser.get(address))
    for words in (
        "1 extension will be added. 1 extension will be changed.",
        "Nothing has been changed yet.",
        "E-mail dora@lantern.example",
        "before: Alice Meier now: Alice Weber",
        "Import 2 rows",
    ):
        assert words in report
    assert "Web user name" not in report, "what is as usual is not said"
    assert rows_of(browser.get("/extensions")) == ["Alice Meier", "Bob Turner", "Carol Nguyen"]

    assert walk.write(address).headers["Location"] == address
    assert "Importing" in text_of(browser.get(address))
    walk.importing.work()
    result = text_of(browser.get(address))
    assert "1 extension was added. 1 extension was changed." in result
    assert "Clare Fenn imported it" in result
    assert rows_of(browser.get("/extensions")) == ["Alice Weber", "Bob Turner", "Carol Nguyen", "Dora Klein"]
    assert "people.csv Extensions 1 extension was added. 1 extension was changed Clare Fenn" in text_of(browser.get("/imports"))

    question = text_of(browser.get(f"{address}/undo"))
    assert "1 extension that was added goes, with its sign-in; its phone stops working." in question
    assert "1 extension is again as it was." in question
    assert browser.post(f"{address}/undo").headers["Location"] == address
    assert "Undoing the import" in text_of(browser.get(address))
    walk.importing.work()
    assert "This import was undone: everything is as it was before." in text_of(browser.get(address))
    assert rows_of(browser.get("/extensions")) == ["Alice Meier", "Bob Turner", "Carol Nguyen"]
    assert browser.get(f"{address}/undo").headers["Location"] == address, "nothing is left to undo"


def test_refused_rows_say_why_at_their_cell_and_are_left_out_only_when_that_is_said(walk: Walk) -> None:
    browser, address = walk.browser, walk.checked(*MIXED)
    report = browser.get(address)
    assert "2 rows cannot be imported." in text_of(report)
    assert "4 Emil Frey 105 Refused Refused E-mail emil@ This does not look like an e-mail address." in text_of(report)
    assert "5 Zoe Young 99 Refused Refused Extension 99 Your extensions reach from 100 to 699." in text_of(report)
    assert f'href="{address}?verdict=refused#rows"' in report.text

    answer = walk.write(address)
    assert (answer.status_code, "Nothing was imported" in answer.text) == (422, True)
    assert "Some rows cannot be imported. Say that they are left out, or upload a corrected file." in text_of(answer)
    assert walk.write(address, leave_out="y").status_code == 303
    walk.importing.work()
    assert "2 rows were left out." in text_of(browser.get(address))


def test_rows_are_filtered_searched_and_paged(walk: Walk) -> None:
    browser, address = walk.browser, walk.checked(HEAD, *(f"{n},Line {n},{'x' if n % 2 else ''}" for n in range(110, 170)))
    assert "1 to 50 of 60" in text_of(browser.get(address))
    assert "51 to 60 of 60" in text_of(browser.get(f"{address}?page=2"))
    refused = text_of(browser.get(f"{address}?verdict=refused"))
    assert "1 to 30 of 30" in refused
    assert "Remove this filter" in refused
    assert "1 to 1 of 1" in text_of(browser.get(f"{address}?q=Line+112"))
    assert "No row fits" in text_of(browser.get(f"{address}?q=nobody"))
    for odd in ("page=9", "verdict=odd", "rows=7", "q=%00"):
        assert "1 to 50 of 60" in text_of(browser.get(f"{address}?{odd}"))


def test_older_imports_are_on_further_pages(walk: Walk, own_cast: Cast) -> None:
    own = {"reseller_id": own_cast.telephone.id, "customer_id": own_cast.lantern.id, "by_name": "Clare Fenn"}
    with db.unit_of_work(walk.importing.scope) as session:
        for number in range(30):
            done = {"state": ImportState.UNDONE.value, "kind": ImportKind.NUMBERS.value, "counts": {}, "options": {}}
            session.add(Import(**own, **done, name=f"file {number}.csv", created_at=clock.now()))
    first = walk.browser.get("/imports?rows=25")
    assert "file 29.csv" in first.text
    assert "file 4.csv" not in first.text
    further = re.search(r'rel="next" href="([^"]+)"', first.text)
    assert further is not None
    second = walk.browser.get(unescape(further[1]))
    assert "file 4.csv" in second.text
    assert 'rel="prev"' in second.text
    assert 'rel="next"' not in second.text


def test_columns_that_are_not_known_are_asked_for(walk: Walk) -> None:
    browser = walk.browser
    page = walk.upload("Nr,Wer,E-mail", "104,Dora Klein,dora@lantern.example").headers["Location"]
    assert page.endswith("/columns")
    shown = text_of(browser.get(page))
    assert "Nr 104" in shown
    assert "Wer Dora Klein" in shown
    assert browser.get(page.removesuffix("/columns")).headers["Location"] == page

    fields = {"separator": ",", "encoding": "utf-8"}
    for chosen, sentence in (
        (["", "", "email"], "The file has no column “Extension”. Say which one it is, or add it."),
        (["extension", "extension", ""], "Two columns are both taken for “Extension”. Choose one of them."),
        ([], "The file has no column “Extension”. Say which one it is, or add it."),
    ):
        answer = browser.post(page, {**fields, "columns": chosen})
        assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    answer = browser.post(page, {**fields, "columns": ["extension", "display_name", "email"]})
    walk.importing.work()
    assert "1 extension will be added." in text_of(browser.get(answer.headers["Location"]))
    assert "Nr" in text_of(browser.get(page)), "they can be chosen again"


def test_a_file_is_read_again_in_another_way(walk: Walk) -> None:
    browser = walk.browser
    page = browser.post("/imports/new", {"file": (io.BytesIO("Ext\tWho\n104\tJörg\n".encode("cp1252")), "x.csv")}).headers[
        "Location"
    ]
    assert "Ext 104 " in text_of(browser.get(page))
    again = {"separator": ";", "encoding": "utf-8", "again": "1", "columns": ["extension", ""]}
    answer = browser.post(page, again)
    assert (answer.status_code, "cannot be read as Unicode (UTF-8)" in answer.text) == (422, True)
    answer = browser.post(page, {**again, "encoding": "cp1252"})
    assert "Ext Who" in text_of(browser.follow(answer)), "one column, for there is no semicolon"


BAD = {
    b"a," * 150 + b"\r\n1\r\n": "This file has 151 columns; 100 are read at most.",
    b"": "There is nothing in this file.",
    b"\xef\xbb\xbf\r\n": "There is nothing in this file.",
    b"Extension,Name\r\n": "There are headings in this file, and no rows below them.",
    b"PK\x03\x04rest": "This is a workbook.",
    b"\x01\x02\x03\x04\x05\x06\x07\x08" * 100: "This is not a CSV file.",
}


@pytest.mark.parametrize("content", BAD)
def test_what_is_no_file_of_rows_is_said_at_the_field(walk: Walk, content: bytes) -> None:
    answer = walk.browser.post("/imports/new", {"file": (io.BytesIO(content), "odd.csv")})
    assert answer.status_code == 422
    assert BAD[content] in text_of(answer)
    assert 'id="file-error"' in answer.text
    assert "Nothing has been imported yet" in text_of(walk.browser.get("/imports"))


def test_no_file_too_many_rows_and_too_many_bytes(walk: Walk, monkeypatch: pytest.MonkeyPatch) -> None:
    browser = walk.browser
    for nothing in ({}, {"file": (io.BytesIO(b""), "")}):
        assert "Choose a file first." in text_of(browser.post("/imports/new", nothing))
    many = "Extension,Name\n" + "".join(f"{n},Somebody\n" for n in range(50_000))
    assert "50000 rows; 10000 can be imported at once" in text_of(post_large(browser, "/imports/new", many.encode())).replace(
        "50,000", "50000"
    ).replace("10,000", "10000")
    large = b"Extension,Name\n" + b"1" * (files.LARGEST + 1)
    answer = post_large(browser, "/imports/new?kind=groups", large)
    assert (answer.status_code, "This file is larger than 10 MB." in text_of(answer)) == (422, True)

    monkeypatch.setattr(browser.client.application.view_functions["pbx.new_import"], "largest_request", 1000)
    answer = post_large(browser, "/imports/new?kind=groups", large)
    assert answer.headers["Location"] == "/imports/new?kind=groups&large=1"
    answer = browser.follow(answer)
    assert (answer.status_code, "This file is larger than 10 MB." in text_of(answer)) == (422, True)
    assert 'id="file-error"' in answer.text


def test_only_that_page_takes_large_requests_and_only_from_whoever_is_signed_in(walk: Walk, browse: Browse) -> None:
    large = b"x" * 3_000_000
    assert post_large(walk.browser, "/imports/new", large).status_code == 422
    elsewhere = post_large(walk.browser, "/numbers", large)
    assert (elsewhere.status_code, "This is too large" in elsewhere.text, "TelephOne" in elsewhere.text) == (413, True, True)
    nobody = post_large(browse(host="lantern.localhost"), "/imports/new", large)
    assert (nobody.status_code, "large=1" in nobody.headers["Location"]) == (303, True)
    assert views.LARGEST_UPLOAD > 2_000_000


def test_a_formula_is_text_here_and_harmless_in_the_result(walk: Walk) -> None:
    address = walk.written(HEAD, "104,=cmd|'/c calc'!A0,", "105,Emil,=1+1", leave_out="y")
    assert "=cmd|'/c calc'!A0" in text_of(walk.browser.get(address))
    result = walk.browser.get(f"{address}/rows.csv").text
    assert '''"'=cmd|'/c calc'!A0"''' in result
    assert '''"'=1+1"''' in result


def test_the_result_says_of_each_row_what_became_of_it(walk: Walk) -> None:
    address = walk.written(*MIXED, leave_out="y")
    answer = walk.browser.get(f"{address}/rows.csv")
    assert re.fullmatch(r'attachment; filename="import-\d{4}-\d\d-\d\d\.csv"', answer.headers["Content-Disposition"])
    assert answer.text.removeprefix("\ufeff").splitlines() == [
        '"Row","Extension","Name","E-mail","Result","Reason"',
        '"2","104","Dora Klein","dora@lantern.example","Added",""',
        '"3","101","Alice Weber","","Changed",""',
        '"4","105","Emil Frey","emil@","Left out","E-mail: This does not look like an e-mail address."',
        '"5","99","Zoe Young","","Left out","Extension: Your extensions reach from 100 to 699."',
    ]


def test_a_corrected_file_keeps_what_its_columns_mean(walk: Walk) -> None:
    browser = walk.browser
    page = walk.upload("Nr,Wer,Mail", "104,Dora Klein,dora@").headers["Location"]
    fields = {"separator": ",", "encoding": "utf-8", "columns": ["extension", "display_name", "email"]}
    address = browser.post(page, fields).headers["Location"]
    walk.importing.work()
    public_id = address.rpartition("/")[2]
    assert f"/imports/new?corrects={public_id}" in browser.get(address).text
    form = browser.get(f"/imports/new?corrects={public_id}")
    assert "Upload a corrected file" in text_of(form)
    answer = browser.post(
        f"/imports/new?corrects={public_id}", {"file": as_file("Nr,Wer,Mail", "104,Dora Klein,dora@lantern.example")}
    )
    corrected = answer.headers["Location"]
    assert not corrected.endswith("/columns")
    walk.importing.work()
    assert "1 extension will be added." in text_of(browser.get(corrected))
    assert "This file was dropped. Nothing was changed." in text_of(browser.get(address))
    assert text_of(browser.get("/imports")).count("people.csv") == 1


def test_a_file_can_be_dropped(walk: Walk) -> None:
    browser, address = walk.browser, walk.checked(*GOOD)
    page = browser.follow(browser.post(f"{address}/drop"))
    assert "people.csv is dropped. Nothing was changed." in text_of(page)
    page = browser.follow(browser.post(f"{address}/drop"))
    assert "This import has moved on in the meantime." in text_of(page)
    assert "This file was dropped." in text_of(page)
    for way in ("write", "check"):
        assert "This import has moved on in the meantime." in text_of(browser.follow(browser.post(f"{address}/{way}")))


def test_while_an_import_runs_another_one_waits(walk: Walk) -> None:
    browser = walk.browser
    running = walk.upload(*GOOD).headers["Location"]
    answer = walk.upload("Extension,Name", "610,Dispatch", kind="groups")
    page = browser.follow(answer)
    assert answer.headers["Location"].endswith("/columns"), "the file is kept"
    assert "Another import is under way. Wait until it is done." in text_of(page)
    assert "people.csv Extensions Is being checked" in text_of(browser.get("/imports"))
    fields = {"separator": ",", "encoding": "utf-8", "columns": ["extension", "display_name"]}
    answer = browser.post(answer.headers["Location"], fields)
    assert (answer.status_code, "Another import is under way." in text_of(answer)) == (422, True)
    walk.importing.work()
    assert "1 extension will be added." in text_of(browser.get(running))


def test_a_report_that_is_not_true_any_more_is_shown_anew(walk: Walk, own_cast: Cast) -> None:
    browser, address = walk.browser, walk.checked(*GOOD)
    version = re.search(r'name="version" type="hidden" value="(\d+)"', browser.get(address).text)
    assert version is not None
    with db.unit_of_work(own_cast.clare.scope):
        operations.create_extension(
            by=own_cast.clare.identity, customer_id=own_cast.lantern.id, display_name="Somebody else", extension="104"
        )
    assert browser.post(f"{address}/write", {"version": version[1]}).status_code == 303
    walk.importing.work()
    report = text_of(browser.get(address))
    assert "Your telephone system has changed since the file was checked. Nothing was imported; this is the new report." in report
    assert "2 extensions will be changed." in report
    stale = browser.post(f"{address}/write", {"version": version[1]})
    assert (stale.status_code, "This import has moved on in the meantime." in text_of(stale)) == (422, True)


def test_an_import_that_somebody_built_upon_is_not_undone(walk: Walk, own_cast: Cast) -> None:
    browser, address = walk.browser, walk.written(*GOOD)
    with db.unit_of_work(own_cast.clare.scope):
        line = queries.extension(own_cast.alice.subscriber.public_id)
        operations.change_allowed(
            by=own_cast.clare.identity, line=line, version=line.version, do_not_disturb=True, music_on_hold=True
        )
    browser.post(f"{address}/undo")
    walk.importing.work()
    page = text_of(browser.get(address))
    assert "Not undone" in page
    assert "changed after the import. Undoing it would undo that as well, so nothing was changed." in page
    assert "Dora Klein" in rows_of(browser.get("/extensions"))


def test_a_file_that_changes_nothing_cannot_be_imported(walk: Walk) -> None:
    address = walk.checked("Extension,Name", "101,Alice Meier")
    page = text_of(walk.browser.get(address))
    assert "Everything stands as the file says: there is nothing to import." in page
    assert "Import 0 rows" not in page
    answers = [walk.browser.post(f"{address}/write", {"version": str(version)}) for version in range(2, 6)]
    assert {answer.status_code for answer in answers} == {422}
    assert any("No row of this file would change anything." in text_of(answer) for answer in answers)


def test_groups_and_numbers_are_imported_too(walk: Walk, own_cast: Cast) -> None:
    browser = walk.browser
    address = walk.checked("Extension,Name,Members", "610,Dispatch,101; 102", "600,Sales,103", kind="groups")
    report = text_of(browser.get(address))
    assert "1 group will be added. 1 group will be changed." in report
    assert "Members Alice Meier, Bob Turner" in report, "people are called by their names"
    walk.write(address)
    walk.importing.work()
    assert "1 group was added. 1 group was changed." in text_of(browser.get(address))
    assert "1 group that was added goes; its members stay." in text_of(browser.get(f"{address}/undo"))

    address = walk.written("Number,Given to", "+49 30 5550700,101", "+49 30 5550701,", kind="numbers")
    result = text_of(browser.get(address))
    assert "1 number was given to somebody else." in result
    assert "Given to Alice Meier" in result
    assert "1 number goes back to where it was." in text_of(browser.get(f"{address}/undo"))
    assert own_cast.alice.subscriber is not None


def test_invitations_are_sent_when_they_are_asked_for(walk: Walk, own_cast: Cast) -> None:
    walk.written(*GOOD, invite="y")
    found = text_of(walk.browser.get("/extensions?q=Dora"))
    assert "Dora Klein" in found
    address = re.search(r'<a class="who" href="([^"]+)">', walk.browser.get("/extensions?q=Dora").text)
    assert address is not None
    assert "Invited to choose one" in text_of(walk.browser.get(address[1]))
    assert own_cast.lantern.id


def test_an_import_that_broke_can_be_checked_again(walk: Walk) -> None:
    browser, address = walk.browser, walk.checked(*GOOD)
    with db.unit_of_work(walk.importing.scope):
        run = queries.imports.run(PublicId(address.rpartition("/")[2]))
        run.state, run.trouble = ImportState.FAILED.value, {"code": "import-failed", "facts": {}}
    assert "people.csv Extensions Could not be finished" in text_of(browser.get("/imports"))
    page = text_of(browser.get(address))
    assert "The import could not be finished. Nothing was changed." in page
    assert "104 Added Added" in page, "what would have been done"
    assert browser.post(f"{address}/check").headers["Location"] == address
    walk.importing.work()
    assert "1 extension will be added. 1 extension will be changed." in text_of(browser.get(address))

"""Lists as files, the examples, and several extensions at once."""

import csv
import io
import re
from collections.abc import Callable

import pytest

from portal.features.pbx.rules.files import FIELDS
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.imports.conftest import Importing
from tests.features.pbx.imports.walking import GOOD, Walk
from tests.features.pbx.reading import rows_of, text_of

Browse = Callable[..., Browser]


@pytest.fixture
def walk(own_cast: Cast, browse: Browse, importing: Importing) -> Walk:
    return Walk(browse(own_cast.clare), importing)


def rows(browser: Browser, path: str) -> list[list[str]]:
    answer = browser.get(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def test_the_file_has_what_the_list_shows(walk: Walk, own_cast: Cast) -> None:
    browser = walk.browser
    head, *people = rows(browser, "/extensions.csv?sort=-name")
    assert head[:3] == ["Extension", "Name", "E-mail"]
    assert [row[:2] for row in people] == [["103", "Carol Nguyen"], ["102", "Bob Turner"], ["101", "Alice Meier"]]
    assert [row[1] for row in rows(browser, "/extensions.csv?q=alice")[1:]] == ["Alice Meier"]
    assert rows(browser, "/extensions.csv?locked=1")[1:] == []
    assert "/extensions.csv?q=alice" in browser.get("/extensions?q=alice&rows=25").text, "the list links to it"
    assert [row[1] for row in rows(browser, "/groups.csv")[1:]] == ["Sales"]
    assert "/groups.csv" in browser.get("/groups").text
    assert len(rows(browser, "/numbers.csv?state=free")[1:]) == 4
    assert rows(browser, "/numbers.csv?state=given")[1:] == []
    assert "/numbers.csv?state=free" in browser.get("/numbers?state=free").text
    name = browser.get("/extensions.csv").headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="extensions-\d{4}-\d\d-\d\d\.csv"', name)
    assert own_cast.lantern.id


def test_headings_are_in_the_language_of_whoever_asks(own_cast: Cast, browse: Browse, importing: Importing) -> None:
    head, first, *_ = rows(browse(own_cast.clare, language="de"), "/extensions.csv")
    assert head[0] == "Nebenstelle"
    assert "an" in first, "words in cells as well"
    assert importing.customer_id


@pytest.mark.parametrize("kind", ["extensions", "groups", "numbers"])
def test_there_is_an_example_and_a_guide_with_every_column(walk: Walk, kind: str) -> None:
    head, *example = rows(walk.browser, f"/imports/example/{kind}.csv")
    assert len(head) == len(FIELDS[kind])
    assert len(example) == 3 if kind != "groups" else 2
    guide = text_of(walk.browser.get(f"/imports/new?kind={kind}"))
    assert all(label in guide for label in head)
    assert walk.browser.get("/imports/example/calls.csv").status_code == 404


def test_what_was_exported_is_imported_again_and_changes_nothing(walk: Walk) -> None:
    walk.written(*GOOD)
    for kind in ("extensions", "groups", "numbers"):
        text = walk.browser.get(f"/{kind}.csv").text.removeprefix("\ufeff")
        report = text_of(walk.browser.get(walk.checked(*text.splitlines(), kind=kind)))
        assert "Everything stands as the file says: there is nothing to import." in report


RANGE = {"first": "110", "count": "3", "pattern": "Room #", "language": "", "outgoing": "own", "music_on_hold": "y"}


def test_several_extensions_are_created_like_an_import(walk: Walk, own_cast: Cast) -> None:
    browser = walk.browser
    form = browser.get("/extensions/range")
    assert 'name="first" value="104"' in form.text, "the next free one is filled in"
    group = own_cast.groups["sales"].extension
    address = browser.post("/extensions/range", {**RANGE, "groups": [group]}).headers["Location"]
    walk.importing.work()
    report = text_of(browser.get(address))
    assert "110–112" in report
    assert "3 extensions will be added." in report
    assert "Room 111 111 Added" in report
    assert "Groups Sales" in report
    assert "corrected" not in report, "there is no file"
    assert browser.get(f"{address}/columns").headers["Location"] == address
    walk.write(address)
    walk.importing.work()
    assert rows_of(browser.get("/extensions?q=room")) == ["Room 110", "Room 111", "Room 112"]
    assert "Room 110" in browser.get(f"{address}/rows.csv").text


def test_a_range_says_which_extension_cannot_be_had(walk: Walk) -> None:
    address = walk.browser.post("/extensions/range", {**RANGE, "first": "102"}).headers["Location"]
    walk.importing.work()
    report = text_of(walk.browser.get(address))
    assert "1 extension will be added. 2 rows cannot be imported." in report
    assert "102 belongs to Bob Turner" in report


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("first", "ten", "Say with which extension to begin, in digits."),
        ("first", "998", "These extensions would get longer than the first one"),
        ("first", "", "Please fill this in."),
        ("count", "0", "Type a number from 1 to 1000."),
        ("count", "1001", "Type a number from 1 to 1000."),
        ("pattern", "", "Please fill this in."),
    ],
)
def test_what_is_no_range_is_said_at_its_field(walk: Walk, field: str, typed: str, sentence: str) -> None:
    answer = walk.browser.post("/extensions/range", {**RANGE, field: typed})
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)


def test_a_range_waits_for_an_import_that_runs(walk: Walk) -> None:
    walk.upload(*GOOD)
    answer = walk.browser.post("/extensions/range", RANGE)
    assert (answer.status_code, "Another import is under way." in text_of(answer)) == (422, True)
    assert 'value="Room #"' in answer.text, "what was typed is kept"

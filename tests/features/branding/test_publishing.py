"""From draft to what everybody sees and back, on the pages."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.branding import operations, queries
from tests.browser import Browser
from tests.cast import Cast
from tests.features.branding.forms import hidden, publish, put_large, save

Browse = Callable[..., Browser]
THEMES = Path(__file__).resolve().parents[3] / "themes"


@pytest.fixture
def tom(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.tom)


def live(reseller_id: int) -> int | None:
    with db.unit_of_work(Scope.platform()):
        found = queries.published(reseller_id)
        return found.number if found else None


def has_draft(reseller_id: int) -> bool:
    with db.unit_of_work(Scope.platform()):
        return queries.draft(reseller_id) is not None


# --- publishing -----------------------------------------------------------------------------------------------------------------


def test_the_review_says_field_by_field_what_changes(tom: Browser) -> None:
    save(tom, "look", accent="#2266cc", radius="4")
    save(tom, "texts", welcome="Hello there.")
    page = tom.get("/branding/publish").text
    rows = page.partition("What changes")[2].partition("</section>")[0]
    for said in ("Accent", "#f26d10", "#2266cc", "Corners", "Welcome, English", "Hello there."):
        assert said in rows
    assert "Tint" not in rows
    assert "Everybody can read it" in page


def test_without_a_draft_there_is_nothing_to_publish(tom: Browser) -> None:
    answer = tom.get("/branding/publish")
    assert answer.headers["Location"] == "/branding"
    assert "There is no draft to publish." in tom.follow(answer).text


def test_it_is_live_at_once_with_who_and_why(cast: Cast, tom: Browser, browse: Browse) -> None:
    save(tom, "names", brand="Telefant", strong="Tele", light="fant")
    answer = publish(tom, note="New name")
    page = tom.follow(answer).text
    assert live(cast.telephone.id) == 1
    assert "Version 1 is live" in page
    assert "New name" in page
    assert "Tom" in page.partition('id="versions"')[2]
    assert not has_draft(cast.telephone.id)


def test_something_missing_is_said_with_the_place_to_mend_it(cast: Cast, tom: Browser) -> None:
    save(tom, "texts", help="")
    page = tom.get("/branding/publish").text
    assert '<a href="/branding/texts?language=en#help">Help in a sentence, English</a>' in page
    assert publish(tom).status_code == 422
    assert live(cast.telephone.id) is None


def test_a_note_that_is_too_long_is_said_at_its_field(tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    answer = publish(tom, note="x" * 201)
    assert answer.status_code == 422
    assert 'id="note-error"' in answer.text


# --- two at once ---------------------------------------------------------------------------------------------------------------


def test_the_second_of_two_who_publish_reads_what_was_published(cast: Cast, tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    seen = hidden(tom.get("/branding/publish").text)
    publish(tom, note="Blue")
    answer = tom.post("/branding/publish", {**seen, "note": "Mine"})
    assert answer.status_code == 409
    assert "Tom" in answer.text
    assert "Blue" in answer.text
    assert "What was published is the draft that you were looking at." in answer.text
    assert live(cast.telephone.id) == 1


def test_a_roll_back_meanwhile_leaves_the_draft_as_it_is(cast: Cast, tom: Browser) -> None:
    for colour in ("#2266cc", "#118844"):
        save(tom, "look", accent=colour)
        publish(tom)
    save(tom, "look", accent="#aa2244")
    seen = hidden(tom.get("/branding/publish").text)
    tom.post("/branding/versions/1/roll-back")
    answer = tom.post("/branding/publish", {**seen, "note": "Red at last"})
    assert answer.status_code == 409
    assert "Your draft is as you left it." in answer.text
    published = answer.text.partition("What was published meanwhile")[2].partition("</section>")[0]
    assert "#118844" in published
    assert "#2266cc" in published
    assert "#aa2244" in answer.text.partition("What your draft would change now")[2]
    assert "Red at last" in answer.text
    assert (live(cast.telephone.id), has_draft(cast.telephone.id)) == (3, True)
    again = tom.post("/branding/publish", {**hidden(answer.text), "note": "Red at last"})
    assert again.status_code == 303
    assert live(cast.telephone.id) == 4


def test_a_change_of_the_draft_meanwhile_is_looked_at_first(cast: Cast, tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    seen = hidden(tom.get("/branding/publish").text)
    save(tom, "look", accent="#118844")
    answer = tom.post("/branding/publish", {**seen, "note": ""})
    assert answer.status_code == 409
    assert "#118844" in answer.text
    assert live(cast.telephone.id) is None


# --- back, and beside one another ------------------------------------------------------------------------------------------


@pytest.fixture
def two(tom: Browser) -> None:
    for colour in ("#2266cc", "#118844"):
        save(tom, "look", accent=colour)
        publish(tom)


@pytest.mark.usefixtures("two")
def test_going_back_is_one_press_and_can_be_undone(cast: Cast, tom: Browser) -> None:
    page = tom.follow(tom.post("/branding/versions/1/roll-back")).text
    assert "Everybody sees the look of version 1 again, now as version 3." in page
    undo = re.search(r'action="(/branding/versions/2/roll-back)"', page.partition("data-message")[2])
    assert undo
    tom.post(undo[1])
    assert live(cast.telephone.id) == 4


@pytest.mark.usefixtures("two")
def test_the_live_one_cannot_be_gone_back_to(cast: Cast, tom: Browser) -> None:
    page = tom.follow(tom.post("/branding/versions/2/roll-back")).text
    assert "This version is what everybody sees already." in page
    assert live(cast.telephone.id) == 2


@pytest.mark.usefixtures("two")
def test_any_two_versions_are_compared(tom: Browser) -> None:
    page = tom.get("/branding/versions/1?with=2").text
    rows = page.partition("What differs")[2].partition("</section>")[0]
    assert "#118844" in rows
    assert "#2266cc" in rows
    assert "number=1" in page
    assert "number=2" in page
    save(tom, "look", radius="1")
    assert "Corners" in tom.get("/branding/versions/2?with=draft").text
    assert tom.get("/branding/versions/9").status_code == 404


@pytest.mark.usefixtures("two")
def test_versions_are_somebody_elses_elsewhere(cast: Cast, browse: Browse) -> None:
    rita = browse(cast.rita)
    assert rita.get("/branding/versions/1").status_code == 404
    assert rita.post("/branding/versions/1/roll-back").status_code == 404
    assert rita.get("/branding/preview/login?number=1", check=False).status_code == 404
    assert rita.get("/branding/theme.zip?number=1", check=False).status_code == 404
    assert "#118844" not in rita.get("/branding").text


# --- beginning, throwing away, files ------------------------------------------------------------------------------------------


def test_a_look_of_the_gallery_leaves_the_name(cast: Cast, tom: Browser) -> None:
    answer = tom.post("/branding/begin/fjell", {"version": "0"})
    assert answer.headers["Location"] == "/branding/look"
    page = tom.get("/branding/look").text
    assert "oklch(0.47 0.065 205)" in page
    assert 'value="TelephOne"' in tom.get("/branding/names").text
    assert tom.get("/branding/begin/cheapcall").status_code == 404
    assert "cheapcall" not in tom.get("/branding").text


def test_a_look_over_a_draft_is_asked_once(cast: Cast, tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    page = tom.get("/branding/begin/pomelo").text
    assert "of the draft are replaced" in page
    assert tom.post("/branding/begin/pomelo", hidden(page)).status_code == 303
    assert "#ff7466" in tom.get("/branding/look").text


def test_a_draft_is_thrown_away(cast: Cast, tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    tom.post("/branding/previews", {"name": "Anna"})
    page = tom.get("/branding/discard").text
    assert "1 private link no longer works." in page
    assert tom.post("/branding/discard", hidden(page)).status_code == 303
    assert not has_draft(cast.telephone.id)
    assert tom.get("/branding/discard").status_code == 404


def test_a_theme_goes_out_and_comes_in_as_a_zip_file(cast: Cast, tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    file = tom.get("/branding/theme.zip", check=False)
    assert file.mimetype == "application/zip"
    assert "theme.toml" in zipfile.ZipFile(io.BytesIO(file.data)).namelist()
    tom.post("/branding/discard", hidden(tom.get("/branding/discard").text))
    seen = hidden(tom.get("/branding").text)
    answer = tom.post("/branding/upload", {**seen, "file": (io.BytesIO(file.data), "theme.zip")})
    assert answer.status_code == 303
    assert 'value="#2266cc"' in tom.get("/branding/look").text


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("../theme.toml", b"x", "a path that leads out of the theme"),
        ("theme.toml", b"name = ", "cannot be read"),
        ("notes.txt", b"x", "which no theme has"),
        ("inner.zip", b"x", "another archive"),
    ],
)
def test_a_hostile_zip_file_is_refused_at_its_field(cast: Cast, tom: Browser, name: str, content: bytes, sentence: str) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(name, content)
    answer = tom.post("/branding/upload", {"version": "0", "file": (io.BytesIO(packed.getvalue()), "theme.zip")})
    assert answer.status_code == 422
    assert re.search(rf'id="file-error">(?:(?!</p>).)*{sentence}', answer.text, re.DOTALL)
    assert not has_draft(cast.telephone.id)


def test_a_zip_file_that_is_far_too_large_is_said_at_its_field(tom: Browser) -> None:
    page = tom.follow(put_large(tom, "/branding/upload", b"PK" + b"\0" * (40 * 1024 * 1024))).text
    assert re.search(r'id="file-error">(?:(?!</p>).)*8 MB are allowed', page, re.DOTALL)


def test_a_zip_file_does_not_replace_what_somebody_else_has_saved_since(cast: Cast, tom: Browser) -> None:
    save(tom, "look", accent="#2266cc")
    seen, file = hidden(tom.get("/branding").text), tom.get("/branding/theme.zip", check=False).data
    save(tom, "look", accent="#118844")
    answer = tom.post("/branding/upload", {**seen, "file": (io.BytesIO(file), "theme.zip")})
    assert answer.status_code == 422
    assert "Somebody else has changed the draft meanwhile." in answer.text


# --- private links --------------------------------------------------------------------------------------------------------------


def test_a_private_link_is_shown_once_and_can_be_ended(cast: Cast, tom: Browser, browse: Browse) -> None:
    save(tom, "names", brand="Telefant", strong="Tele", light="fant")
    page = tom.follow(tom.post("/branding/previews", {"name": "Anna Braun"})).text
    link = re.search(r"http://telephone\.localhost(/preview/[\w-]{43})", page)
    assert link
    assert "Link for Anna Braun" in page
    assert link[1] not in tom.get("/branding/previews").text
    anna = browse(host="telephone.localhost")
    anna.get(link[1])
    assert "Telefant" in anna.get("/login").text
    assert "Telefant" not in browse(host="telephone.localhost").get("/login").text
    ended = re.search(r'action="(/branding/previews/\w+/end)"', tom.get("/branding/previews").text)
    assert ended
    tom.post(ended[1])
    assert "Telefant" not in anna.get("/login").text
    left = tom.get("/branding/previews").text.partition("Links that work")[2].partition("</section>")[0]
    assert "Anna Braun" not in left


def test_a_private_link_is_for_somebody(tom: Browser) -> None:
    assert tom.post("/branding/previews", {"name": "  "}).status_code == 422


def test_links_of_others_are_not_ended(cast: Cast, tom: Browser, browse: Browse) -> None:
    with db.unit_of_work(Scope.platform()):
        draft = operations.begin_draft(by=cast.tom.identity)
        link = operations.add_preview(by=cast.tom.identity, of=draft, name="Anna")[0].public_id
    assert browse(cast.rita).post(f"/branding/previews/{link}/end").status_code == 404

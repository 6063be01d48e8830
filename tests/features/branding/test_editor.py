"""The editor's pages: what is typed is tried, saved, refused or moved, at its place."""

import io
import re
from collections.abc import Callable

import pytest

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.branding import queries
from portal.features.branding.models import ThemeVersion
from portal.features.branding.rules.differences import said
from tests.browser import Browser
from tests.cast import Cast
from tests.features.branding.forms import put, put_large, save, shown

Browse = Callable[..., Browser]
PARTS = ("", "/look", "/names", "/pictures", "/texts", "/previews")


@pytest.fixture
def tom(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.tom)


def values(reseller_id: int) -> dict[str, str]:
    """What the draft says."""
    with db.unit_of_work(Scope.platform()):
        draft = queries.draft(reseller_id)
        return dict(said(queries.version_files(draft))) if draft else {}


def drafts(reseller_id: int) -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.query(ThemeVersion).filter_by(reseller_id=reseller_id).count()


# --- who, and what stands there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("part", PARTS)
def test_the_editor_is_for_administrators(cast: Cast, browse: Browse, part: str) -> None:
    assert browse(cast.tom).get(f"/branding{part}").status_code == 200
    assert browse(cast.olga).get(f"/branding{part}").status_code == 200
    assert browse(cast.clare).get(f"/branding{part}").status_code == 404
    assert browse(host="telephone.localhost").get(f"/branding{part}").headers["Location"].startswith("/login")


def test_it_shows_what_the_brand_is_now(tom: Browser) -> None:
    look, names = shown(tom, "look"), shown(tom, "names")
    assert (look["accent"], look["radius"], look["frame"], look["font"]) == ("#f26d10", "12", "quiet", "figtree")
    assert (names["brand"], names["strong"], names["light"]) == ("TelephOne", "Teleph", "One")
    assert "No draft" not in tom.get("/branding").text


def test_texts_have_a_page_for_each_language_of_the_reseller(tom: Browser) -> None:
    page = tom.get("/branding/texts?language=de").text
    assert "Eine Nummer. Alle erreichbar." in page
    assert re.findall(r'<a class="segment"[^>]*>.*?lang="([a-z]+)"', page) == ["en", "de"]
    assert "One number." in tom.get("/branding/texts?language=tr").text  # not one of theirs


# --- saving ------------------------------------------------------------------------------------------------------------------


def test_whoever_saves_first_begins_the_draft(cast: Cast, tom: Browser) -> None:
    assert drafts(cast.telephone.id) == 0
    answer = save(tom, "look", accent="#2266cc", radius="4")
    assert answer.status_code == 303
    assert "Saved in the draft." in tom.follow(answer).text
    stored = values(cast.telephone.id)
    assert (stored["look.accent"], stored["look.radius"], stored["name"]) == ("#2266cc", "4", "TelephOne")
    assert drafts(cast.telephone.id) == 1


def test_nobody_else_sees_a_draft(cast: Cast, tom: Browser, browse: Browse) -> None:
    save(tom, "names", brand="Telefant", strong="Tele", light="fant")
    assert "Telefant" not in browse(host="telephone.localhost").get("/login").text
    assert "Telefant" in tom.get("/branding/preview/login", check=False).text
    assert values(cast.cheapcall.id) == {}


def test_parts_save_on_their_own(cast: Cast, tom: Browser) -> None:
    before = shown(tom, "names")
    save(tom, "look", accent="#2266cc")
    assert tom.post("/branding/names", {**before, "brand": "Telefant"}).status_code == 303
    stored = values(cast.telephone.id)
    assert (stored["name"], stored["look.accent"]) == ("Telefant", "#2266cc")


def test_what_two_people_change_in_different_fields_stands(cast: Cast, tom: Browser) -> None:
    before = shown(tom, "look")
    save(tom, "look", radius="2")
    assert tom.post("/branding/look", {**before, "accent": "#2266cc"}).status_code == 303
    stored = values(cast.telephone.id)
    assert (stored["look.accent"], stored["look.radius"]) == ("#2266cc", "2")


def test_what_two_people_change_differently_is_asked(cast: Cast, tom: Browser) -> None:
    save(tom, "look", radius="3")
    before = shown(tom, "look")
    save(tom, "look", accent="#118844")
    answer = tom.post("/branding/look", {**before, "accent": "#2266cc"})
    assert answer.status_code == 409
    assert "Somebody else saved first" in answer.text
    assert "#118844" in answer.text
    assert "#2266cc" in answer.text
    assert values(cast.telephone.id)["look.accent"] == "#118844"


def test_a_draft_that_was_begun_elsewhere_is_not_overwritten(cast: Cast, tom: Browser) -> None:
    before = shown(tom, "look")
    save(tom, "look", accent="#118844")
    save(tom, "look", accent="#118845")
    assert tom.post("/branding/look", {**before, "accent": "#2266cc"}).status_code == 409


# --- refused, moved, tried ------------------------------------------------------------------------------------------------------


def test_what_is_no_colour_is_said_at_its_field(cast: Cast, tom: Browser) -> None:
    answer = save(tom, "look", accent="sunny yellow")
    assert answer.status_code == 422
    assert re.search(r'id="accent-error">.*?“sunny yellow” is not a colour', answer.text, re.DOTALL)
    assert 'value="sunny yellow"' in answer.text
    assert drafts(cast.telephone.id) == 0


@pytest.mark.parametrize(
    ("typed", "kept"), [("F60", "#ff6600"), ("#AbCdEf", "#abcdef"), ("oklch(0.68 0.18 47)", "oklch(0.68 0.18 47)")]
)
def test_colours_as_people_type_them(cast: Cast, tom: Browser, typed: str, kept: str) -> None:
    assert save(tom, "look", accent=typed).status_code == 303
    assert values(cast.telephone.id)["look.accent"] == kept


def test_a_colour_that_was_moved_says_so_at_its_field(tom: Browser) -> None:
    save(tom, "look", accent="#ffee00")
    page = tom.get("/branding/look").text
    notes = page.partition('data-piece="accent"')[2].partition("</div>")[0]
    assert "#ffee00 on" in notes
    assert "can be read by nobody" in notes
    assert "Links get #" in notes


def test_words_that_cannot_be_read_on_the_accent_keep_it_from_being_published(tom: Browser) -> None:
    assert save(tom, "look", accent="#ffee00", on_accent="light").status_code == 303
    page = tom.get("/branding/publish").text
    assert "Light words on #ffee00 cannot be read" in page
    assert '<a href="/branding/look#accent">Accent</a>' in page
    assert "button-main" not in page.partition('action="/branding/publish"')[2].partition("</form>")[0]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"support_mail": "nobody"}, "is not a mail address"),
        ({"imprint": "javascript:alert(1)"}, "is not an address that begins with https://"),
        ({"brand": "x" * 41}, "Use at most 40 characters."),
        ({"support_phone": "call us"}, "is not a telephone number"),
    ],
)
def test_names_and_links_are_checked_at_their_fields(tom: Browser, typed: dict[str, str], sentence: str) -> None:
    answer = save(tom, "names", **typed)
    assert answer.status_code == 422
    assert re.search(rf'id="{next(iter(typed))}-error">(?:(?!</p>).)*{re.escape(sentence)}', answer.text, re.DOTALL)


def test_show_tries_without_saving(cast: Cast, tom: Browser) -> None:
    answer = save(tom, "look", accent="#2266cc", show="1")
    assert answer.status_code == 200
    assert "accent=%232266cc" in answer.text
    assert 'value="#2266cc"' in answer.text
    assert drafts(cast.telephone.id) == 0


def test_a_text_reads_as_it_will(tom: Browser) -> None:
    answer = tom.post("/branding/texts/read", {"text": "**Call** us <script>x</script> [here](javascript:x)"}, check=False)
    assert "<strong>Call</strong>" in answer.text
    assert "<script" not in answer.text
    assert 'href="javascript' not in answer.text
    assert tom.post("/branding/texts/read", {"text": "x" * 40_000}, check=False).status_code == 413


# --- pictures -----------------------------------------------------------------------------------------------------------------


LOGO = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect width="120" height="40" fill="#2266cc"/></svg>'


def test_a_logo_is_put_in_and_taken_out(cast: Cast, tom: Browser) -> None:
    assert put(tom, "logo", LOGO, "logo.svg").status_code == 303
    page = tom.get("/branding/pictures").text
    url = re.search(r'<img src="(/branding/preview/files/logo\.svg[^"]*)"', page)
    assert url
    drawn = tom.get(url[1].replace("&amp;", "&"), check=False)
    assert drawn.mimetype == "image/svg+xml"
    assert "sandbox" in drawn.headers["Content-Security-Policy"]
    assert "brand-logo" in tom.get("/branding/preview/login", check=False).text
    assert tom.post("/branding/pictures/logo/remove").status_code == 303
    assert "files/logo.svg" not in tom.get("/branding/pictures").text


def test_a_logo_that_is_lost_on_dark_ground_is_taken_with_a_hint(tom: Browser) -> None:
    black = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 40"><rect x="9" y="9" width="99" height="9"/></svg>'
    assert put(tom, "logo", black, "logo.svg").status_code == 303
    assert "hard to see on dark pages" in tom.get("/branding/pictures").text
    put(tom, "logo-dark", black.replace(b"<rect", b'<rect fill="#fff"'), "logo.svg")
    assert "hard to see" not in tom.get("/branding/pictures").text


@pytest.mark.parametrize("content", [b"", b"no picture at all", b"GIF89a", b"\x89PNG\r\n\x1a\n" + b"\0" * 40])
def test_what_is_no_picture_is_said_at_its_place(tom: Browser, content: bytes) -> None:
    answer = put(tom, "icon", content)
    assert answer.status_code == 422
    assert 'id="file-icon-error"' in answer.text
    assert 'id="file-logo-error"' not in answer.text


def test_a_picture_of_fifty_megabytes_is_said_at_its_place(tom: Browser) -> None:
    page = tom.follow(put_large(tom, "/branding/pictures/logo", b"\x89PNG" + b"\0" * (50 * 1024 * 1024)))
    assert 'id="file-logo-error"' in page.text
    assert "4 MB are allowed" in page.text


def test_two_people_do_not_replace_each_others_logo_unseen(tom: Browser) -> None:
    put(tom, "logo", LOGO, "logo.svg")
    other = io.BytesIO(LOGO.replace(b"2266cc", b"cc6622"))
    answer = tom.post("/branding/pictures/logo", {"seen": "", "file": (other, "logo.svg")})
    assert answer.status_code == 422
    assert "Somebody else has put another picture here meanwhile." in answer.text

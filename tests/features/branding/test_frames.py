"""Pages in a brand that is not published: who may see them, what they show, and that nothing else may be put into a frame."""

import json
import re
from collections.abc import Callable

import pytest

from portal.features.branding.views.frames import PAGES
from portal.web.security import POLICY
from tests.browser import Browser
from tests.cast import Cast

Browse = Callable[..., Browser]
EDITOR = ("/branding", "/branding/look", "/branding/names", "/branding/pictures", "/branding/texts", "/branding/previews")


@pytest.fixture
def tom(cast: Cast, browse: Browse) -> Browser:
    return browse(cast.tom)


def policy(headers: object) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in str(headers).split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.parametrize("page", PAGES)
def test_frames_are_for_those_who_work_on_the_brand(cast: Cast, browse: Browse, page: str) -> None:
    path = f"/branding/preview/{page}"
    assert browse(cast.tom).get(path, check=False).status_code == 200
    assert browse(cast.clare).get(path).status_code == 404
    assert browse(host="telephone.localhost").get(path).status_code == 302


@pytest.mark.parametrize("page", PAGES)
def test_only_this_site_may_frame_them_and_nothing_in_them_runs(tom: Browser, page: str) -> None:
    answer = tom.get(f"/branding/preview/{page}", check=False)
    found = policy(answer.headers["Content-Security-Policy"])
    assert found["frame-ancestors"] == "'self'"
    assert found["form-action"] == "'none'"
    assert found["default-src"] == "'none'"
    assert found["sandbox"] == "allow-same-origin"
    assert "script-src" not in found
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Speculation-Rules" not in answer.headers
    assert "<script" not in answer.text


@pytest.mark.parametrize("page", [page for page in PAGES if page != "mail"])
def test_nothing_in_them_can_be_pressed(tom: Browser, page: str) -> None:
    assert "<body inert>" in tom.get(f"/branding/preview/{page}", check=False).text


def test_everything_else_stays_out_of_frames(cast: Cast, browse: Browse, tom: Browser) -> None:
    clare = browse(cast.clare)
    for browser, path in [(clare, "/"), (clare, "/extensions"), (tom, "/"), (tom, "/branding/theme.zip"), (tom, "/nothing-here")]:
        answer = browser.get(path, check=False)
        assert answer.headers["X-Frame-Options"] == "DENY", path
        assert answer.headers["Content-Security-Policy"] == POLICY, path


@pytest.mark.parametrize("path", EDITOR)
def test_the_editor_frames_this_site_only_and_is_in_no_frame_itself(tom: Browser, path: str) -> None:
    answer = tom.get(path)
    found = policy(answer.headers["Content-Security-Policy"])
    assert (found["frame-src"], found["frame-ancestors"], found["script-src"]) == ("'self'", "'none'", "'self'")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert all(url.startswith("/branding/preview/") for url in re.findall(r'<iframe src="([^"]*)"', answer.text))


def test_what_they_show_is_made_up(cast: Cast, tom: Browser) -> None:
    for page in PAGES:
        text = tom.get(f"/branding/preview/{page}", check=False).text
        for name in ("Lantern", "Alice", "Clare", "Cheap Call", "Isar", "Tom Becker"):
            assert name not in text, (page, name)
    assert "Birch &amp; Sons" in tom.get("/branding/preview/dashboard", check=False).text


def test_they_show_what_is_tried_on(tom: Browser) -> None:
    tried = "?accent=%2300aa55&frame=branded&brand=Telefant&strong=Tele&light=fant&welcome=Ruf+an&scheme=dark"
    page = tom.get(f"/branding/preview/login{tried}", check=False).text
    assert 'data-frame="branded" data-scheme="dark"' in page
    assert "Ruf an" in page
    assert '<span class="wordmark">Tele<span class="wordmark-light">fant</span></span>' in page
    sheet = re.search(r'<link rel="stylesheet" href="(/branding/preview/files/theme\.css[^"]*)"', page)
    assert sheet
    assert "#00aa55" in tom.get(sheet[1].replace("&amp;", "&"), check=False).text


@pytest.mark.parametrize(
    "tried", ["accent=red;}", "radius=99", "frame=golden", "font=../x", "density=9", "lean=blue", "brand=" + "x" * 900]
)
def test_what_cannot_be_used_is_not_tried(tom: Browser, tried: str) -> None:
    assert tom.get(f"/branding/preview/login?{tried}", check=False).status_code == 200
    assert tom.get(f"/branding/preview/colours?{tried}", check=False).status_code == 200


def test_names_in_them_are_text(tom: Browser) -> None:
    page = tom.get("/branding/preview/login?brand=%3Cimg+src%3Dx%3E&strong=%3Cb%3E", check=False).text
    assert "<img src=x>" not in page
    assert "&lt;b&gt;" in page


def test_they_speak_the_language_of_the_texts(tom: Browser) -> None:
    page = tom.get("/branding/preview/login?lang=de", check=False).text
    assert '<html lang="de"' in page
    assert "Alle erreichbar." in page


def test_colours_come_with_what_is_said_of_them(tom: Browser) -> None:
    told = json.loads(tom.get("/branding/preview/colours?accent=%23ffee00", check=False).text)
    fill = told["tokens"]["light"]["--color-accent-fill"]
    assert f"Main buttons get {fill}, the nearest shade of #ffee00" in told["pieces"]["accent"]
    assert told["tokens"]["light"]["--color-accent-ink"] != told["tokens"]["dark"]["--color-accent-ink"]
    assert told["tokens"]["shapes"]["--shape-radius-control"] == "12px"
    assert "can be read by nobody" in told["pieces"]["accent"]
    assert told["pieces"]["pairs"].count("<tr>") > 80


def test_a_look_of_the_gallery_is_shown_with_the_own_name(tom: Browser) -> None:
    page = tom.get("/branding/preview/list?look=nocturne", check=False).text
    assert "Teleph" in page
    assert "Nocturne" not in page
    assert 'data-frame="branded"' in page

"""What is published shows: on pages, in mails, in icons, at every process, at once, and without a gap."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from portal.app import create_app
from portal.core import db
from portal.core.tenancy import Scope
from portal.features.branding import mails, operations, queries
from portal.features.branding.models import ThemeFile
from portal.features.branding.queries import looks
from portal.features.branding.rules.theme import SLOTS
from portal.features.resellers.queries import home_of
from portal.settings import Settings
from tests.browser import Browser
from tests.cast import Cast
from tests.features.branding.made import FILES, picture, publish

STYLES = re.compile(r'<link rel="stylesheet" href="(/assets/[^"]*/theme\.css)">')
GERMAN = {"welcome": "Frischer Wind.", "sign_in_lead": "Alle Anrufe.", "help": "Fragen Sie uns.", "legal": "Sitz: Kiel"}
LONG = {
    "texts.en.support": "# We help\n\n**Call** us.",
    "texts.en.legal": "Seat: Kiel",
    **{f"texts.de.{key}": text for key, text in GERMAN.items()},
}
Browse = Callable[..., Browser]


@pytest.fixture
def see(app: Flask, cast: Cast) -> Callable[[str], str]:
    """A page, at a host of TelephOne, as one sees it after the bell."""

    def page(path: str = "/login") -> str:
        app.extensions["tenants"].forget()
        return client(app).get(path).text

    return page


class Visitor(FlaskClient):
    """A browser at a host of TelephOne."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        return super().open(*args, **{"base_url": "http://telephone.localhost", **more})


def client(app: Flask) -> Visitor:
    return Visitor(app, app.response_class, use_cookies=True)


def test_a_published_brand_is_on_every_page_of_its_reseller_and_on_no_other(
    app: Flask, cast: Cast, see: Callable[[str], str]
) -> None:
    assert "TelephOne" in see("/login")
    publish(cast)
    for path in ("/login", "/nothing-here"):
        page = see(path)
        assert "Nordwind" in page
        assert "TelephOne" not in page
    app.extensions["tenants"].forget()
    other = app.test_client().get("/login", headers={"Host": "cheapcall.localhost"}).text
    assert "Nordwind" not in other
    assert "Cheap" in other


def test_its_files_are_there_for_whoever_has_the_address(app: Flask, cast: Cast, see: Callable[[str], str]) -> None:
    publish(cast, logo=picture("PNG", (600, 200)), logo_dark=picture("WEBP"), icon=picture("JPEG", (512, 512)))
    page = see("/login")
    urls = re.findall(r'(?:href|src)="(/assets/[^"]+)"', page)
    for url in urls:
        found = client(app).get(url)
        assert found.status_code == 200, url
        assert "immutable" in found.headers["Cache-Control"]
    assert {url.rsplit("/", 1)[1] for url in urls} >= {
        "theme.css", "logo.png", "logo-dark.webp", "icon-32.png", "icon-180.png", "app.webmanifest",
    }  # fmt: skip
    manifest = next(url for url in urls if url.endswith("app.webmanifest"))
    assert client(app).get(manifest).content_type == "application/manifest+json"
    said = json.loads(client(app).get(manifest).data)
    assert said["name"] == "Nordwind"
    for icon in said["icons"]:
        seen = Image.open(io.BytesIO(client(app).get(icon["src"]).data))
        assert "x".join(map(str, seen.size)) == icon["sizes"]
    assert 'alt="Nordwind"' in page
    assert 'width="600" height="200"' in page


def test_a_new_process_has_the_files_of_a_version_that_it_never_showed(
    app: Flask, cast: Cast, settings: Settings, database: db.Database, see: Callable[[str], str]
) -> None:
    publish(cast, icon=picture("PNG", (300, 300)))
    urls = re.findall(r'(?:href|src)="(/assets/[^"]+)"', see("/login"))
    looks.forget()
    fresh = create_app(settings, database, listen=False)
    for url in urls:
        assert client(fresh).get(url).data == client(app).get(url).data, url


def test_an_old_address_still_answers_after_the_next_version(app: Flask, cast: Cast, see: Callable[[str], str]) -> None:
    publish(cast)
    old = STYLES.search(see("/login"))
    assert old is not None
    publish(cast, {"look.accent": "#aa2200"})
    new = STYLES.search(see("/login"))
    assert new is not None
    assert new[1] != old[1]
    assert "#aa2200" in client(app).get(new[1]).text
    assert client(app).get(old[1]).status_code == 200


def test_made_up_addresses_find_nothing(app: Flask, cast: Cast) -> None:
    publish(cast)
    for path in ("0" * 16, "../" * 3, "x/y/z", "0" * 16 + "/more"):
        assert client(app).get(f"/assets/{'0' * 20}/{path}/theme.css").status_code == 404


def test_the_files_of_a_draft_are_nobodys_business(app: Flask, cast: Cast, browse: Browse) -> None:
    by = cast.tom.identity
    with db.unit_of_work(cast.tom.scope):
        draft = operations.begin_draft(by=by, start=FILES)
        draft = operations.put_file(by=by, draft=draft, version=draft.version, place="logo", content=picture())
        art = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 4 4"><path d="M0 0h4v4z"/></svg>'
        draft = operations.put_file(by=by, draft=draft, version=draft.version, place=SLOTS[0], content=art)
        version = draft.public_id
        digest = db.session().scalars(select(ThemeFile.digest).where(ThemeFile.path == "logo.png")).one()
        drawn = db.session().scalars(select(ThemeFile.digest).where(ThemeFile.path == SLOTS[0])).one()
    for path in (f"/assets/{digest}/{version}/logo.png", f"/assets/{digest}/{version}/theme.css", f"/assets/{digest}/logo.png"):
        assert client(app).get(path).status_code == 404
    own = f"/branding/files/{digest}/logo.png"
    assert client(app).get(own).status_code == 404
    assert browse(cast.tom).get(own).content_type == "image/png"
    assert browse(cast.cora).get(own, check=False).status_code == 404
    assert browse(cast.rita).get(own, check=False).status_code == 404
    assert browse(cast.tom).get(f"/branding/files/{digest}/theme.toml", check=False).status_code == 404
    assert browse(cast.tom).get(f"/branding/files/{drawn}/{SLOTS[0]}", check=False).status_code == 404, "part of a page, no file"


def test_the_long_texts_have_pages_of_their_own(app: Flask, cast: Cast, see: Callable[[str], str]) -> None:
    assert client(app).get("/help").status_code == 404
    publish(cast, LONG)
    assert '<a href="/help">Help</a><a href="/legal">Legal</a>' in see("/login")
    assert "<h2>We help</h2>\n<p><strong>Call</strong> us.</p>" in see("/help")
    german = client(app)
    german.get("/login")
    assert "Sitz: Kiel" in german.get("/legal", headers={"Accept-Language": "de"}).text
    assert "We help" in german.get("/help", headers={"Accept-Language": "de"}).text, "better in another language than not at all"


def test_mails_follow_the_published_brand(cast: Cast) -> None:
    publish(cast, {"look.accent": "#aa2200"})
    with db.unit_of_work(cast.clare.scope):
        home = home_of(cast.telephone.id, cast.domains["lantern"].id)
        paper = mails.letterhead(home, "en")
    assert (paper.brand, paper.sender, paper.help) == ("Nordwind", "Nordwind <help@nordwind.example>", "Ask us.")
    assert "#aa2200" in paper.colours.values()


def test_a_version_that_cannot_be_read_is_no_reason_not_to_answer(cast: Cast, see: Callable[[str], str]) -> None:
    version = publish(cast)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(
            update(ThemeFile).where(ThemeFile.version_id == version, ThemeFile.path == "theme.toml").values(content=b"=")
        )
    looks.forget()
    page = see("/login")
    assert "TelephOne" in page
    assert "Nordwind" not in page


def test_what_is_kept_of_many_brands_is_bounded(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(looks._kept, "_most", 10_000)
    for _ in range(8):
        looks.look(publish(cast))
    assert looks._kept.weight <= 10_000
    assert 0 < len(looks._kept) < 8


# --- by a private link --------------------------------------------------------------------------------------------------------


@pytest.fixture
def link(cast: Cast) -> str:
    """To a draft, for Ann."""
    by = cast.tom.identity
    with db.unit_of_work(cast.tom.scope):
        draft = operations.begin_draft(by=by, start=FILES)
        draft = operations.put_file(by=by, draft=draft, version=draft.version, place="logo", content=picture())
        _preview, token = operations.add_preview(by=by, of=draft, name="Ann <Weaver>")
    return f"/preview/{token}"


def test_a_private_link_dresses_one_browser(app: Flask, cast: Cast, link: str) -> None:
    ann, other = client(app), client(app)
    arrived = ann.get(link)
    assert (arrived.status_code, arrived.headers["Location"]) == (303, "/")
    cookie = arrived.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    page = ann.get("/login").text
    assert "Nordwind" in page
    assert "You see a preview, made for Ann &lt;Weaver&gt;." in page
    assert "Nordwind" not in other.get("/login").text
    for url in re.findall(r'(?:href|src)="(/branding/files/[^"]+)"', page):
        found = ann.get(url)
        assert (found.status_code, found.headers["Cache-Control"]) == (200, "private, max-age=604800, immutable")
        assert other.get(url).status_code == 404
    assert "/branding/files/" in page


def test_it_opens_nothing_that_would_be_closed_without_it(app: Flask, cast: Cast, link: str) -> None:
    ann = client(app)
    ann.get(link)
    for path in ("/", "/branding", "/account"):
        assert ann.get(path).headers["Location"].startswith("/login")


def test_it_is_left_again(app: Flask, cast: Cast, link: str) -> None:
    ann = client(app)
    ann.get(link)
    page = ann.get("/login").text
    token = page.split('name="csrf_token" value="')[1].split('"')[0]
    assert ann.post("/preview/leave", data={"csrf_token": token}).status_code == 303
    assert "Nordwind" not in ann.get("/login").text


def test_it_works_at_hosts_of_this_reseller_only(app: Flask, cast: Cast, link: str) -> None:
    own, foreign = app.test_client(), app.test_client()
    assert own.get(link, base_url="http://lantern.localhost").status_code == 303
    assert foreign.get(link, base_url="http://cheapcall.localhost").status_code == 404


def test_drafts_of_two_that_name_no_brand_keep_their_own_names(app: Flask, cast: Cast) -> None:
    sheet = "\n".join(line for line in FILES["theme.toml"].decode().splitlines() if not line.startswith("name"))
    for person, host, name in (
        (cast.tom, "telephone.localhost", cast.telephone.name),
        (cast.rita, "cheapcall.localhost", cast.cheapcall.name),
    ):
        with db.unit_of_work(person.scope):
            draft = operations.begin_draft(by=person.identity, start={"theme.toml": sheet.encode()})
            _preview, token = operations.add_preview(by=person.identity, of=draft, name="Ann")
        ann = app.test_client()
        ann.get(f"/preview/{token}", base_url=f"http://{host}")
        title = re.search("<title>(.*?)</title>", ann.get("/login", base_url=f"http://{host}").text)
        assert title
        assert name in title[1]


def test_it_follows_the_draft_until_it_ends(app: Flask, cast: Cast, link: str) -> None:
    ann, by = client(app), cast.tom.identity
    ann.get(link)
    with db.unit_of_work(cast.tom.scope):
        draft = queries.draft(cast.telephone.id)
        assert draft is not None
        operations.change_draft(by=by, draft=draft, version=draft.version, values={"name": "Southwind"})
    assert "Southwind" in ann.get("/login").text
    with db.unit_of_work(cast.tom.scope):
        draft = queries.draft(cast.telephone.id)
        assert draft is not None
        operations.end_preview(by=by, preview=queries.previews(draft)[0])
    assert "Southwind" not in ann.get("/login").text
    assert client(app).get(link).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "0" * 44, "%00", "..%2f"])
def test_made_up_links_show_nothing(app: Flask, cast: Cast, token: str) -> None:
    assert client(app).get(f"/preview/{token}").status_code == 404
    ann = client(app)
    ann.set_cookie("preview", token, domain="telephone.localhost")
    assert ann.get("/login").status_code == 200

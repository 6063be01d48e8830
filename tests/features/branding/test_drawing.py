"""Icons are drawn by whoever publishes; a visitor never waits for a drawing, and many at once wait for one."""

import io
import re
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select

from portal.core import db
from portal.core.kept import Kept
from portal.core.tenancy import Scope
from portal.features.branding import operations
from portal.features.branding.models import ThemeIcon
from portal.features.branding.queries import looks
from portal.features.branding.rules import icons
from portal.features.branding.views.brands import Brands
from tests.cast import Cast
from tests.features.branding.made import FILES, picture, publish
from tests.features.branding.test_live import client

AT_ONCE = 6
ICON = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><rect width="24" height="24" fill="#0a6e5c"/></svg>'


@pytest.fixture
def drawings(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How often something was drawn."""
    drawn, draw = [], icons.drawn

    def counted(origin: bytes) -> Image.Image:
        drawn.append(len(origin))
        return draw(origin)

    monkeypatch.setattr(icons, "drawn", counted)
    return drawn


def addresses(app: Flask) -> list[str]:
    """Of all icons of TelephOne, also of those that only the manifest or nobody names."""
    app.extensions["tenants"].forget()
    page = client(app).get("/login").text
    start = re.search(r'href="/assets/[0-9a-f]+/(\w+)/icon-32\.png"', page)
    assert start is not None
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        rows = session.execute(select(ThemeIcon.name, ThemeIcon.digest))
        return [f"/assets/{row.digest}/{start[1]}/{row.name}" for row in rows]


@pytest.mark.parametrize("files", [{}, {"icon": ICON}, {"icon": picture("PNG", (300, 300))}])
def test_a_visitor_never_draws(app: Flask, cast: Cast, drawings: list[int], files: dict[str, bytes]) -> None:
    publish(cast, None, **files)
    assert len(drawings) == 1
    drawings.clear()
    looks.forget()
    urls = addresses(app)
    assert {url.rpartition("/")[2] for url in urls} == set(icons.KINDS)
    for url in urls:
        answer = client(app).get(url)
        assert (answer.status_code, "immutable" in answer.headers["Cache-Control"]) == (200, True)
        Image.open(io.BytesIO(answer.data)).load()
    assert not drawings


def test_nor_after_a_deployment_or_a_way_back(app: Flask, cast: Cast, drawings: list[int]) -> None:
    by = cast.tom.identity
    with db.unit_of_work(cast.tom.scope):
        first, _moves = operations.publish_files(by=by, files={**FILES, "icon.svg": ICON})
        operations.publish_files(by=by, files=FILES)
        operations.roll_back(by=by, to=first)
    drawings.clear()
    app.extensions["tenants"].forget()
    page = client(app).get("/login").text
    for url in re.findall(r'href="(/assets/[^"]+icon-[^"]+png)"', page):
        assert client(app).get(url).status_code == 200
    assert not drawings


def test_many_who_ask_for_a_shipped_icon_wait_for_one_drawing(app: Flask, cast: Cast, drawings: list[int]) -> None:
    del cast
    brands: Brands = app.extensions["brands"]
    page = client(app).get("/login").text
    found = re.search(r'href="/assets/([0-9a-f]+)/(icon-180\.png)"', page)
    assert found is not None
    together = threading.Barrier(AT_ONCE)

    def ask() -> bytes:
        together.wait()
        asset = brands.find(found[1], found[2])
        assert asset is not None
        return asset.content

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = {done.result() for done in [pool.submit(ask) for _one in range(AT_ONCE)]}
    assert len(answers) == 1
    assert len(drawings) <= 1, "another test may have asked for it already"


def test_a_draft_is_drawn_once_for_all_who_have_a_link(app: Flask, cast: Cast, drawings: list[int]) -> None:
    with db.unit_of_work(cast.tom.scope):
        draft = operations.begin_draft(by=cast.tom.identity, start={**FILES, "icon.svg": ICON})
        _made, token = operations.add_preview(by=cast.tom.identity, of=draft, name="Anna")
    for _browser in range(3):
        visitor = client(app)
        visitor.get(f"/preview/{token}")
        url = re.search(r'href="(/branding/files/[^"]+/icon-32\.png)"', visitor.get("/login").text)
        assert url is not None
        assert visitor.get(url[1]).status_code == 200
    assert len(drawings) == 1


def test_what_is_kept_is_made_once_and_what_fails_is_made_again() -> None:
    kept: Kept[str, str] = Kept(10)
    together, made = threading.Barrier(AT_ONCE), []

    def make() -> str:
        made.append(1)
        threading.Event().wait(0.05)
        return "here"

    def ask() -> str | None:
        together.wait()
        return kept.made("one", make, len)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        assert {done.result() for done in [pool.submit(ask) for _one in range(AT_ONCE)]} == {"here"}
    assert len(made) == 1
    assert kept.made("two", lambda: None, len) is None
    with pytest.raises(ZeroDivisionError):
        kept.made("two", lambda: str(1 // 0), len)
    assert kept.made("two", lambda: "there", len) == "there"
    assert not kept._making

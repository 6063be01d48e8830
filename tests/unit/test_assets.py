"""Addresses that hold a hash, and the answers behind them."""

import gzip
import os
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.web.assets import AssetError, Assets, asset, install, minified


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "css/scale.css": '@font-face { src: url("fonts/face.woff2") format("woff2"); }',
        "css/base.css": "/* why */ body { margin: 0; }",
        "css/layout.css": ".frame { display: grid; }",
        "css/components/table.css": ".table { color: var(--color-text-main); }",
        "css/components/button.css": ".button { border: 0; }",
        "css/frame-branded.css": ".sheet { border: 0; }",
        "css/neutral.css": ".plain { margin: 0; }",
        "js/copy.js": 'import { say } from "./say.js";\n',
        "js/say.js": "export const say = () => {};\n",
        "icons.svg": "<svg><symbol/></svg>",
        "fonts/face.woff2": "face",
        "fonts/LICENSE.txt": "free",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


@pytest.fixture
def app(folder: Path) -> Flask:
    app = Flask(__name__)
    install(app, folder=folder)
    return app


@pytest.fixture
def assets(app: Flask) -> Assets:
    found: Assets = app.extensions["assets"]
    return found


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def test_the_bundle_holds_all_sheets_in_order(assets: Assets, client: FlaskClient) -> None:
    css = client.get(assets.url("portal.css")).text
    order = ["@font-face", "body", ".frame", ".button", ".table", ".sheet"]
    assert [css.index(part) for part in order] == sorted(css.index(part) for part in order)
    assert ".plain" not in css
    assert "why" not in css


def test_sheets_point_to_hashed_files(assets: Assets, client: FlaskClient) -> None:
    assert f'url("{assets.url("fonts/face.woff2")}")' in client.get(assets.url("portal.css")).text


def test_templates_know_asset(app: Flask, assets: Assets) -> None:
    assert app.jinja_env.from_string("{{ asset('icons.svg') }}").render() == assets.url("icons.svg")


def test_answers_are_kept_for_ever(assets: Assets, client: FlaskClient) -> None:
    answer = client.get(assets.url("icons.svg"))
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Type"].startswith("image/svg+xml")
    assert "Set-Cookie" not in answer.headers


def test_a_drawing_that_is_opened_by_itself_runs_nothing(assets: Assets, client: FlaskClient) -> None:
    assert client.get(assets.url("icons.svg")).headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Content-Security-Policy" not in client.get(assets.url("js/say.js")).headers


@pytest.mark.parametrize("path", ["/assets/0000/icons.svg", "/assets/../secret", "/assets/x/css/base.css"])
def test_another_hash_or_path_is_not_found(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "immutable" not in answer.headers.get("Cache-Control", "")


def test_the_hash_of_one_file_opens_no_other(assets: Assets, client: FlaskClient) -> None:
    assert client.get(assets.url("icons.svg").replace("icons.svg", "portal.css")).status_code == 404


def test_texts_travel_compressed_for_who_can_read_it(assets: Assets, client: FlaskClient) -> None:
    url = assets.url("portal.css")
    plain, pressed = client.get(url), client.get(url, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in plain.headers
    assert pressed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(pressed.data) == plain.data
    assert plain.headers["Vary"] == pressed.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in client.get(url, headers={"Accept-Encoding": "gzip;q=0"}).headers


def test_faces_are_not_compressed_again(assets: Assets, client: FlaskClient) -> None:
    answer = client.get(assets.url("fonts/face.woff2"), headers={"Accept-Encoding": "gzip"})
    assert answer.data == b"face"
    assert "Content-Encoding" not in answer.headers


def test_modules_find_each_other(assets: Assets, client: FlaskClient) -> None:
    beside = assets.url("js/copy.js").replace("copy.js", "say.js")
    assert beside == assets.url("js/say.js")
    assert client.get(beside).headers["Content-Type"] == "text/javascript; charset=utf-8"


def test_others_are_asked_for_what_is_not_the_portals_own(assets: Assets, client: FlaskClient) -> None:
    logo = asset("some/logo.png", b"pixels", "0123456789")
    assets.ask(lambda _digest, path: logo if path == "some/logo.png" else None)
    found = client.get("/assets/0123456789/some/logo.png")
    assert (found.data, found.headers["Content-Type"]) == (b"pixels", "image/png")
    assert "immutable" in found.headers["Cache-Control"]
    assert client.get("/assets/0123456789/other/logo.png").status_code == 404


def test_an_address_of_another_release_shows_what_is_there_and_is_not_kept(assets: Assets, client: FlaskClient) -> None:
    """While one process is older than the next, no page stays without its look."""
    assets.ask(lambda _digest, _path: asset("some/theme.css", b":root{}", "0123456789"))
    found = client.get("/assets/9999999999/some/theme.css")
    assert (found.status_code, found.headers["Cache-Control"]) == (200, "no-store")


def test_a_file_that_does_not_exist_is_said_at_once(assets: Assets, folder: Path) -> None:
    with pytest.raises(AssetError, match=r"no static file “lost\.css”"):
        assets.url("lost.css")
    (folder / "css/base.css").write_text("body { background: url(lost.png) }")
    with pytest.raises(AssetError, match=r"css/base\.css refers to “lost\.png”"):
        Assets(folder)


def test_in_development_a_change_shows_at_once(folder: Path) -> None:
    watching, resting = Assets(folder, watch=True), Assets(folder)
    before = watching.url("portal.css")
    (folder / "css/base.css").write_text("body { margin: 1rem; }")
    os.utime(folder / "css/base.css", ns=(1, 1))
    watching.refresh()
    resting.refresh()
    assert watching.url("portal.css") != before
    assert watching.find(watching.url("portal.css").split("/")[2], "portal.css") is not None
    assert resting.url("portal.css") == before


@pytest.mark.parametrize(
    ("source", "short"),
    [
        ("a  b {\n  color : red ;\n}\n", "a b{color : red}\n"),
        ('p::before { content: "a;  /* b */ {c}"; }', 'p::before{content: "a;  /* b */ {c}"}\n'),
        ("p { content: '\\'  x' }", "p{content: '\\'  x'}\n"),
        ("/* one */\na /* two */ , b { }", "a,b{}\n"),
        ("p { inline-size: calc(1rem + 2 * 3px) }", "p{inline-size: calc(1rem + 2 * 3px)}\n"),
        (".a :hover { x: y }", ".a :hover{x: y}\n"),
    ],
)
def test_shortening_changes_no_meaning(source: str, short: str) -> None:
    assert minified(source) == short

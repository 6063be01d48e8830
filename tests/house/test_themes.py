"""The shipped themes: readable, complete, clean, and as they were agreed (goldens/themes.txt).

After a wanted change: `python -m tests.house.test_themes` writes the agreed values anew.
"""

import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from PIL import Image

from portal.core import i18n
from portal.core.phone import Home
from portal.core.tenancy import Tenant
from portal.features.branding import cli, queries
from portal.features.branding.rules.palette import PAIRS, derive, worst
from portal.features.branding.rules.sheet import SHORT_TEXTS, TEXTS
from portal.features.branding.rules.stylesheet import shapes, stylesheet
from portal.features.branding.rules.theme import NEUTRAL, Scheme, Theme, ThemeError
from portal.features.branding.views import brands as views

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "themes"
GOLDEN = Path(__file__).parent / "goldens" / "themes.txt"
NAMES = ("belleligne", "cheapcall", "clarity", "fjell", "isar", "meridian", "nocturne", "pomelo", "relay", "telephone")
LANGUAGES = ("en", "de", "fr", "es", "it", "tr", "ar")
TOKENS = (
    "surface-ground", "surface-raised", "surface-brand", "text-main", "text-muted", "accent-fill", "accent-on", "accent-ink",
    "accent-edge", "accent-wash", "control-edge", "desk-fill", "desk-mark", "person-fill-0",
)  # fmt: skip


def themes() -> dict[str, Theme]:
    return queries.themes(FOLDER)


def agreed() -> str:
    return "\n\n".join(_lines(theme) for theme in themes().values()) + "\n"


def _lines(theme: Theme) -> str:
    derived, drawn = derive(theme), shapes(theme)
    lean = theme.lean or "system"
    head = (
        f"{theme.name}: {theme.frame}, radius {drawn['--shape-radius-control']}, control {drawn['--size-control']}, lean {lean}"
    )
    table = [f"  {token:15} {derived.light[token]}  {derived.dark[token]}" for token in TOKENS]
    moves = [
        f"  moved {move.scheme:5} {move.token:12} {move.was} -> {move.now}, had {move.ratio:.2f} on {move.pair[1]}"
        for move in derived.moves
    ]
    return "\n".join([head, *table, *moves])


def test_the_themes_look_as_agreed() -> None:
    assert agreed() == GOLDEN.read_text(encoding="utf-8")


def test_all_themes_are_there() -> None:
    assert tuple(themes()) == NAMES


@pytest.mark.parametrize("name", [*NAMES, "neutral"])
@pytest.mark.parametrize("scheme", Scheme)
def test_everything_can_be_read(name: str, scheme: Scheme) -> None:
    pair, ratio = worst(derive({**themes(), "neutral": NEUTRAL}[name]), scheme)
    assert ratio >= pair[2], f"{pair[0]} on {pair[1]}"


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_complete_in_each_language(name: str) -> None:
    texts = themes()[name].texts
    assert texts.keys() == set(LANGUAGES)
    assert all(SHORT_TEXTS.keys() <= spoken.keys() <= TEXTS.keys() for spoken in texts.values())


@pytest.mark.parametrize("name", NAMES)
def test_no_theme_mentions_another(name: str) -> None:
    own = themes()[name]
    others = [other for theme in themes().values() if theme is not own for other in (theme.name, theme.brand)]
    everything = "\n".join(
        [stylesheet(own), *(path.read_text(encoding="utf-8") for path in (FOLDER / name).rglob("*") if path.is_file())]
    )
    assert not [other for other in others if other.casefold() in everything.casefold()]


@pytest.mark.parametrize("name", NAMES)
def test_art_uses_only_colours_that_exist(name: str) -> None:
    art = themes()[name].slots["slots/door_art.html"]
    used = set(re.findall(r"var\(--color-([a-z0-9-]+)\)", art))
    assert used
    assert used <= derive(themes()[name]).light.keys()
    assert 'class="art"' in art


@pytest.fixture
def brands() -> Iterator[views.Brands]:
    """As in a request, where a private link could change them."""
    with Flask(__name__).app_context():
        yield views.Brands(themes(), FOLDER)


def tenant(theme: str) -> Tenant:
    return Tenant(1, "Somebody & Co", True, False, "host.example", theme, ("en",), "UTC", Home("49", "30"))


def test_pages_see_a_brand(brands: views.Brands) -> None:
    brand = brands.of(tenant("telephone"))
    assert (brand.name, brand.frame, brand.lean) == ("TelephOne", "quiet", "")
    assert brand.wordmark == '<span class="wordmark">Teleph<span class="wordmark-light">One</span></span>'
    assert brand.mark.startswith("<svg ")
    assert brand.lockup == f"{brand.mark}<span>{brand.wordmark}</span>"
    assert brand.art.startswith('<svg class="art"')
    assert brand.support.phone == "493023125100"
    assert brand.css_url.endswith("/theme.css")
    assert brand.favicon_url.endswith("/favicon.svg")


def test_a_brand_speaks_the_readers_language_or_its_own_first(brands: views.Brands) -> None:
    brand = brands.of(tenant("telephone"))
    with i18n.using("de"):
        assert brand.text("welcome") == "Eine Nummer. Alle erreichbar."
    with i18n.using("sv"):
        assert brand.text("welcome") == "One number. Everyone within reach."
    with i18n.using("en"):
        assert brand.links == [("Imprint", "https://telephone.example/imprint"), ("Privacy", "https://telephone.example/privacy")]
        assert brand.text("unsaid") == ""


def test_a_theme_without_a_wordmark_is_called_by_its_name() -> None:
    bare = Theme("bare", "Bare & Co", "#123456", "#123456")
    assert views.look(bare, {}, views.draft_address)[0].wordmark == '<span class="wordmark">Bare &amp; Co</span>'
    drawn = Theme("bare", "Bare & Co", "#123456", "#123456", drawn_wordmark="<svg></svg>")
    assert views.look(drawn, {}, views.draft_address)[0].wordmark == "<svg></svg>"


def test_who_has_chosen_nothing_shows_the_name_and_a_mark_in_the_neutral_look(brands: views.Brands) -> None:
    brand = brands.of(tenant("gone"))
    assert (brand.name, brand.wordmark) == ("Somebody & Co", '<span class="wordmark">Somebody &amp; Co</span>')
    assert brand.favicon_url.startswith("data:image/svg+xml,")
    _, _, digest, name = brand.css_url.split("/")
    found = brands.find(digest, name)
    assert found is not None
    assert found.digest == digest


@pytest.mark.parametrize("name", NAMES)
def test_every_file_of_a_theme_is_there_under_an_address_that_names_nobody(brands: views.Brands, name: str) -> None:
    brand = brands.of(tenant(name))
    urls = [brand.css_url, brand.favicon_url, brand.icons.small, brand.icons.touch, brand.icons.manifest]
    for url in urls:
        _, _, digest, file = url.split("/")
        found = brands.find(digest, file)
        assert found is not None, url
        assert found.url == url
        assert not [other for other in NAMES if other in url]
    _, _, digest, file = brand.icons.manifest.split("/")
    manifest = brands.find(digest, file)
    assert manifest is not None
    said = json.loads(manifest.content)
    assert (said["name"], said["id"], said["display"]) == (brand.name, "/", "standalone")
    for icon in said["icons"]:
        _, _, digest, file = icon["src"].split("/")
        picture = brands.find(digest, file)
        assert picture is not None
        assert "x".join(map(str, Image.open(io.BytesIO(picture.content)).size)) == icon["sizes"]


# --- portal theme check -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_check_says_what_was_moved_and_how_readable_it_is(name: str) -> None:
    result = CliRunner().invoke(cli.theme, ["check", str(FOLDER / name)])
    assert result.exit_code == 0
    assert result.output.splitlines()[-1].startswith("dark: nearest to its limit is ")


def test_check_bites(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_text('name = "Half"\n')
    (tmp_path / "mark.svg").write_text("<svg viewBox='0 0 1 1'><script/></svg>")
    result = CliRunner().invoke(cli.theme, ["check", str(tmp_path)])
    assert result.exit_code == 1
    assert "theme.toml, look: This is missing." in result.output
    assert "theme.toml, texts: This is missing." in result.output
    assert "mark.svg, script: The element <script> is not allowed in a drawing." in result.output


def test_a_file_that_is_not_text_is_said(tmp_path: Path) -> None:
    (tmp_path / "theme.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(ThemeError, match=r"^theme\.toml: This cannot be read: "):
        queries.theme(tmp_path)


def test_the_lint_bites() -> None:
    derived = derive(themes()["isar"])
    broken = type(derived)({**derived.light, "text-muted": derived.light["surface-ground"]}, derived.dark, ())
    pair, ratio = worst(broken, Scheme.LIGHT)
    assert pair[0] == "text-muted"
    assert ratio < pair[2]
    assert len(PAIRS) > 80


if __name__ == "__main__":
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(agreed(), encoding="utf-8")

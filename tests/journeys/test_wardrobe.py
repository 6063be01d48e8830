"""The main pages in every theme and every language, light and dark, wide and on a phone: nothing breaks, axe finds nothing.

A run takes every theme once and every language at least once. `PORTAL_LOOKS=all` takes every theme in every language, wide and
on a phone, each with an empty cache, and leaves the pictures in build/looks/.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from portal.core import i18n
from portal.features.branding import queries
from portal.features.branding.rules.theme import Scheme
from tests.cast import PASSWORD
from tests.journeys.conftest import Visits
from tests.journeys.visitor import AXE, Visitor
from tests.journeys.wardrobe import Wardrobe

ROOT = Path(__file__).resolve().parents[2]
PICTURES = ROOT / "build" / "looks"
THEMES = queries.themes(ROOT / "themes")
LANGUAGES = ("en", "ar", "de", "tr", "fr", "es", "it")
PAGES = {"list": "/extensions", "calls": "/calls", "handling": "/call-handling"}
ALL = os.environ.get("PORTAL_LOOKS") == "all"

Look = tuple[str, str, bool]
SAMPLE: list[Look] = [(theme, LANGUAGES[at % len(LANGUAGES)], at % 2 == 1) for at, theme in enumerate(THEMES)]
LOOKS: list[Look] = list(product(THEMES, LANGUAGES, (False, True))) if ALL else SAMPLE


@pytest.fixture(scope="module")
def wardrobe(world: str, port: int) -> Iterator[Wardrobe]:
    made = Wardrobe(world, port)
    with made.offering(LANGUAGES):
        yield made


def named(look: Look) -> str:
    theme, language, phone = look
    return f"{theme}-{language}-{'phone' if phone else 'wide'}"


@pytest.mark.parametrize("look", LOOKS, ids=named)
def test_the_main_pages_in_this_look(visit: Visits, wardrobe: Wardrobe, look: Look) -> None:
    theme, language, phone = look
    wardrobe.dress(theme, THEMES[theme].brand)
    clare = visit("lantern", language=language, phone=phone)
    clare.page.emulate_media(reduced_motion="reduce")  # colours are measured right after they change
    clare.go("/login")
    check(clare, look, "login")
    clare.page.locator("[name=username]").fill("clare")
    clare.page.locator("[name=password]").fill(PASSWORD)
    with clare.page.expect_navigation():
        clare.page.locator("main button[type=submit]").click()
    clare.look()
    check(clare, look, "dashboard")
    for page, path in PAGES.items():
        clare.go(path)
        check(clare, look, page)
    clare.go("/nothing-here", status=404)
    check(clare, look, "error")


def check(visitor: Visitor, look: Look, page: str) -> None:
    """As it comes it was looked at already; what is left is the language, and the other scheme."""
    theme, language, _phone = look
    root = visitor.page.locator("html")
    assert root.get_attribute("lang") == language
    assert root.get_attribute("dir") == i18n.text_direction(language)
    first, second = ("dark", "light") if THEMES[theme].lean is Scheme.DARK else ("light", "dark")
    keep(visitor, look, f"{page}-{first}")
    visitor.page.evaluate("scheme => { document.documentElement.dataset.scheme = scheme }", second)
    keep(visitor, look, f"{page}-{second}")
    found = AXE.run(visitor.page, options={"runOnly": ["color-contrast"]}).response["violations"]
    assert not found, f"{named(look)} {page} {second}: " + "; ".join(node["html"][:160] for node in found[0]["nodes"][:4])


def keep(visitor: Visitor, look: Look, name: str) -> None:
    if ALL:
        folder = PICTURES / look[0]
        folder.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=folder / f"{name}-{look[1]}-{'phone' if look[2] else 'wide'}.png")


def test_the_sample_has_every_theme_and_every_language() -> None:
    assert {theme for theme, _language, _phone in SAMPLE} == set(THEMES)
    assert {language for _theme, language, _phone in SAMPLE} == set(LANGUAGES) == i18n.available()

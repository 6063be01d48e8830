"""The main pages in every theme and every language, light and dark, wide and on a phone: nothing breaks, no word is cut off.

A run takes every theme once and every language at least once, and axe finds nothing. `PORTAL_LOOKS=all` takes every theme in
every language, wide and on a phone, each with an empty cache, and leaves the pictures in build/looks/; what axe finds in every
theme is the business of test_looks then.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest

from portal.core import i18n
from portal.features.branding.rules.theme import Scheme
from tests.journeys import eyes, rack
from tests.journeys.conftest import Visits
from tests.journeys.rack import THEMES, Gown
from tests.journeys.visitor import Visitor
from tests.journeys.wardrobe import Wardrobe

PICTURES = Path(__file__).resolve().parents[2] / "build" / "looks"
LANGUAGES = ("en", "ar", "de", "tr", "fr", "es", "it")
PAGES = {"list": "/extensions", "calls": "/calls", "handling": "/call-handling"}
ALL = os.environ.get("PORTAL_LOOKS") == "all"
AXE = None if ALL else eyes.EVERYTHING

Look = tuple[str, str, bool]  # theme, language, whether on a phone
SAMPLE: list[Look] = [(theme, LANGUAGES[at % len(LANGUAGES)], at % 2 == 1) for at, theme in enumerate(THEMES)]
LOOKS: list[Look] = list(product(THEMES, LANGUAGES, (False, True))) if ALL else SAMPLE

_WORDS = "h1, h2, h3, th, label, legend, .button, .nav-link > span, .tab, .chip, .badge, .door-words p"
_CUT = f"""[...document.querySelectorAll("{_WORDS}")]
  .filter(word => word.checkVisibility() && word.clientWidth > 2 && word.scrollWidth > word.clientWidth + 1)
  .map(word => word.tagName + '.' + word.className + ' ' + word.textContent.trim().slice(0, 60))"""


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
    clare.go("/login", axe=AXE)
    check(clare, look, "login")
    clare.submit("clare")
    clare.look(AXE)
    check(clare, look, "dashboard")
    for page, path in PAGES.items():
        clare.go(path, axe=AXE)
        check(clare, look, page)
    clare.go("/nothing-here", status=404, axe=AXE)
    check(clare, look, "error")


def check(visitor: Visitor, look: Look, page: str) -> None:
    """As it comes axe has looked at it already; what is left is the language, and the other scheme."""
    theme, language, phone = look
    root = visitor.page.locator("html")
    assert root.get_attribute("lang") == language
    assert root.get_attribute("dir") == i18n.text_direction(language)
    cut = visitor.page.evaluate(_CUT)
    assert not cut, f"{named(look)} {page}: {cut}"
    second = Scheme.LIGHT if THEMES[theme].lean is Scheme.DARK else Scheme.DARK
    if not ALL:
        found = rack.unbecoming(visitor.page, Gown(theme, second))
        assert not found, found
    elif phone:
        rack.try_on(visitor.page, Gown(theme, second))
    keep(visitor, look, page)


def keep(visitor: Visitor, look: Look, page: str) -> None:
    if ALL:
        folder = PICTURES / look[0]
        folder.mkdir(parents=True, exist_ok=True)
        visitor.page.screenshot(path=folder / f"{page}-{look[1]}-{'phone' if look[2] else 'wide'}.png")


def test_the_sample_has_every_theme_and_every_language() -> None:
    assert {theme for theme, _language, _phone in SAMPLE} == set(THEMES)
    assert {language for _theme, language, _phone in SAMPLE} == set(LANGUAGES) == i18n.available()

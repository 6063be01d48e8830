"""The shipped themes, to be tried on by a page where it stands: quicker than dressing a provider."""

from dataclasses import dataclass
from itertools import product
from pathlib import Path

from playwright.sync_api import Page

from portal.features.branding import queries
from portal.features.branding.rules.shelf import STYLES, shelf
from portal.features.branding.rules.theme import Scheme, Theme
from portal.features.branding.views.brands import public_address
from tests.journeys import eyes

THEMES = queries.themes(Path(__file__).resolve().parents[2] / "themes")

_WEAR = """([frame, scheme, url]) => new Promise((done, failed) => {
  const root = document.documentElement, worn = document.querySelector("link[rel=stylesheet][href$='theme.css']")
  const next = worn.cloneNode()
  next.onload = () => { worn.remove(); Object.assign(root.dataset, { frame, scheme }); done() }
  next.onerror = failed
  next.href = url
  worn.after(next)
})"""


# The page beyond the window, or a list beyond its card, where it is cut off; a quiet button may hang over by its padding.
_TOO_WIDE = """Math.max(document.documentElement.scrollWidth - window.innerWidth,
  ...[...document.querySelectorAll(".listing .table")].map(table => table.scrollWidth - table.parentElement.clientWidth - 12))"""


@dataclass(frozen=True, slots=True)
class Gown:
    """A theme in one of its two schemes."""

    theme: str
    scheme: Scheme

    def __str__(self) -> str:
        return f"{self.theme}-{self.scheme}"


GOWNS = tuple(Gown(theme, scheme) for scheme, theme in product(Scheme, THEMES))


def turn(at: int) -> Gown:
    """Of one after the other: each theme comes before one comes again, and in the other scheme then."""
    return GOWNS[at % len(GOWNS)]


def try_on(page: Page, gown: Gown) -> None:
    """For a page that moves nothing: colours are on their way otherwise."""
    theme = THEMES[gown.theme]
    page.evaluate(_WEAR, [theme.frame, gown.scheme, _styles(theme)])


def unbecoming(page: Page, *gowns: Gown) -> str:
    """What axe finds in each of these, and what is too wide then; empty where all of them fit."""
    return "\n".join(line for gown in gowns for line in _faults(page, gown))


def _faults(page: Page, gown: Gown) -> list[str]:
    try_on(page, gown)
    found = eyes.findings(page, eyes.OF_A_THEME)
    wide = page.evaluate(_TOO_WIDE)
    return [f"{page.url} in {gown}: {fault}" for fault in (found, f"{wide} px too wide" if wide > 0 else "") if fault]


def _styles(theme: Theme) -> str:
    return public_address(shelf(theme, {}, public_address).digests[STYLES], STYLES)

"""Every page in every look: nothing breaks, nothing scrolls sideways, axe finds nothing."""

import os
import re
from collections import Counter

import pytest

from portal.core import ids
from portal.features.branding.rules.theme import Scheme
from tests.journeys import rack
from tests.journeys.conftest import Visits
from tests.journeys.visitor import Visitor

PEOPLE = {
    "lantern": (
        "clare",
        (
            "/",
            "/search?q=030",
            "/extensions",
            "/extensions/new",
            "/groups",
            "/groups/new",
            "/numbers",
            "/numbers/range",
            "/profiles",
            "/profiles/new",
            "/calls",
            "/call-handling",
            "/call-handling?line=600&caller=101&day=2026-11-27&time=18:05",
            "/call-handling/lines",
            "/call-handling/times",
            "/call-handling/times/new?like=after-hours",
            "/call-handling/callers",
            "/call-handling/callers/new",
            "/devices",
            "/phonebook",
            "/phonebook/new",
            "/phonebook/import",
            "/audit",
            "/account",
            "/nothing-here",
        ),
    ),
    "telephone": (
        "tom@telephone.example",
        (
            "/",
            "/staff",
            "/staff/new",
            "/mail-templates",
            "/mail-templates/new_device/en/words",
            "/search?q=lan",
            "/number-blocks",
            "/customers/new/cloudpbx",
            "/accounts",
            "/audit",
            "/account",
            "/sign-in-rules",
            "/sign-in-rules/provider",
            "/branding",
            "/branding/look",
            "/branding/names",
            "/branding/pictures",
            "/branding/texts",
            "/branding/previews",
            "/customers",
            "/customers/new",
            "/customers/new/trunk",
            "/contacts",
            "/contacts/new",
            "/service-classes",
            "/service-classes/new",
            "/domains",
            "/domains/new",
            "/domains/languages",
            "/hosts/new",
        ),
    ),
    "isar": (
        "olga@isar.example",
        (
            "/",
            "/number-blocks",
            "/number-blocks/new",
            "/accounts",
            "/audit",
            "/account",
            "/sign-in-rules",
            "/resellers",
            "/resellers/new",
            "/contracts",
            "/contracts/new",
            "/peering",
            "/peering/new",
            "/system-contacts",
            "/system-contacts/new",
            "/health",
            "/domains",
        ),
    ),
    "cheapcall": (
        "charlie",
        (
            "/",
            "/calls",
            "/call-handling",
            "/devices",
            "/phonebook",
            "/phonebook/new",
            "/account",
            "/account/password",
            "/nothing-here",
        ),
    ),
}


ALL = os.environ.get("PORTAL_LOOKS") == "all"
IDS = re.compile(rf"(?<=[/=])[{ids.ALPHABET}]{{{ids.LENGTH}}}(?=$|[/?&#])")
FILES = re.compile(r"\.\w+(\?|$)|/download|/assets/|/log-?out|/_|/branding/preview/")  # previews run no script, not even axe
NUMBERED = {place: at for at, place in enumerate((host, path) for host, (_, paths) in PEOPLE.items() for path in paths)}
LINKS = "[...document.links].filter(a => a.origin === location.origin).map(a => a.pathname + a.search)"


@pytest.mark.parametrize("host", PEOPLE)
def test_pages(visit: Visits, host: str) -> None:
    """Each page as it comes, with all of axe; then in a theme whose turn it is, or in every theme: with what those can break."""
    name, paths = PEOPLE[host]
    visitor = visit(host)
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.go("/login")
    visitor.sign_in(name)
    met, found = list(paths), []
    for path in met:  # grows
        visitor.go(path, status=404 if path == "/nothing-here" else 200)
        visitor.shot(f"{host}-wide-light{path.replace('/', '-')}")
        gowns = rack.GOWNS if ALL else [rack.turn(NUMBERED[host, path])]
        met += unmet(visitor, met) if ALL else []
        found.append(rack.unbecoming(visitor.page, *gowns))
    assert not any(found), "\n".join(filter(None, found))


@pytest.mark.parametrize("host", PEOPLE)
def test_pages_on_a_phone(visit: Visits, host: str) -> None:
    """In German, whose words are long; dark, then in the theme whose turn it is."""
    name, paths = PEOPLE[host]
    visitor = visit(host, language="de", phone=True, dark=True)
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.go("/login")
    visitor.shot(f"{host}-phone-dark-login")
    visitor.sign_in(name)
    for path in paths:
        visitor.go(path, status=404 if path == "/nothing-here" else 200, axe=None)
        visitor.shot(f"{host}-phone-dark{path.replace('/', '-')}")
        found = rack.unbecoming(visitor.page, rack.turn(NUMBERED[host, path] + len(rack.GOWNS) // 2 + 3))
        assert not found, found


def unmet(visitor: Visitor, met: list[str]) -> list[str]:
    """Where the page leads, one of each kind."""
    kinds = {kind(path) for path in met}
    found = {kind(path): path for path in visitor.page.evaluate(LINKS) if not FILES.search(path)}
    return [path for of, path in found.items() if of not in kinds]


def kind(path: str) -> str:
    """Two customers are one page; what a page is asked for does not make it another."""
    return IDS.sub("*", path.partition("?")[0])


def test_the_gallery(visit: Visits) -> None:
    visitor = visit("isar")
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.go("/_gallery")
    found = rack.unbecoming(visitor.page, *(rack.GOWNS if ALL else rack.GOWNS[:: len(Scheme) + 1]))
    assert not found, found


def test_every_theme_meets_many_pages_in_both_schemes() -> None:
    met = Counter(rack.turn(at) for at in NUMBERED.values())
    assert set(met) == set(rack.GOWNS)
    assert {gown.theme for gown in rack.GOWNS} == set(rack.THEMES)
    assert min(met.values()) >= 3


def test_nobody_answers_elsewhere(visit: Visits) -> None:
    stranger = visit("somewhere-else")
    stranger.go("/login", status=421)
    for name in ("Isar", "TelephOne", "Cheap", "Lantern"):
        assert name not in stranger.page.content()

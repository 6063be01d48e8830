"""Every page in every look: nothing breaks, nothing scrolls sideways, axe finds nothing."""

import pytest

from tests.journeys.conftest import Visits

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
            "/system-contacts",
            "/system-contacts/new",
            "/health",
            "/domains",
        ),
    ),
    "cheapcall": (
        "charlie",
        ("/", "/calls", "/call-handling", "/phonebook", "/phonebook/new", "/account", "/account/password", "/nothing-here"),
    ),
}


@pytest.mark.parametrize(("phone", "dark"), [(False, False), (True, True)], ids=["wide-light", "phone-dark"])
@pytest.mark.parametrize("host", PEOPLE)
def test_pages(visit: Visits, host: str, phone: bool, dark: bool) -> None:
    name, paths = PEOPLE[host]
    language = "de" if phone else "en"
    visitor = visit(host, language=language, phone=phone, dark=dark)
    look = f"{host}-{'phone' if phone else 'wide'}-{'dark' if dark else 'light'}"
    visitor.go("/login")
    visitor.shot(f"{look}-login")
    visitor.sign_in(name)
    for path in paths:
        visitor.go(path, status=404 if path == "/nothing-here" else 200)
        visitor.shot(f"{look}{path.replace('/', '-')}")


@pytest.mark.parametrize("theme", ["isar", "telephone", "cheapcall", "nocturne"])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_gallery(visit: Visits, theme: str, dark: bool) -> None:
    visitor = visit("isar", dark=dark)
    visitor.go(f"/_gallery?theme={theme}")
    visitor.shot(f"gallery-{theme}-{'dark' if dark else 'light'}")
    assert visitor.page.title()


def test_nobody_answers_elsewhere(visit: Visits) -> None:
    stranger = visit("somewhere-else")
    stranger.go("/login", status=421)
    for name in ("Isar", "TelephOne", "Cheap", "Lantern"):
        assert name not in stranger.page.content()

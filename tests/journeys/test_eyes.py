"""What axe looks at, and what it need not look at again."""

import pytest

from tests.journeys import eyes
from tests.journeys.conftest import Visits

ROW = '<li class="row"><a href="/x{0}" id="row-{0}">{1}</a></li>'
PAGE = '<main><h1>{}</h1><ul>{}</ul><button class="button">Save</button></main>'


def page(title: str, *rows: str) -> str:
    return PAGE.format(title, "".join(ROW.format(at, row) for at, row in enumerate(rows)))


@pytest.fixture(autouse=True)
def nothing_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(eyes, "_seen", set())


def test_other_words_and_more_rows_are_the_same_to_it(visit: Visits) -> None:
    tab = visit("lantern").page
    tab.set_content(page("Extensions", "Alice", "Bob"))
    assert not eyes.was_seen(tab)
    tab.set_content(page("Colleagues", "Carol", "Dora", "Emil"))
    assert eyes.was_seen(tab)


@pytest.mark.parametrize(
    "change",
    [
        "document.querySelector('button').textContent = ''",
        "document.querySelector('button').className = 'button quiet'",
        "document.querySelector('a').removeAttribute('href')",
        "document.querySelector('a').setAttribute('role', 'tab')",
        "document.querySelector('h1').hidden = true",
        "document.querySelectorAll('a')[1].id = 'row-0'",
        "document.querySelector('ul').append(document.createElement('p'))",
        "document.documentElement.dataset.scheme = 'dark'",
        "document.documentElement.dir = 'rtl'",
    ],
)
def test_what_could_be_wrong_is_looked_at(visit: Visits, change: str) -> None:
    tab = visit("lantern").page
    tab.set_content(page("Extensions", "Alice", "Bob"))
    eyes.was_seen(tab)
    tab.evaluate(change)
    assert not eyes.was_seen(tab)


def test_so_is_another_width_or_scheme(visit: Visits) -> None:
    tab = visit("lantern").page
    tab.set_content(page("Groups", "Sales"))
    eyes.was_seen(tab)
    tab.set_viewport_size({"width": 417, "height": 800})
    assert not eyes.was_seen(tab)
    tab.emulate_media(color_scheme="dark")
    assert not eyes.was_seen(tab)


def test_axe_finds_what_is_wrong(visit: Visits) -> None:
    tab = visit("lantern").page
    tab.goto("about:blank")
    tab.set_content('<html lang="en"><title>x</title><main><h1>x</h1><button></button></main></html>')
    assert "button-name" in eyes.findings(tab)

"""What a browser calls itself, in words."""

import subprocess
import sys

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n
from portal.features.accounts import rules

CHROME, SAFARI = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0", "AppleWebKit/605.1.15 (KHTML, like Gecko)"
KNOWN = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:133.0) Gecko/20100101 Firefox/133.0": ("Firefox on Windows", False),
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {CHROME} Safari/537.36 Edg/131.0.0.0": ("Edge on Windows", False),
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {SAFARI} Version/18.1 Safari/605.1.15": ("Safari on macOS", False),
    f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {CHROME} Safari/537.36": ("Chrome on ChromeOS", False),
    "Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0": ("Firefox on Ubuntu", False),
    f"Mozilla/5.0 (X11; Linux x86_64) {CHROME.replace('Chrome', 'HeadlessChrome')} Safari/537.36": ("Chrome on Linux", False),
    f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) {SAFARI} Version/18.1 Mobile/15E148 Safari/604.1": (
        "Safari on iPhone",
        True,
    ),
    f"Mozilla/5.0 (iPad; CPU OS 17_0 like Mac OS X) {SAFARI} CriOS/120.0 Mobile/15E148 Safari/604.1": ("Chrome on iPad", True),
    f"Mozilla/5.0 (Linux; Android 10; K) {CHROME} Mobile Safari/537.36": ("Chrome on Android", True),
    "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0": ("Firefox on Android", True),
    "curl/8.5.0": ("curl", False),
}


@pytest.mark.parametrize(("user_agent", "words", "portable"), [(agent, *known) for agent, known in KNOWN.items()])
def test_a_browser_in_words(user_agent: str, words: str, portable: bool) -> None:
    found = rules.device_of(user_agent)
    assert (str(found), found.portable) == (words, portable)


def test_in_the_language_of_the_reader() -> None:
    """Found out once, said in any language."""
    found = rules.device_of(next(iter(KNOWN)))
    with i18n.using("de"):
        german = str(found)
    assert "Firefox" in german
    assert "Windows" in german


def test_what_nobody_knows_is_shown_as_it_is_but_not_all_of_it() -> None:
    assert rules.device("a telephone box") == "a telephone box"
    assert len(rules.device("x" * 5000)) == 60
    assert rules.device("") == "Unknown device"


@given(st.text(max_size=400))
def test_anything_can_be_sent(user_agent: str) -> None:
    assert rules.device(user_agent)


def test_its_tables_are_not_read_before_they_are_needed() -> None:
    """Neither the worker nor a command needs them."""
    code = "import sys, portal.app, portal.cli; sys.exit('ua_parser' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0

"""The look stays in one place: tokens only, one file of each kind per component, small scripts."""

import gzip
import re
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "portal" / "web"
STYLES = WEB / "static" / "css"
COMPONENTS = WEB / "templates" / "components"
MAY_HOLD_LENGTHS = {"scale.css", "neutral.css"}  # the fixed sizes; the page that stands alone
LITERAL = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgba?|hsla?|oklch|oklab|lab|lch|color)\(|[0-9](?:px|rem|pt)\b", re.IGNORECASE)
CONDITION = re.compile(r"@(?:media|container|supports)[^{]*")
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
MOST_SCRIPT = 30_000


def literals(style_sheet: str) -> list[str]:
    return LITERAL.findall(CONDITION.sub("", COMMENT.sub("", style_sheet)))


def names(folder: Path, suffix: str) -> set[str]:
    return {path.stem for path in folder.glob(f"*{suffix}")}


@pytest.mark.parametrize("path", sorted(STYLES.rglob("*.css")), ids=lambda path: path.name)
def test_colours_and_lengths_come_from_tokens(path: Path) -> None:
    if path.name not in MAY_HOLD_LENGTHS:
        assert literals(path.read_text()) == []


def test_the_check_for_literals_bites() -> None:
    assert literals("a { color: #fff; gap: 3px }") == ["#fff", "3px"]
    assert literals("@media (width < 60em) { a { color: color-mix(in oklab, currentColor 40%, transparent) } }") == []


def test_only_logical_sides() -> None:
    sides = "left|right|top|bottom"
    physical = re.compile(rf"[\s;{{](?:(?:margin|padding|border)-(?:{sides})|{sides})\s*:|text-align:\s*(?:left|right)")
    assert physical.search("a { margin-left: 0 }")
    assert physical.search("a { text-align: right }")
    assert [path.name for path in STYLES.rglob("*.css") if physical.search(path.read_text())] == []


def test_a_component_is_a_macro_file_a_style_sheet_and_a_place_in_the_gallery() -> None:
    macros = names(COMPONENTS, ".html")
    shown = set(re.findall(r'from "components/([a-z]+)\.html"', (WEB / "templates" / "gallery.html").read_text()))
    assert macros == names(STYLES / "components", ".css")
    assert macros == shown


def test_scripts_are_small() -> None:
    assert sum(len(gzip.compress(path.read_bytes())) for path in (WEB / "static" / "js").glob("*.js")) < MOST_SCRIPT


def test_pictures_that_templates_ask_for_exist() -> None:
    sprite = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (WEB / "static" / "icons.svg").read_text()))
    asked = re.compile(r"""icon\(["']([a-z0-9-]+)["']|icon(?:_name)?=["']([a-z0-9-]+)["']""")
    found = {
        (path.name, name)
        for path in WEB.parent.rglob("templates/**/*.html")
        for pair in asked.findall(path.read_text())
        for name in pair
        if name
    }
    assert {(file, name) for file, name in found if name not in sprite} == set()

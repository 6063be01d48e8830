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


PHYSICAL = re.compile(
    r"(?<![\w-])(?:(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)|left|right|top|bottom|float|clear)\s*:"
    r"|(?:text-align|transform-origin)\s*:[^;}]*\b(?:left|right)\b"
)
FOUR_SIDES = re.compile(
    r"(?<![\w-])(margin|padding|inset|border-(?:width|style|color|radius)|scroll-(?:margin|padding))\s*:\s*([^;}]+)"
)
INSIDE = re.compile(r"\([^()]*\)")


def physical(style_sheet: str) -> list[str]:
    """What would stay at its side when the page is mirrored: sides by name, and shorthands whose two sides differ."""
    text = COMMENT.sub("", style_sheet)
    return [found[0] for found in PHYSICAL.finditer(text)] + [
        found[0] for found in FOUR_SIDES.finditer(text) if _lopsided(*found.groups())
    ]


def _lopsided(name: str, value: str) -> bool:
    while (plain := INSIDE.sub(lambda found: found[0].replace(" ", "").strip("()"), value)) != value:
        value = plain
    sides = value.split()
    if name == "border-radius":
        return len(sides) in {2, 3} or (len(sides) == 4 and (sides[0] != sides[1] or sides[2] != sides[3]))
    return len(sides) == 4 and sides[1] != sides[3]


def test_only_logical_sides() -> None:
    assert {path.name: found for path in STYLES.rglob("*.css") if (found := physical(path.read_text()))} == {}


@pytest.mark.parametrize(
    "rule",
    ["margin-left: 0", "text-align: right", "float: left", "padding: 0 1em 0 2em", "inset: 0 auto 0 0", "border-radius: 0 1em"],
)
def test_the_check_for_sides_bites(rule: str) -> None:
    assert physical(f"a {{ {rule} }}")


@pytest.mark.parametrize(
    "rule",
    ["margin-inline: 0 1em", "text-align: end", "padding: 0 calc(1em * -1) 2em", "inset: auto", "padding: 0 1em 3em 1em"],
)
def test_both_sides_alike_are_logical_enough(rule: str) -> None:
    assert physical(f"a {{ {rule} }}") == []


def test_numbers_are_isolated_wherever_they_are_shown() -> None:
    """A number that is not set apart is read from its end in a page that is written from the right."""
    bare = re.compile(r"\{\{-?\s*(?:[a-z_]+\.)*(?:digits|e164|base_number|own_number)\s*-?\}\}")
    in_text = re.compile(r">[^<]*$")
    found = []
    for path in WEB.parent.rglob("templates/**/*.html"):
        text = path.read_text()
        found += [
            f"{path.name}: {one[0]}"
            for one in bare.finditer(text)
            if in_text.search(text[max(0, one.start() - 200) : one.start()])
        ]
    assert found == []
    assert bare.search("<td>{{ number.digits }}</td>")


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

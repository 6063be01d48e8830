"""Derived colours can be read whatever a brand chooses; the theme reader says exactly what is wrong."""

import re

import pytest
from hypothesis import given, settings, strategies as st

from portal.features.branding.rules import drawing, palette, shade, source
from portal.features.branding.rules.palette import PAIRS, derive, worst
from portal.features.branding.rules.shade import Shade, contrast
from portal.features.branding.rules.stylesheet import shapes, stylesheet
from portal.features.branding.rules.theme import DENSITY, RADIUS, Scheme, Theme, ThemeError

COLOURS = st.integers(0, 0xFFFFFF).map(lambda value: f"#{value:06x}") | st.builds(
    "oklch({:.3f} {:.3f} {:.1f})".format, st.floats(0, 1), st.floats(0, 0.4), st.floats(0, 360)
)
ODD = ("#000000", "#ffffff", "#ffff00", "#0000ff", "#ff0000", "#00ff00", "#00ffff", "#ff00ff", "#777777", "#7f7f80")


def theme(accent: str = "#f26d10", tint: str = "#8a7e74", **rest: object) -> Theme:
    return Theme("sample", "Sample", accent, tint, **rest)  # type: ignore[arg-type]


# --- colours ------------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(COLOURS, COLOURS)
def test_every_pair_can_be_read_whatever_the_brand_chooses(accent: str, tint: str) -> None:
    derived = derive(theme(accent, tint))
    for scheme in Scheme:
        colours = derived.of(scheme)
        for above, below, minimum in PAIRS:
            assert contrast(colours[above], colours[below]) >= minimum, (scheme, above, below)


@pytest.mark.parametrize("accent", ODD)
@pytest.mark.parametrize("tint", ["#000000", "#ff0000", "#0000ff"])
def test_every_pair_can_be_read_with_colours_at_the_edge(accent: str, tint: str) -> None:
    derived = derive(theme(accent, tint))
    assert all(ratio >= pair[2] for pair, ratio in (worst(derived, scheme) for scheme in Scheme))


def test_all_colours_are_plain_values() -> None:
    derived = derive(theme())
    assert derived.light.keys() == derived.dark.keys()
    for value in (*derived.light.values(), *derived.dark.values()):
        assert re.fullmatch("#[0-9a-f]{6}([0-9a-f]{2})?", value)


def test_every_pair_speaks_of_tokens_that_exist() -> None:
    tokens = derive(theme()).light.keys()
    assert {name for above, below, _ in PAIRS for name in (above, below)} <= tokens


@pytest.mark.parametrize("accent", [*ODD, "#97d3fd", "#60ea54", "oklch(0.76 0.1 5)"])
def test_bars_of_charts_stand_out_from_their_card_and_from_each_other(accent: str) -> None:
    derived = derive(theme(accent=accent))
    for scheme in Scheme:
        colours = derived.of(scheme)
        for bar in ("accent-edge", "chart-base", "chart-strong"):
            assert contrast(colours[bar], colours["surface-raised"]) >= 3, (scheme, bar)
        assert contrast(colours["chart-strong"], colours["chart-base"]) >= 2


def test_a_bright_brand_keeps_its_colour_on_the_main_button() -> None:
    derived = derive(theme(accent="#f26d10"))
    assert derived.light["accent-fill"] == derived.dark["accent-fill"] == "#f26d10"


def test_a_colour_on_which_no_label_reads_is_moved_and_said() -> None:
    accent = shade.parse("oklch(0.59 0.1 250)").hex
    derived = derive(theme(accent=accent))
    moved = [move for move in derived.moves if move.token == "accent-fill"]
    assert derived.light["accent-fill"] != accent
    assert [(move.scheme, move.was, move.now) for move in moved] == [
        (scheme, accent, derived.of(scheme)["accent-fill"]) for scheme in Scheme
    ]


def test_every_move_was_needed() -> None:
    for accent in (*ODD, "#f26d10", "#2d5f87", "#60ea54"):
        for move in derive(theme(accent=accent)).moves:
            assert move.ratio < move.pair[2]
            assert move.was != move.now
            assert move.token in move.pair[:2]


def test_the_label_flips_between_paper_and_ink() -> None:
    assert shade.luminance(derive(theme(accent="#2d5f87")).light["accent-on"]) > 0.9
    assert shade.luminance(derive(theme(accent="#ffe000")).light["accent-on"]) < 0.05


def test_a_grey_accent_takes_the_hue_of_the_tint() -> None:
    inputs = palette.read_inputs(theme(accent="#777777", tint="oklch(0.6 0.03 62)"))
    assert inputs.accent.chroma == 0
    assert inputs.accent.hue == pytest.approx(62)


def test_the_strength_of_a_tint_is_limited() -> None:
    assert palette.read_inputs(theme(tint="#ff0000")).tint.chroma == 0.06


def test_contrast_as_the_guidelines_define_it() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
    assert contrast("#ffffff", "#767676") == pytest.approx(4.54, abs=0.01)


def test_mixing_meets_half_way() -> None:
    mixed = shade.mix(Shade(0.8, 0.1, 10), Shade(0.4, 0.1, 350), 0.5)
    assert mixed.lightness == pytest.approx(0.6)
    assert mixed.hue % 360 == pytest.approx(0, abs=1e-6)


# --- style sheet --------------------------------------------------------------------------------------------------------------


def test_light_first_dark_by_system_or_by_choice() -> None:
    css = stylesheet(theme())
    assert css.startswith(":root{\ncolor-scheme:light;")
    assert "@media (prefers-color-scheme:dark){\n:root:not([data-scheme=light]){\ncolor-scheme:dark;" in css
    assert "\n:root[data-scheme=dark]{\ncolor-scheme:dark;" in css


@pytest.mark.parametrize(("lean", "other"), [(Scheme.DARK, "light"), (Scheme.LIGHT, "dark")])
def test_a_lean_wins_over_the_system_and_the_person_over_the_lean(lean: Scheme, other: str) -> None:
    css = stylesheet(theme(lean=lean))
    assert css.startswith(f":root{{\ncolor-scheme:{lean};")
    assert "prefers-color-scheme" not in css
    assert f"\n:root[data-scheme={other}]{{\ncolor-scheme:{other};" in css


def test_more_contrast_is_stronger_than_both_schemes() -> None:
    assert "@media (prefers-contrast:more){:root:root{--color-text-muted:var(--color-text-main);" in stylesheet(theme())


def test_no_browser_has_to_compute_a_colour() -> None:
    assert not re.search(r"oklch|light-dark|color-mix|rgb", stylesheet(theme()))


@given(st.integers(*RADIUS), st.floats(*DENSITY))
def test_shapes_stay_in_bounds(radius: int, density: float) -> None:
    drawn = shapes(theme(radius=radius, density=density))
    assert 0 <= float(drawn["--shape-radius-control"].removesuffix("px")) <= 16
    assert 2.1 <= float(drawn["--size-control"].removesuffix("rem")) <= 2.9
    assert 1.75 <= float(drawn["--size-control-small"].removesuffix("rem")) <= 2.3


def test_the_system_face_names_no_other() -> None:
    assert shapes(theme(font="system"))["--type-family-text"].startswith("system-ui")
    assert shapes(theme())["--type-family-text"].startswith('"Figtree", "Figtree Fallback", system-ui')


# --- source form --------------------------------------------------------------------------------------------------------------

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">\n  <circle cx="12" cy="12" r="12" fill="#f26d10"/>\n</svg>\n'
SHEET = """
name = "Sample"
[wordmark]
strong = "Sam"
light = "ple"
[look]
accent = "#f26d10"
tint = "oklch(0.6 0.035 62)"
radius = 12
frame = "branded"
font = "figtree"
density = 1
scheme = "dark"
[links]
imprint = "https://sample.example/imprint"
privacy = "https://sample.example/privacy"
[support]
mail = "help@sample.example"
phone = "+493023125100"
[texts.en]
welcome = "Welcome."
sign_in_lead = "All in one place."
help = "Ask us."
"""
FILES = {"theme.toml": SHEET, "mark.svg": MARK, "favicon.svg": MARK}


def complaints(**files: str | None) -> list[str]:
    """What is said when these files take the place of the good ones; `theme_toml` stands for theme.toml."""
    changed = {
        **FILES,
        **{name.replace("__", "/").replace("_svg", ".svg").replace("_toml", ".toml"): text for name, text in files.items()},
    }
    with pytest.raises(ThemeError) as raised:
        source.read("sample", {name: text for name, text in changed.items() if text is not None})
    assert str(raised.value) == "\n".join(map(str, raised.value.problems))
    return [str(problem) for problem in raised.value.problems]


def test_a_theme_is_read() -> None:
    read = source.read("sample", FILES)
    assert (read.name, read.brand, read.radius, read.frame, read.lean) == ("sample", "Sample", 12, "branded", "dark")
    assert (read.support_mail, read.support_phone) == ("help@sample.example", "493023125100")
    assert read.wordmark is not None
    assert read.wordmark.strong + read.wordmark.light == "Sample"
    assert read.mark.startswith('<svg aria-hidden="true" focusable="false" viewBox')
    assert read.slots == {}


def test_a_theme_needs_no_wordmark_and_no_lean() -> None:
    plain = SHEET.replace('[wordmark]\nstrong = "Sam"\nlight = "ple"\n', "").replace('scheme = "dark"', 'scheme = ""')
    read = source.read("sample", {**FILES, "theme.toml": plain, "wordmark.svg": MARK, "slots/door_art.html": MARK})
    assert (read.wordmark, read.lean) == (None, None)
    assert read.drawn_wordmark.startswith("<svg ")
    assert list(read.slots) == ["slots/door_art.html"]


@pytest.mark.parametrize(
    ("was", "now", "complaint"),
    [
        ('name = "Sample"', "", "theme.toml, name: This is missing."),
        ('name = "Sample"', "name = 7", "theme.toml, name: This must be a text."),
        ('name = "Sample"', 'name = " "', "theme.toml, name: This is empty."),
        ('name = "Sample"', 'name = "Sam\\nple"', "theme.toml, name: This must fit on one line."),
        ('name = "Sample"', f'name = "{"x" * 41}"', "theme.toml, name: This has 41 characters; 40 are allowed."),
        ("radius = 12", "radius = 17", "theme.toml, look.radius: This must be a whole number from 0 to 16."),
        ("radius = 12", "radius = true", "theme.toml, look.radius: This must be a whole number from 0 to 16."),
        ("density = 1", "density = 0.8", "theme.toml, look.density: This must be a number from 0.85 to 1.15."),
        (
            'frame = "branded"',
            'frame = "loud"',
            "theme.toml, look.frame: “loud” is not known here. Choose one of “quiet”, “branded”.",
        ),
        (
            "radius = 12",
            "radius = 12\ncss = 1",
            (
                "theme.toml, look.css: Nothing reads this. "
                "Known here: accent, tint, on_accent, radius, frame, font, density, scheme."
            ),
        ),
        (
            '"#f26d10"',
            '"orange"',
            "theme.toml, look.accent: “orange” is not a colour. Write it like #f26b12 or oklch(0.68 0.18 47).",
        ),
        (
            '"#f26d10"',
            '"oklch(1 2)"',
            "theme.toml, look.accent: “oklch(1 2)” is not a colour. Write it like #f26b12 or oklch(0.68 0.18 47).",
        ),
        ('"#f26d10"', "5", "theme.toml, look.accent: This must be a text."),
        (
            '"https://sample.example/imprint"',
            '"javascript:1"',
            "theme.toml, links.imprint: “javascript:1” is not an address that begins with https://.",
        ),
        ('"https://sample.example/imprint"', "1", "theme.toml, links.imprint: This must be a text."),
        ('"help@sample.example"', '"help"', "theme.toml, support.mail: “help” is not a mail address."),
        ('"+493023125100"', '"030 231"', "theme.toml, support.phone: “030 231” is not a telephone number like +493023125100."),
        ("[texts.en]", "[texts.English]", "theme.toml, texts.English: “English” is not a language code like “de”."),
        ('help = "Ask us."', "", "theme.toml, texts.en.help: This is missing."),
        ('name = "Sample"', 'name = "Sample"\nlinks = 1\n[x]', None),
    ],
)
def test_what_is_wrong_is_said_at_its_key(was: str, now: str, complaint: str | None) -> None:
    found = complaints(theme_toml=SHEET.replace(was, now, 1))
    if complaint is None:
        assert found[0].startswith("theme.toml: This cannot be read: ")
    else:
        assert found == [complaint]


def test_a_table_must_be_a_table() -> None:
    no_tables = 'name = "Sample"\nlook = 1\nlinks = 2\nsupport = 3\ntexts = 4\n'
    assert complaints(theme_toml=no_tables) == [
        f"theme.toml, {name}: This must be a table of its own." for name in ("look", "links", "support", "texts")
    ]


def test_everything_wrong_is_said_at_once() -> None:
    found = complaints(
        theme_toml=SHEET.replace("radius = 12", "radius = 99").replace("density = 1", "density = 9"), mark_svg="<p/>"
    )
    assert len(found) == 3


def test_missing_and_unknown_files() -> None:
    assert complaints(theme_toml=None) == ["theme.toml: This file is missing."]
    known = "theme.toml, mark.svg, favicon.svg, wordmark.svg, slots/door_art.html, logo.*, logo-dark.*, icon.*"
    assert complaints(extra_svg=MARK) == [f"extra.svg: Nothing reads this file. Known: {known}."]


# --- drawings -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("inside", "complaint"),
    [
        ("<script>alert(1)</script>", "The element <script> is not allowed in a drawing."),
        ("<foreignObject/>", "The element <foreignObject> is not allowed in a drawing."),
        ("<style>path</style>", "The element <style> is not allowed in a drawing."),
        ('<use href="#x"/>', "The element <use> is not allowed in a drawing."),
        ('<path onload="x"/>', "The attribute “onload” is not allowed in a drawing."),
        ('<path style="fill:red"/>', "The attribute “style” is not allowed in a drawing."),
        ('<path href="x"/>', "The attribute “href” is not allowed in a drawing."),
        ('<path class="door"/>', "The class “door” is not one that a drawing may use."),
        ('<path fill="url(https://x.example/#a)"/>', "“url(https://x.example/#a)” refers to something outside of the drawing."),
        ('<path fill="u\\72l(//x)"/>', "“u\\72l(//x)” refers to something outside of the drawing."),
        ('<path id="art-a"/>', "A mark stands more than once on a page, so it must not hold the id “art-a”."),
        ("<!-- x -->", "Comments, declarations and template code have no place in a drawing."),
        ("<title>{{ x }}</title>", "Comments, declarations and template code have no place in a drawing."),
    ],
)
def test_a_drawing_holds_nothing_that_runs_or_loads(inside: str, complaint: str) -> None:
    found = drawing.problems("mark.svg", MARK.replace("</svg>", f"{inside}</svg>"))
    assert complaint in [problem.sentence() for problem in found]


def test_a_drawing_may_use_colours_of_the_theme_and_its_own_parts() -> None:
    good = '<path id="art-a" fill="var(--color-accent-fill)" mask="url(#art-b)" transform="rotate(4)"/>'
    assert drawing.problems("slots/door_art.html", MARK.replace("</svg>", f"{good}</svg>")) == []


def test_ids_keep_to_themselves() -> None:
    found = drawing.problems("slots/door_art.html", MARK.replace("<circle", '<circle id="main"'))
    assert [(problem.key, problem.message, problem.facts) for problem in found] == [
        ("circle id", drawing.FOREIGN_ID, {"value": "main"}),
    ]


@pytest.mark.parametrize("text", ["<p viewBox='0'/>", MARK.replace(" viewBox", " width"), ' <x:svg viewBox="0"/>'])
def test_a_drawing_is_one_svg_element(text: str) -> None:
    assert drawing.problems("mark.svg", text) != []


def test_a_drawing_is_not_large_and_not_broken() -> None:
    assert drawing.problems("mark.svg", MARK + " " * 4_000)[0].sentence() == "This drawing has 4118 bytes; 4000 are allowed."
    assert drawing.problems("mark.svg", MARK[:-5])[0].sentence().startswith("This cannot be read: ")


def test_a_described_drawing_keeps_its_description() -> None:
    silent = MARK.replace("<svg ", '<svg aria-hidden="true" ')
    assert drawing.inline(silent).count("aria-hidden") == 1

"""Trying a look on, saying how well it can be read, and what differs: whatever is typed."""

import math
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings, strategies as st

from portal.core import i18n
from portal.features.branding.rules import fields, source, trying
from portal.features.branding.rules.contrast import OF_ACCENT, figure, prove
from portal.features.branding.rules.differences import FILES as PLACES, differences
from portal.features.branding.rules.palette import PAIRS, derive
from portal.features.branding.rules.shade import contrast, parse
from portal.features.branding.rules.theme import DENSITY, FONTS, NEUTRAL, RADIUS, Frame, Scheme, Theme
from portal.features.branding.rules.trying import TRIED, tried

PLAIN = replace(NEUTRAL, brand="Nordwind")
HEX = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
TYPED = st.one_of(
    st.text(max_size=60),
    HEX,
    st.floats().map(str),
    st.integers().map(str),
    st.sampled_from([*FONTS, *Frame, *Scheme, "", " ", "nan", "inf", "1e400", "٣", "#fff", "oklch(0.6 0.1 200)", "a" * 5000]),
)
SAID = st.dictionaries(st.one_of(st.sampled_from(TRIED), st.text(max_size=12)), TYPED, max_size=8)
BROKEN = st.binary(max_size=200)
PATHS = (source.SHEET, *PLACES, "logo.png", "icon.svg", "logo-dark.webp")
THEME_FILES = st.dictionaries(st.sampled_from(PATHS), st.one_of(BROKEN, HEX.map(str.encode)), max_size=5)


def sheet(**values: str) -> dict[str, bytes]:
    dotted = {name.replace("__", "."): value for name, value in values.items()}
    return {source.SHEET: fields.written(fields.changed(fields.plain("Nordwind"), dotted)).encode()}


# --- trying -------------------------------------------------------------------------------------------------------------------


@given(SAID)
def test_whatever_is_typed_a_theme_comes_of_it_that_can_be_drawn(said: dict[str, str]) -> None:
    theme = tried(PLAIN, said, "en")
    assert RADIUS[0] <= theme.radius <= RADIUS[1]
    assert DENSITY[0] <= theme.density <= DENSITY[1]
    assert math.isfinite(theme.density)
    assert theme.font in FONTS
    assert theme.frame in set(Frame)
    assert theme.lean is None or theme.lean in set(Scheme)
    for colour in (theme.accent, theme.tint):
        parse(colour)
    assert theme.brand
    assert all(len(text) <= trying.LONGEST for text in (theme.brand, *theme.texts.get("en", {}).values()))
    derive(theme)


@given(SAID)
def test_trying_twice_is_trying_once_and_nothing_else_changes(said: dict[str, str]) -> None:
    once = tried(PLAIN, said, "en")
    assert tried(once, said, "en") == once
    assert tried(PLAIN, {}, "en") == PLAIN
    untouched = set(Theme.__dataclass_fields__) - {*trying.LOOK, "brand", "wordmark", "texts"}
    assert all(getattr(once, name) == getattr(PLAIN, name) for name in untouched)
    assert {language: words for language, words in once.texts.items() if language != "en"} == {
        language: words for language, words in PLAIN.texts.items() if language != "en"
    }


@given(st.sampled_from(["accent", "tint"]), HEX)
def test_a_colour_that_is_one_is_tried(name: str, colour: str) -> None:
    assert parse(getattr(tried(PLAIN, {name: f" {colour} "}, "en"), name)).hex == parse(colour).hex


# --- contrast -----------------------------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(HEX, HEX)
def test_the_proof_of_any_brand_passes_and_says_what_it_is(accent: str, tint: str) -> None:
    theme = tried(PLAIN, {"accent": accent, "tint": tint}, "en")
    palette = derive(theme)
    with i18n.using("en"):
        proof = prove(palette, theme.accent)
    assert proof.passes
    assert proof.passing == len(proof.rows) == len(PAIRS)
    row, reading = proof.nearest
    assert reading.ratio / reading.minimum == min(one.ratio / one.minimum for two in proof.rows for one in (two.light, two.dark))
    assert reading in (row.light, row.dark)
    for one in (row.light, row.dark):
        assert one.ratio == pytest.approx(contrast(one.above, one.below))
    assert all(note.was != note.now and note.now in note.sentence and "%(" not in note.sentence for note in proof.notes)
    assert {note.token for note in proof.of_accent} <= set(OF_ACCENT)


@given(st.floats(1, 21))
def test_what_is_said_of_a_contrast_is_never_more_than_it_is(ratio: float) -> None:
    with i18n.using("en"):
        said = Decimal(figure(ratio))
    assert Decimal(0) <= Decimal(ratio) - said + Decimal("1e-8") < Decimal("0.1000001")


# --- differences --------------------------------------------------------------------------------------------------------------


@given(THEME_FILES)
def test_nothing_differs_from_itself(files: dict[str, bytes]) -> None:
    with i18n.using("en"):
        assert differences(files, dict(files)) == []


@given(THEME_FILES, THEME_FILES)
def test_there_and_back_are_mirrored(one: dict[str, bytes], other: dict[str, bytes]) -> None:
    with i18n.using("en"):
        there, back = differences(one, other), differences(other, one)
    assert [(found.key, found.was, found.now) for found in there] == [(found.key, found.now, found.was) for found in back]
    assert len({found.key for found in there}) == len(there)
    assert all(found.label for found in there)


@given(HEX, HEX, st.integers(*RADIUS))
def test_each_value_that_changed_is_said_and_no_other(before: str, after: str, radius: int) -> None:
    was, now = sheet(look__accent=before), sheet(look__accent=after, look__radius=str(radius))
    plain = fields.values(fields.plain("Nordwind")).get("look.radius")
    with i18n.using("en"):
        found = {one.key: one for one in differences(was, now)}
    assert ("look.accent" in found) == (before != after)
    assert ("look.radius" in found) == (str(radius) != plain)
    assert set(found) <= {"look.accent", "look.radius"}
    if before != after:
        assert (found["look.accent"].was, found["look.accent"].now, found["look.accent"].colour) == (before, after, True)

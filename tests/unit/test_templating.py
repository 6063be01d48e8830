from decimal import Decimal

import pytest
from hypothesis import given, strategies as st
from markupsafe import Markup

from portal.core import i18n
from portal.web.templating import BLANK, duration, hue, initials, money, number, sentences, stamp


def test_a_stamped_piece_says_the_name_as_it_is() -> None:
    piece = Markup('<a href="/x/{}" title="{}">{}</a>').format(BLANK.id, BLANK.name, BLANK.name)
    once = "A &amp; &#34;B&#34; &lt;i&gt;"
    assert stamp(piece, "0123456789abcdef", 'A & "B" <i>') == f'<a href="/x/0123456789abcdef" title="{once}">{once}</a>'


@given(st.text())
def test_no_name_breaks_out_of_its_place(name: str) -> None:
    piece = Markup('<p title="{}">{}</p>').format(BLANK.name, BLANK.name)
    stamped = str(stamp(piece, "0" * 16, name))
    assert stamped.count("<") == 2
    assert stamped.count('"') == 2


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (59.4, "0:59"), (59.6, "1:00"), (252, "4:12"), (3600, "1:00:00"), (3872, "1:04:32"), (None, "")],
)
def test_durations(seconds: float | None, shown: str) -> None:
    assert duration(seconds) == shown


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Clare Fenn", "CF"),
        ("clare", "C"),
        ("Anna Maria Schmidt", "AS"),
        ("(Sales) Berlin 2", "B2"),
        ("", ""),
        ("Éva Ö", "ÉÖ"),
        ("–", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One number. Everyone within reach.", ["One number.", "Everyone within reach."]),
        ("Awake when it matters.", ["Awake when it matters."]),
        ("تحدّث أكثر. ادفع أقل.", ["تحدّث أكثر.", "ادفع أقل."]),
        ("Who? You!  Version 2.0 is here", ["Who?", "You!", "Version 2.0 is here"]),
    ],
)
def test_a_text_by_its_sentences(text: str, parts: list[str]) -> None:
    assert sentences(text) == parts


@given(st.text())
def test_no_word_of_a_sentence_is_lost(text: str) -> None:
    assert " ".join(sentences(text)).split() == text.split()


@given(st.text())
def test_a_name_has_one_of_six_hues(name: str) -> None:
    assert hue(name) == hue(name)
    assert 0 <= hue(name) < 6


def test_numbers_and_money_speak_the_language() -> None:
    with i18n.using("de"):
        assert (number(1234567), money(Decimal("1234.5"), "EUR")) == ("1.234.567", "1.234,50\u00a0€")
    assert (number(1234567), money(Decimal("1234.5"), "EUR")) == ("1,234,567", "€1,234.50")
    assert (number(None), money(None)) == ("", "")

"""Telephone numbers; the vectors are those of the specification of numbers, with home 49 30."""

import pytest
from hypothesis import assume, given, strategies as st

from portal.core import phone
from portal.core.phone import Home, NotANumber, Parts

BERLIN = Home("49", "30")
DIGITS = st.text("0123456789", min_size=1, max_size=20)
SEPARATORS = st.lists(st.sampled_from(["", " ", "-", "/", ".", "(", ")", "\u00a0"]), min_size=21, max_size=21)


@pytest.mark.parametrize(
    ("typed", "digits"),
    [
        ("+49 30 12345", "493012345"),
        ("0049 30 12345", "493012345"),
        ("030 12345", "493012345"),
        ("12345", "493012345"),
        ("+54 9 11 2233", "549112233"),
        ("+49 (30) 123-45", "493012345"),
        ("+49 (0)30 123 45", "493012345"),
        ("+(49)(0)30 123 45", "493012345"),
        ("(0)30 123 45", "493012345"),
        ("\u2066030\u00a012345\u2069", "493012345"),
        ("030\u201312345", "493012345"),
        ("030/123.45", "493012345"),
        ("\u00a0030\u202f12345 ", "493012345"),
        ("٠٣٠ ١٢٣٤٥", "493012345"),
        ("۰۳۰۱۲۳۴۵", "493012345"),
        ("001 212 555 0100", "12125550100"),
    ],
)
def test_what_is_typed_is_understood(typed: str, digits: str) -> None:
    assert phone.parse(typed, BERLIN) == digits


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "+",
        "0",
        "00",
        "000",
        "+0301",
        "alice",
        "12a45",
        "+49+30",
        "1" * 41,
        "12345;ext=1",
        "²",
        "①②③④",
        "٫",
        "-",
        "*100#",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(NotANumber):
        phone.parse(typed, BERLIN)


@given(DIGITS, SEPARATORS)
def test_separators_never_matter(digits: str, between: list[str]) -> None:
    typed = "".join(sign + digit for sign, digit in zip(between, digits, strict=False))
    assume("(0)" not in typed)
    assert _parsed(typed) == _parsed(digits)


@given(st.text(max_size=50))
def test_whatever_is_typed_gives_digits_or_a_refusal(typed: str) -> None:
    parsed = _parsed(typed)
    assert parsed is None or (parsed.isascii() and parsed.isdigit() and not parsed.startswith("0"))


@given(DIGITS)
def test_what_is_canonical_stays_what_it_is(digits: str) -> None:
    parsed = _parsed(digits)
    assume(parsed is not None and len(parsed) <= phone.MAX_DIGITS)
    assert phone.parse(f"+{parsed}", BERLIN) == parsed
    assert phone.parse(f"00{parsed}", BERLIN) == parsed


def _parsed(typed: str) -> str | None:
    try:
        return phone.parse(typed, BERLIN)
    except NotANumber:
        return None


@pytest.mark.parametrize(
    ("typed", "beginning"),
    [
        ("030 555", "4930555"),
        ("+54", "54"),
        ("0", "49"),
        ("555", "4930555"),
        ("0171", "49171"),
        ("alice", None),
        ("", None),
        ("+", None),
    ],
)
def test_searches_begin_with_what_is_typed(typed: str, beginning: str | None) -> None:
    assert phone.search_digits(typed, BERLIN) == beginning


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("493012345678", "030 12345678"),
        ("4917112345678", "0171 12345678"),
        ("541145678901", "+54 11 4567-8901"),
        ("12125550100", "+1 212-555-0100"),
        ("9999999999", "+9999999999"),
        ("101", "101"),
        ("110", "110"),
        ("conference", "conference"),
        ("", ""),
    ],
)
def test_numbers_are_shown_as_they_are_dialled_here(digits: str, shown: str) -> None:
    assert phone.display(digits, "49") == shown


@given(st.text("0123456789", min_size=1, max_size=17))
def test_showing_a_number_changes_no_digit(digits: str) -> None:
    shown = "".join(sign for sign in phone.display(digits, "49") if sign.isdigit())
    national = {digits[2:], f"0{digits[2:]}"} if digits.startswith("49") else set()
    assert shown in {digits} | national


@pytest.mark.parametrize(
    ("parts", "extension", "shown"),
    [
        (Parts("49", "30", "5550000101"), "101", "030 5550000 101"),
        (Parts("49", "30", "5550000"), "", "030 5550000"),
        (Parts("49", "", "1579000"), "", "01579000"),
        (Parts("43", "1", "4000101"), "101", "+43 1 4000 101"),
        (Parts("352", "", "400101"), "", "+352 400101"),
        (Parts("49", "30", "101"), "101", "030 101"),
    ],
)
def test_own_numbers_show_their_known_split(parts: Parts, extension: str, shown: str) -> None:
    assert phone.display_parts(parts, "49", extension) == shown
    assert "".join(sign for sign in shown if sign.isdigit()).lstrip("0").endswith(parts.sn)


@pytest.mark.parametrize(
    ("digits", "country"), [("493012345678", "DE"), ("541145678901", "AR"), ("101", None), ("80012345678", None)]
)
def test_numbers_belong_to_countries(digits: str, country: str | None) -> None:
    assert phone.territory(digits) == country


@pytest.mark.parametrize(
    ("number", "address"),
    [("493023125123", "tel:+493023125123"), ("101", "tel:101"), ("alice", ""), (None, ""), ("", ""), ("٣", "")],
)
def test_what_a_telephone_can_call(number: str | None, address: str) -> None:
    assert phone.link(number) == address

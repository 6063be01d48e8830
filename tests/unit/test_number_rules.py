"""Arithmetic of numbers."""

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.core.phone import Parts
from portal.features.numbers import rules

DIGITS = st.text("0123456789", min_size=1, max_size=8)


@pytest.mark.parametrize(("cc", "ac", "sn"), [("49", "30", "5550000"), ("1", "", "5"), ("4999", "1234567", "1" * 31)])
def test_a_number_has_a_country_code_and_a_number(cc: str, ac: str, sn: str) -> None:
    assert rules.check_parts(cc, ac, sn) == Parts(cc, ac, sn)


@pytest.mark.parametrize(
    ("cc", "ac", "sn"),
    [
        ("", "30", "5"),
        ("49", "30", ""),
        ("0", "30", "5"),
        ("49999", "", "5"),
        ("49", "12345678", "5"),
        ("49", "", "1" * 32),
        ("49", "3o", "5"),
        ("٤٩", "30", "5"),
    ],
)
def test_other_numbers_are_refused(cc: str, ac: str, sn: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_parts(cc, ac, sn)
    assert refused.value.code == "number-parts"


def test_an_extensions_number_is_the_base_number_and_the_extension() -> None:
    assert rules.derived(Parts("43", "1", "9999"), "100").digits == "4319999100"
    with pytest.raises(Refused) as refused:
        rules.derived(Parts("49", "30", "1" * 29), "100")
    assert (refused.value.code, refused.value.field) == ("number-long", "extension")


@given(DIGITS, st.integers(1, 50))
def test_a_run_keeps_its_length_and_has_no_gap(sn: str, count: int) -> None:
    first = Parts("49", "30", sn)
    if int(sn) + count > 10 ** len(sn):
        with pytest.raises(Refused):
            rules.consecutive(first, count)
        return
    run = rules.consecutive(first, count)
    assert run[0] == first
    assert {len(one.sn) for one in run} == {len(sn)}
    assert [int(one.sn) for one in run] == list(range(int(sn), int(sn) + count))


def test_a_run_has_an_end() -> None:
    for count in (0, 1001):
        with pytest.raises(Refused):
            rules.consecutive(Parts("49", "30", "5000000"), count)


@given(st.sets(st.text("0123456789", min_size=3, max_size=6), max_size=40))
def test_blocks_hold_every_number_once_and_differ_in_two_digits_only(digits: set[str]) -> None:
    blocks = rules.blocks(digits)
    assert sorted(number for block in blocks for number in block.numbers) == sorted(digits)
    for block in blocks:
        assert {number[:-2] for number in block.numbers} == {block.prefix}
        assert len({len(number) for number in block.numbers}) == 1
        assert list(block.numbers) == sorted(block.numbers)


def test_a_list_of_offenders_stops_at_ten() -> None:
    listed = rules.listed([f"493055507{n:02}" for n in range(12)], "49")
    assert listed.count("030") == 10
    assert listed.endswith(" …")

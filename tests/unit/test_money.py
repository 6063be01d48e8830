from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from portal.core.money import DifferentCurrencies, Money, per_currency, to_micro

AMOUNTS = st.decimals(-(10**7), 10**7, allow_nan=False, allow_infinity=False, places=9)
MONEY = st.builds(Money, AMOUNTS, st.sampled_from(["EUR", "USD", "JPY"]))


@pytest.mark.parametrize(
    ("exact", "stored"),
    [("0.0000005", "0.000001"), ("0.0000004999", "0.000000"), ("1.2345675", "1.234568"), ("-0.0000005", "-0.000001")],
)
def test_costs_are_rounded_half_up_at_six_decimals(exact: str, stored: str) -> None:
    assert to_micro(Decimal(exact)) == Decimal(stored)


@pytest.mark.parametrize(("exact", "shown"), [("0.005", "0.01"), ("0.004999", "0.00"), ("2.675", "2.68"), ("-0.005", "-0.01")])
def test_amounts_are_shown_with_two_decimals(exact: str, shown: str) -> None:
    assert Money(Decimal(exact), "EUR").rounded() == Money(Decimal(shown), "EUR")


def test_currencies_are_never_added() -> None:
    with pytest.raises(DifferentCurrencies, match="EUR and USD"):
        Money(Decimal(1), "EUR") + Money(Decimal(1), "USD")


@given(AMOUNTS)
def test_rounding_twice_changes_nothing(amount: Decimal) -> None:
    once = to_micro(amount)
    assert to_micro(once) == once
    assert abs(once - amount) <= Decimal("0.0000005")


@given(st.lists(MONEY))
def test_totals_lose_nothing_and_mix_nothing(amounts: list[Money]) -> None:
    totals = per_currency(amounts)
    assert [total.currency for total in totals] == list(dict.fromkeys(money.currency for money in amounts))
    for total in totals:
        assert total.amount == sum(money.amount for money in amounts if money.currency == total.currency)

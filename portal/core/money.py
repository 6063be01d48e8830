"""Money is exact: Decimal, six decimals in storage, two on a page. Amounts of different currencies are never added."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

MICRO = Decimal("0.000001")
CENT = Decimal("0.01")


class DifferentCurrencies(ValueError):  # noqa: N818
    """Somebody tried to add euros to dollars."""


@dataclass(frozen=True)
class Money:
    amount: Decimal
    currency: str  # ISO 4217

    def __add__(self, other: "Money") -> "Money":
        if other.currency != self.currency:
            raise DifferentCurrencies(f"{self.currency} and {other.currency}")
        return Money(self.amount + other.amount, self.currency)

    def rounded(self) -> "Money":
        return Money(self.amount.quantize(CENT, ROUND_HALF_UP), self.currency)


def to_micro(amount: Decimal) -> Decimal:
    """A cost as it is stored: six decimals, half up, rounded once."""
    return amount.quantize(MICRO, ROUND_HALF_UP)


def per_currency(amounts: Iterable[Money]) -> list[Money]:
    """One total for each currency, in the order in which they first appear."""
    totals: dict[str, Money] = {}
    for money in amounts:
        totals[money.currency] = totals[money.currency] + money if money.currency in totals else money
    return list(totals.values())

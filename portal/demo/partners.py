"""Whom the demo world telephones with: numbers that regulators keep free for films and books, so that nobody’s phone rings."""

from collections.abc import Sequence
from random import Random

# Prefix, further digits, how common.
_RANGES = (
    ("493023125", 3, 50),
    ("494066969", 3, 14),
    ("496990009", 3, 12),
    ("492214710", 3, 12),
    ("498999998", 3, 14),
    ("4917139200", 2, 14),
    ("49176040690", 2, 14),
    ("442079460", 3, 7),
    ("441614960", 3, 2),
    ("447700900", 3, 4),
    ("3319900", 4, 4),
    ("3363998", 4, 2),
    ("121255501", 2, 3),
    ("141555501", 2, 2),
    ("46846500", 2, 1),
)
# The first ones of each range are providers’ help lines and people of the demo world itself.
_KEPT_BACK = 20


def number(chance: Random) -> str:
    """Digits of E.164."""
    prefix, width, _weight = chance.choices(_RANGES, [weight for _prefix, _width, weight in _RANGES])[0]
    return f"{prefix}{chance.randrange(_KEPT_BACK, 10**width):0{width}}"


def numbers(count: int, chance: Random) -> Sequence[str]:
    found: dict[str, None] = {}
    while len(found) < count:
        found[number(chance)] = None
    return tuple(found)


def dialled(digits: str) -> str:
    """As somebody in Germany dials it."""
    return f"0{digits[2:]}" if digits.startswith("49") else f"00{digits}"

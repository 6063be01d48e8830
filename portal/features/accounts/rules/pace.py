"""How often something may be done that costs little each time."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Pace:
    """So many at once, and one more after each `every`."""

    at_once: int
    every: timedelta


CEREMONIES = Pace(at_once=120, every=timedelta(seconds=2))  # a whole office, behind one address, opens the sign-in page at nine

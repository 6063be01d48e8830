from typing import NamedTuple


class Pair(NamedTuple):
    you: str
    other: str

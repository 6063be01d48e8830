"""What comes out of a file before anybody has looked at it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Raw:
    """An entry as it stands in a file: at which `place`, counted from 1; numbers with the word of their label.

    `trouble`: the code of the sentence that says why nothing could be read there.
    """

    place: int
    name: str = ""
    company: str = ""
    email: str = ""
    note: str = ""
    numbers: tuple[tuple[str, str], ...] = ()
    trouble: str = ""

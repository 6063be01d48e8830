"""What comes of two people who edit the same thing at the same time."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Merge:
    """What comes of two people's edits: the values to save, and the fields that both changed in different ways."""

    values: Mapping[str, str]
    clashes: tuple[str, ...]


def merge(seen: Mapping[str, str], stored: Mapping[str, str], typed: Mapping[str, str]) -> Merge:
    """`seen`: what the form showed at first; `stored`: what stands now; `typed`: what came back.

    What only one side changed stands. A field whose first value is not known clashes whenever the two differ.
    """
    values, clashes = dict(typed), []
    for name, yours in typed.items():
        theirs = stored[name]
        if yours == theirs:
            continue
        if seen.get(name) == yours:
            values[name] = theirs
        elif seen.get(name) != theirs:
            clashes.append(name)
    return Merge(values, tuple(clashes))

"""Whose things a list shows."""

from collections.abc import Sequence
from dataclasses import dataclass

from portal.features.resellers.models import Reseller
from portal.features.resellers.queries.tenants import resellers


@dataclass(frozen=True)
class Chosen:
    """A provider, by its key; `every` one that could be chosen, none for those who see their own only."""

    id: int
    name: str = ""
    every: Sequence[Reseller] = ()


def chosen(own: int, wanted: str | None, *, choose: bool) -> Chosen:
    """One's own, or for those who may choose the one of this public id. One statement, or none."""
    if not choose:
        return Chosen(own)
    every = resellers()
    shown = next((one for one in every if one.public_id == wanted), None) or next(one for one in every if one.id == own)
    return Chosen(shown.id, shown.name, every)

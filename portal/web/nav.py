"""What a person does here: a few nouns of the trade. Features register theirs; who may not see a place is not shown it."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from flask import current_app, request, url_for

from portal.core import i18n
from portal.core.i18n import N_
from portal.core.identity import Identity
from portal.core.permissions import P, Role


class Group(StrEnum):
    """Under which heading a place stands; the first has none. In the order of the side bar."""

    OWN = ""
    PLATFORM = N_("Platform")
    PROVIDER = N_("Provider")


GROUPS = tuple(Group)


@dataclass(frozen=True)
class Place:
    """A navigation entry; `label` is translated when shown."""

    endpoint: str
    label: Any
    icon: str
    order: int
    permission: P | None = None
    roles: frozenset[Role] | None = None
    group: Group = Group.OWN


@dataclass(frozen=True)
class NavItem:
    label: str
    url: str
    icon: str
    current: bool
    group: str = ""


@dataclass(frozen=True)
class NavSection:
    """What stands together. `folds`: closed as long as one is elsewhere."""

    title: str
    items: tuple[NavItem, ...]
    folds: bool = False

    @property
    def current(self) -> bool:
        return any(item.current for item in self.items)


def sections(items: Iterable[NavItem]) -> list[NavSection]:
    """By their headings. Of several headed ones all but the first fold, or the last places would lie below the window."""
    found = [(title, tuple(those)) for title, those in groupby(items, key=attrgetter("group"))]
    headed = [title for title, _ in found if title]
    return [NavSection(title, those, folds=title in headed[1:]) for title, those in found]


@dataclass(frozen=True)
class Card:
    """Under the logo: whose system this is, and its base number (digits)."""

    name: str
    number: str | None = None


View = TypeVar("View", bound=Callable[..., object])


def within(endpoint: str) -> Callable[[View], View]:
    """Marks a page as part of a place of the navigation."""

    def put(view: View) -> View:
        view.nav_endpoint = endpoint  # type: ignore[attr-defined]
        return view

    return put


CardOf = Callable[[Identity], Card | None]


class Nav:
    def __init__(self, card_of: CardOf) -> None:
        self._places: list[Place] = []
        self.card_of = card_of

    def add(self, *places: Place) -> None:
        self._places = sorted([*self._places, *places], key=lambda place: (GROUPS.index(place.group), place.order))

    def items(self, who: Identity) -> list[NavItem]:
        here = (request.endpoint or "").rpartition(".")[0]
        return [
            NavItem(
                str(place.label),
                url_for(place.endpoint),
                place.icon,
                current=self._current(place, here),
                group=i18n.gettext(place.group) if place.group else "",
            )
            for place in self._places
            if (place.permission is None or who.can(place.permission)) and (place.roles is None or who.role in place.roles)
        ]

    def _current(self, place: Place, blueprint: str) -> bool:
        section = getattr(current_app.view_functions.get(request.endpoint or ""), "nav_endpoint", None)
        return place.endpoint == section if section else place.endpoint.rpartition(".")[0] == blueprint


def nav() -> Nav:
    found: Nav = current_app.extensions["nav"]
    return found

"""Who is tried before whom, in one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from babel.lists import format_list

from portal.core import i18n
from portal.core.i18n import N_


@dataclass(frozen=True)
class Way:
    """A peer; `open`: at least one of its servers is switched on."""

    name: str
    priority: int
    open: bool


def in_order(ways: Iterable[Way]) -> str:
    """Peers of the same priority share the calls, by the weight of their servers."""
    used = sorted((way for way in ways if way.open), key=lambda way: way.priority)
    turns = [_together([way.name for way in turn]) for _priority, turn in groupby(used, key=lambda way: way.priority)]
    if not turns:
        return i18n.gettext(N_("Calls to other networks go nowhere: no server is switched on."))
    if len(turns) == 1:
        return i18n.gettext(N_("Calls to other networks go to %(first)s."), first=turns[0])
    way = i18n.gettext(N_("%(first)s first"), first=turns[0])
    for turn in turns[1:]:
        way = i18n.gettext(N_("%(way)s, then to %(next)s"), way=way, next=turn)
    return i18n.gettext(N_("Calls to other networks go to %(way)s."), way=way)


def _together(names: list[str]) -> str:
    return format_list(names, locale=i18n.babel_name(i18n.current()))

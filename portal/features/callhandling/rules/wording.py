"""Lists and times, as they stand in sentences."""

from collections.abc import Sequence

from babel.lists import format_list
from babel.units import format_unit

from portal.core import i18n
from portal.core.i18n import N_


def listed(parts: Sequence[str]) -> str:
    """“Alice, Bob and Carol”."""
    return str(format_list(parts, locale=i18n.babel_name(i18n.current())))


def one_after_the_other(parts: Sequence[str]) -> str:
    """“Alice, then Bob, then Carol”."""
    first, *rest = parts
    for part in rest:
        first = i18n.gettext(N_("%(first)s, then %(next)s"), first=first, next=part)
    return first


def seconds_in_words(seconds: int) -> str:
    """“20 seconds”."""
    return str(format_unit(seconds, "duration-second", "long", locale=i18n.babel_name(i18n.current())))

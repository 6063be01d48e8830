"""Which frames a page of the editor shows, and under which addresses."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for
from flask_babel import gettext as _

from portal.core.i18n import N_
from portal.features.branding.rules.contrast import SCHEMES
from portal.features.branding.rules.theme import Scheme

PAGES: Mapping[str, str] = {
    "login": N_("Sign-in"),
    "dashboard": N_("Dashboard"),
    "list": N_("List"),
    "mail": N_("Mail"),
    "error": N_("Page not found"),
}


class Frame(NamedTuple):
    url: str
    scheme: str
    word: str


@dataclass(frozen=True)
class Shown:
    """A page in one frame for each scheme; a mail is always light."""

    name: str
    title: str
    frames: tuple[Frame, ...]


def shown(params: Mapping[str, str]) -> list[Shown]:
    """All pages; `params` say of which theme, in which language, and what is tried on it."""
    return [Shown(name, _(title), _frames(name, params)) for name, title in PAGES.items()]


def one(name: str, params: Mapping[str, str], scheme: Scheme = Scheme.LIGHT) -> Frame:
    asked: dict[str, Any] = {**params, "page": name, "scheme": scheme.value}
    return Frame(url_for("branding.frame", **asked), scheme.value, _(SCHEMES[scheme]))


def _frames(name: str, params: Mapping[str, str]) -> tuple[Frame, ...]:
    schemes = (Scheme.LIGHT,) if name == "mail" else tuple(Scheme)
    return tuple(one(name, params, scheme) for scheme in schemes)

"""Pages with made-up data, as a brand would show them. They stand still: nothing in them can be pressed, sent or followed."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from flask import Response, current_app, request, url_for

from portal.core import i18n
from portal.core.identity import Identity
from portal.core.permissions import Role, granted
from portal.web import security
from portal.web.brand import Brand
from portal.web.nav import Card, NavSection, nav, sections
from portal.web.tenant import tenant

COMPANY = "Birch & Sons"
PERSON = "Nora Lind"


@dataclass(frozen=True)
class Sample:
    """`place`: the endpoint that the navigation marks, empty for a page outside."""

    template: str
    context: Mapping[str, Any] = field(default_factory=dict)
    place: str = ""


@dataclass(frozen=True)
class SampleMail:
    """`folder` like “accounts/mails/invitation”; the facts are what its templates speak of."""

    folder: str
    facts: Mapping[str, Any] = field(default_factory=dict)


SampleOf = Callable[[], Sample]


def digits(end: str) -> str:
    """A number where this tenant is at home."""
    home = tenant().home
    return f"{home.cc}{home.ac}5551{end}"


def still(sample: Sample, brand: Brand, *, scheme: str, language: str) -> Response:
    """The page as `brand` shows it, for a frame of this site."""
    template = current_app.jinja_env.get_template(sample.template)
    with i18n.using(language):
        html = template.render({**_context(brand, sample.place, scheme), **sample.context})
    return security.framed(Response(html, mimetype="text/html"))


def _context(brand: Brand, place: str, scheme: str) -> dict[str, Any]:
    here, spoken = tenant(), i18n.current()
    who = _somebody(here.reseller_id) if place else None
    return {
        "brand": brand,
        "tenant": here,
        "me": who,
        "card": Card(COMPANY, digits("0")) if who else None,
        "nav": _places(who, url_for(place)) if who else [],
        "lang": spoken,
        "text_direction": i18n.text_direction(spoken),
        "scheme": scheme,
        "languages": [(code, i18n.own_name(code), code == spoken) for code in here.languages],
        "messages": [],
        "request": request,
        "here": "/",
        "form": None,
        "still": True,
    }


def _somebody(reseller_id: int) -> Identity:
    return Identity(None, None, PERSON, Role.PILOT, reseller_id, permissions=granted(Role.PILOT))


def _places(who: Identity, here: str) -> list[NavSection]:
    return sections(replace(item, current=item.url == here) for item in nav().items(who))

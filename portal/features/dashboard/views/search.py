"""Finding things by what they are called: a page, and the same while somebody types."""

from dataclasses import dataclass
from typing import Any

from flask import Response, current_app, g, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from portal.core.permissions import P
from portal.features.dashboard import queries, rules
from portal.features.dashboard.queries import Hit, Hits
from portal.features.dashboard.rules import LEADS, NUMBERS, PEOPLE, Kind
from portal.features.dashboard.views.door import bp
from portal.features.subscribers import queries as subscribers
from portal.web.access import mark_of, requires
from portal.web.listing import LONGEST_WORDS
from portal.web.nav import Card, within
from portal.web.session import me
from portal.web.templating import listed, phone_filter, render
from portal.web.tenant import tenant


@dataclass(frozen=True)
class Shown:
    """A hit as it stands there. `number`: its title is one, in digits; `person`: whose initials stand before it."""

    title: str
    about: Markup
    url: str
    number: bool
    person: str


@dataclass(frozen=True)
class Group:
    title: str
    icon: str
    rows: list[Shown]
    all_url: str


@bp.get("/search")
@within("dashboard.search")
@requires(P.SEARCH)
def search() -> Response:
    card = subscribers.card(me())
    g.card = Card(card.name, card.number) if card else None
    return render("dashboard/search.html", **_found(), shortest=queries.SHORTEST)


@bp.get("/search/results")
@requires(P.SEARCH)
def search_results() -> Response:
    """A piece of a page, for the field in the side bar."""
    g.card = Card("")  # nothing around it says whose system this is
    answer = render("dashboard/_found.html", **_found())
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _found() -> dict[str, Any]:
    words = "".join(sign for sign in request.args.get("q", "") if sign.isprintable()).strip()[:LONGEST_WORDS]
    groups = [_group(hits, words) for hits in queries.search(me(), words, tenant().home)]
    return {"words": words, "groups": groups, "found": sum(len(group.rows) for group in groups)}


def _group(hits: Hits, words: str) -> Group:
    leads = LEADS[hits.kind]
    all_url = _address(leads.all, q=words) if leads.all else ""
    return Group(_(leads.title), leads.icon, [_shown(hits.kind, hit, words) for hit in hits.rows], all_url)


def _shown(kind: Kind, hit: Hit, words: str) -> Shown:
    number = kind in NUMBERS
    return Shown(hit.title, _about(kind, hit), _url(kind, hit, words), number, hit.title if kind in PEOPLE else "")


def _about(kind: Kind, hit: Hit) -> Markup:
    """What tells it from others that are called alike; nothing twice."""
    if kind is Kind.PHONEBOOK:
        return _part(hit.about or hit.more or "")
    told = dict.fromkeys([rules.sort_word(kind, hit.sort), hit.number, hit.about, hit.of, hit.more])
    return listed(_part(one) for one in told if one and one != hit.title)


def _part(told: str) -> Markup:
    return phone_filter(told) if told.isdigit() and len(told) > rules.SHORT else Markup("<bdi>{}</bdi>").format(told)


def _url(kind: Kind, hit: Hit, words: str) -> str:
    page = LEADS[kind].page
    if page is not None and hit.public_id is not None:
        return _address(page[0], **{page[1]: hit.public_id})
    sought = f"+{hit.title}" if kind in NUMBERS and hit.title.isdigit() and len(hit.title) > rules.SHORT else hit.title
    return _address(LEADS[kind].all, q=sought or words)


def _address(endpoint: str, **values: Any) -> str:
    """Of a page that whoever asks may see; empty for others."""
    if endpoint not in current_app.view_functions:
        return ""
    permission = mark_of(current_app, endpoint).permission
    return url_for(endpoint, **values) if permission is None or me().can(permission) else ""

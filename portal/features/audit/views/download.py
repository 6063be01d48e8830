"""The log as a file: all that is asked for, old and new values beside each other, for spreadsheets."""

from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from flask import Response
from flask_babel import gettext as _, pgettext

from portal.core import i18n
from portal.core.permissions import P
from portal.core.sheets import line
from portal.features.audit import queries
from portal.features.audit.queries import Entry
from portal.features.audit.rules import doer
from portal.features.audit.views.door import bp
from portal.features.audit.views.query import read
from portal.features.audit.views.shown import Words
from portal.web.access import requires
from portal.web.download import spreadsheet
from portal.web.session import me
from portal.web.templating import zone
from portal.web.tenant import tenant

_PLAIN = str.maketrans({"\u2066": None, "\u2069": None, "\u00a0": " "})  # what only helps on a page


@bp.get("/audit.csv")
@requires(P.AUDIT_VIEW)
def download() -> Response:
    query = read(me(), zone())
    words = Words.of(me(), tenant().home.cc, query.resellers)
    found = queries.chunks(me().scope, query.asked)
    name = f"audit-{query.period.first.isoformat()}-{query.period.last.isoformat()}"
    return spreadsheet(name, _header(words), _lines(found, words, zone(), i18n.current()))


def _header(words: Words) -> str:
    names = (
        pgettext("day and hour", "Time"),
        _("Who"),
        _("As whom"),
        _("What happened"),
        _("Kind"),
        _("About"),
        _("Before"),
        _("Now"),
        pgettext("where somebody was", "From"),
        _("Event"),
    )
    return line(*names, *([_("Reseller")] if words.resellers else []))


def _lines(found: Iterable[Sequence[Entry]], words: Words, here: ZoneInfo, spoken: str) -> Iterator[str]:
    for entries in found:
        with i18n.using(spoken):  # the request is over when this is read
            piece = "".join([_line(entry, words, here) for entry in entries])
        yield piece


def _line(entry: Entry, words: Words, here: ZoneInfo) -> str:
    facts = words.facts(entry)
    cells = (
        f"{entry.at.astimezone(here):%Y-%m-%d %H:%M:%S}",
        entry.actor_name,
        entry.as_whom_name or "",
        words.sentence(entry, doer(entry.actor_name, entry.as_whom_name)),
        words.kind(entry),
        entry.label or "",
        _told((fact.what, fact.was) for fact in facts if fact.was is not None),
        _told((fact.what, fact.now) for fact in facts),
        entry.address or "",
        entry.event,
    )
    reseller = [words.resellers.get(entry.reseller_id, "")] if words.resellers else []
    return line(*(cell.translate(_PLAIN) for cell in (*cells, *reseller)))


def _told(values: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{what}: {value}" for what, value in values)

"""The list as a file: all its calls, in its order, for spreadsheets."""

from collections.abc import Mapping

from flask import Response
from flask_babel import gettext as _

from portal.core.permissions import P
from portal.core.sheets import cell, line
from portal.features.calls import queries
from portal.features.calls.queries import Chunk, Exported, Whose, whose
from portal.features.calls.rules.words import Direction, Result, Side
from portal.features.calls.views import shown
from portal.features.calls.views.door import bp
from portal.features.calls.views.query import Query, read
from portal.web.access import requires
from portal.web.download import spreadsheet
from portal.web.session import me
from portal.web.templating import zone
from portal.web.tenant import tenant

EMPTY = '""'
NEW_LINE = f"{EMPTY},{EMPTY}"  # of somebody who was added while the file is being read


@bp.get("/calls.csv")
@requires(P.CALLS_VIEW)
def download() -> Response:
    seen = whose(me())
    return file_of(seen, read(seen, zone(), tenant().home))


def file_of(seen: Whose, query: Query) -> Response:
    here = zone()
    sheet = Sheet(shown.words(tenant().home.cc), queries.names(seen))
    found = queries.chunks(me().scope, seen, query.asked, query.order, here)
    name = f"calls-{query.period.first.isoformat()}-{query.period.last.isoformat()}"
    return spreadsheet(name, _header(), map(sheet.lines, found))


def _header() -> str:
    """In the reader's language, as long as the request lasts."""
    names = (
        _("Start"),
        _("Direction"),
        _("Who"),
        _("Number"),
        _("With"),
        _("Extension"),
        _("Result"),
        _("Seconds"),
        _("Cost"),
        _("Currency"),
    )
    return line(*names)


class Sheet:
    """Writes lines of calls. Cells are made once: a company's calls have few names, numbers and words."""

    def __init__(self, said: shown.Words, people: Mapping[int, tuple[str, str | None]]) -> None:
        self._said = said
        self._names = {key: cell(name) for key, (name, _extension) in people.items()}
        self._lines = {key: f"{cell(name)},{cell(extension or '')}" for key, (name, extension) in people.items()}
        self._people = people
        self._kinds: dict[tuple[str, str, str], tuple[str, str]] = {}
        self._numbers: dict[str | None, str] = {None: EMPTY}
        self._known: Mapping[str, str] = {}

    def lines(self, chunk: Chunk) -> str:
        self._known = chunk.known
        return "".join([self._line(Exported._make(row)) for row in chunk.rows])

    def _line(self, call: Exported) -> str:
        kind = (call.side, call.direction, call.result)
        direction, result = self._kinds.get(kind) or self._kinds.setdefault(kind, self._words(*kind))
        if call.direction == Direction.FORWARD and call.result == Result.OK:
            result = cell(self._said.forwarded(self._goal(call)))
        cost, currency = ("", "") if call.cost is None else (f"{call.cost:f}", call.currency or "")
        own = self._lines.get(call.subscriber_id, NEW_LINE)
        return (
            f'"{call.moment}",{direction},{self._who(call)},{self._number(call.other_number)},{own},'
            f'{result},"{round(call.duration_ms / 1000)}","{cost}","{currency}"\r\n'
        )

    def _words(self, side: str, direction: str, result: str) -> tuple[str, str]:
        missed = side == Side.CALLEE and result != Result.OK
        return cell(self._said.direction(direction, missed=missed)), cell(self._said.plain_result(result, missed=missed))

    def _who(self, call: Exported) -> str:
        if call.other_subscriber_id is not None:
            return self._names.get(call.other_subscriber_id, EMPTY)
        name = self._known.get(call.other_number or "")
        if name is not None:
            return cell(name)
        return cell(self._said.hidden) if call.other_number is None and call.direction != Direction.OUT else EMPTY

    def _number(self, text: str | None) -> str:
        known = self._numbers.get(text)
        if known is None and text is not None:
            if len(self._numbers) > shown.REMEMBERED:
                self._numbers = {None: EMPTY}
            known = self._numbers[text] = cell(shown.plain_number(text, self._said.home_cc))
        return known or EMPTY

    def _goal(self, call: Exported) -> str:
        if call.forwarded_to_id is not None:
            return self._people.get(call.forwarded_to_id, ("", None))[0]
        goal = call.forwarded_to or ""
        return self._known.get(goal) or shown.plain_number(goal, self._said.home_cc)

"""The list of calls, with its chart."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from flask import Response, g

from portal.core import clock
from portal.core.permissions import P
from portal.features.calls import queries
from portal.features.calls.queries import Day, Page, Whose, whose
from portal.features.calls.rules import periods
from portal.features.calls.rules.asked import Order
from portal.features.calls.views import shown
from portal.features.calls.views.door import bp
from portal.features.calls.views.query import SPANS, Query, read
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.rules import Allowance, Feature
from portal.web import dates
from portal.web.access import requires
from portal.web.nav import Card
from portal.web.session import me
from portal.web.templating import render, zone
from portal.web.tenant import tenant

COUNTED_BY_DAY = timedelta(days=31)  # longer periods are counted call by call, up to a limit


@dataclass(frozen=True)
class Totals:
    """`more`: there are more than could be counted in passing. `missed` None: not counted."""

    calls: int
    more: bool = False
    missed: int | None = None


@bp.get("/calls", endpoint="list")
@requires(P.CALLS_VIEW)
def calls() -> Response:
    seen = whose(me())
    query = read(seen, zone(), tenant().home)
    return render("calls/list.html", **about(seen, query), **_rights(seen))


def about(seen: Whose, query: Query) -> dict[str, Any]:
    """What the page says of the calls that were asked for."""
    page = queries.page(seen, query.asked, order=query.order, size=query.size, place=query.place)
    today = clock.today(zone())
    columns = periods.chart(query.period, today)
    counted = _counted(seen, query, page, columns)
    words = shown.words(tenant().home.cc)
    return {
        "status": 422 if query.form.errors else 200,
        "filters": query.form,
        "query": query,
        "page": page,
        "company": seen.company,
        "person": query.person,
        "totals": _totals(seen, query, counted),
        "chart": shown.chart(columns, counted, query.period, today, query.day_url),
        "period": dates.period_text(query.period, today),
        "days": _days(seen, query, page, counted, words),
        "marks": words.marks(),
        "spans": dates.spans(SPANS),
        "outcomes": shown.outcomes(),
        "with_cost": any(call.cost is not None for call in page.calls),
    }


def _rights(seen: Whose) -> dict[str, bool]:
    """What the menu of a row may offer; learnt together with what the page says under its logo."""
    card = subscribers.card(me())
    g.card = Card(card.name, card.number) if card else None
    allowed = Allowance() if seen.company or card is None else card.allowance
    return {"may_block": allowed.may_change(Feature.BLOCK_INCOMING), "may_add": allowed.may_change(Feature.PHONEBOOK)}


def _counted(seen: Whose, query: Query, page: Page, columns: list[date]) -> Mapping[date, Day]:
    """What there was on the days of the chart, of the page, and of the period when it is short. One statement."""
    wanted = [(columns[0], columns[-1])]
    if not query.asked.filtered:
        here = [call.start_time.astimezone(zone()).date() for call in page.calls]
        wanted += [(min(here), max(here))] if here else []
        wanted += [(query.period.first, query.period.last)] if _short(query) else []
    whom = seen if query.asked.line is None else seen.line(query.asked.line)
    return queries.days(whom, zone(), *(clock.days(first, last, zone()) for first, last in dict.fromkeys(wanted)))


def _short(query: Query) -> bool:
    return query.period.last - query.period.first < COUNTED_BY_DAY


def _totals(seen: Whose, query: Query, counted: Mapping[date, Day]) -> Totals:
    if _short(query) and not query.asked.filtered:
        found = [day for at, day in counted.items() if at in query.period]
        return Totals(sum(day.calls for day in found), missed=sum(day.missed for day in found))
    count = queries.count(seen, query.asked)
    return Totals(count.calls, more=count.more)


def _days(seen: Whose, query: Query, page: Page, counted: Mapping[date, Day], words: shown.Words) -> list[shown.DayRows]:
    links = shown.Links(query.url(person="~", q=None) if seen.company else "", query.url(q="~"))
    rows = shown.rows(page.calls, words, links, zone())
    if query.order is Order.LONGEST:
        return [shown.undated(page.calls, rows, zone())]
    return list(shown.by_day(page.calls, rows, zone(), None if query.asked.filtered else counted))

"""The log: who did what, newest first."""

from flask import Response

from portal.core import clock
from portal.core.permissions import P
from portal.features.audit import queries
from portal.features.audit.views import shown
from portal.features.audit.views.door import bp
from portal.features.audit.views.query import SPANS, read
from portal.web import dates
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import render, zone
from portal.web.tenant import tenant


@bp.get("/audit", endpoint="list")
@requires(P.AUDIT_VIEW)
def entries() -> Response:
    query = read(me(), zone())
    page = queries.page(query.asked, size=query.size, place=query.place)
    words = shown.Words.of(me(), tenant().home.cc, query.resellers)
    return render(
        "audit/list.html",
        status=422 if query.form.errors else 200,
        filters=query.form,
        query=query,
        count=queries.count(query.asked),
        period=dates.period_text(query.period, clock.today(zone())),
        spans=dates.spans(SPANS),
        kind=shown.kind_word(query.asked.kind),
        kinds=shown.kind_words(company=me().customer_id is not None),
        days=list(shown.by_day(page.rows, words, zone())),
        rows=len(page.rows),
        newer=query.url(before=str(queries.place_at(page.rows[0]))) if page.rows and page.earlier else "",
        older=query.url(after=str(queries.place_at(page.rows[-1]))) if page.rows and page.further else "",
    )

"""The page of one customer, and its history."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.rules import told
from portal.features.customers import queries
from portal.features.customers.queries import Sheet
from portal.features.customers.rules import KIND_TEXTS, LIFE, STATUS_WORDS
from portal.features.customers.rules.guide import Step, steps
from portal.features.customers.views.door import LIST, bp
from portal.features.resellers.rules import RESTRICTIONS
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.listing import Query
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import render
from portal.web.tenant import tenant

LATEST = 8
HISTORY_SIZE = 50


@bp.get("/customers/<public_id:customer_id>")
@within(LIST)
@requires(P.CUSTOMERS_VIEW)
def show(customer_id: PublicId) -> Response:
    return page(queries.sheet(customer_id))


def page(sheet: Sheet, *, editing: str = "", form: Form | None = None, status: int | None = None, **context: Any) -> Response:
    """`editing`: the section that `form` stands in."""
    history = audit.history([sheet.customer.public_id], LATEST)
    return render(
        "customers/customer.html",
        status=status,
        form=form,
        sheet=sheet,
        customer=sheet.customer,
        kind=KIND_TEXTS[sheet.kind],
        status_word=STATUS_WORDS[sheet.status],
        steps=LIFE[sheet.status],
        edits=me().can(P.CUSTOMERS_EDIT) and not sheet.ended,
        billing=me().can(P.CUSTOMERS_BILLING),
        restrictions=RESTRICTIONS,
        language_name=i18n.own_name,
        editing=editing,
        guide=_guide(sheet),
        history=told(history.entries, reader=me().public_id, home_cc=tenant().home.cc),
        changes=history.total,
        **context,
    )


def _guide(sheet: Sheet) -> list[tuple[str, str, bool, str]]:
    """What is left for a company, for the component `guide`; nothing once all is done."""
    if not sheet.cloudpbx or sheet.ended or sheet.way.whole:
        return []
    public_id = sheet.customer.public_id

    def goal(step: Step) -> str:
        if not me().can(step.permission):
            return ""
        name = "customer" if step.endpoint == "accounts.people.index" else "customer_id"
        named: dict[str, Any] = {name: public_id}
        return url_for(step.endpoint, **named)

    return [(step.title, step.text, step.done, goal(step)) for step in steps(sheet.way)]


@bp.get("/customers/<public_id:customer_id>/history")
@within(LIST)
@requires(P.CUSTOMERS_VIEW)
def history(customer_id: PublicId) -> Response:
    sheet = queries.sheet(customer_id)
    typed = request.args.get("page", "1")
    number = max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    found = audit.history([customer_id], HISTORY_SIZE, offset=(number - 1) * HISTORY_SIZE)
    pages = Query("customers.history", {"customer_id": customer_id, "rows": str(HISTORY_SIZE), "page": str(number)}, "")
    entries = told(found.entries, reader=me().public_id, home_cc=tenant().home.cc)
    return render("customers/history.html", sheet=sheet, history=entries, total=found.total, query=pages)

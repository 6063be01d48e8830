"""The page of one line for a provider's staff, and its history."""

import json
from typing import Any
from urllib.parse import quote

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n, zones
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.accounts import rules as accounts
from portal.features.accounts.models import Status as AccountStatus
from portal.features.audit import queries as audit_queries
from portal.features.contacts import queries as contacts
from portal.features.subscribers import queries
from portal.features.subscribers.models import LockSource
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.rules import LOCK_WORDS, SOURCE_WORDS
from portal.features.subscribers.views.door import PLACE, bp, told, within
from portal.features.subscribers.views.words import KIND_WORDS
from portal.web import once
from portal.web.access import requires
from portal.web.listing import Query
from portal.web.qr import qr_code
from portal.web.session import me
from portal.web.templating import render

LATEST = 5
HISTORY_SIZE = 50


@bp.get("/lines/<public_id:staff_line_id>")
@within(PLACE)
@requires(P.LINES_VIEW)
def line(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    waiting = once.take("line", staff_line_id)
    return page(sheet, secret=Secret(sheet, **json.loads(waiting)) if waiting else None)


class Secret:
    """The SIP password of a line, on the one page that shows it."""

    def __init__(self, sheet: LineSheet, sip: str) -> None:
        self.sip = sip
        user = quote(sheet.line.username, safe="")
        # a SIP address with its password (RFC 3261, 19.1.1)
        self.qr = qr_code(f"sip:{user}:{sip}@{sheet.domain.domain}")


def page(sheet: LineSheet, *, editing: str = "", status: int | None = None, **context: Any) -> Response:
    history = audit_queries.history(sheet.subjects, LATEST)
    return render(
        "subscribers/line.html",
        status=status,
        sheet=sheet,
        editing=editing,
        history=told(history.entries),
        changes=history.total,
        kinds=KIND_WORDS,
        lock_words=LOCK_WORDS,
        source_words=SOURCE_WORDS,
        own_lock=sheet.lock_by(LockSource.RESELLER),
        language_name=i18n.own_name,
        place_of=zones.place_of,
        may_view_as=_may_view_as(sheet),
        came_back=contacts.returned(sheet.email) if sheet.email else None,
        **context,
    )


def to_line(sheet: LineSheet) -> AnyResponse:
    """A line of another kind has no such part."""
    return redirect(url_for("subscribers.line", staff_line_id=sheet.line.public_id), code=303)


def _may_view_as(sheet: LineSheet) -> bool:
    account = sheet.account
    if account is None or not me().can(P.VIEW_AS) or me().viewer:
        return False
    return (
        account.reseller_id == me().reseller_id
        and account.status == AccountStatus.ACTIVE
        and accounts.may_be_viewed(account.role)
    )


@bp.get("/lines/<public_id:staff_line_id>/history")
@within(PLACE)
@requires(P.LINES_VIEW)
def line_history(staff_line_id: PublicId) -> Response:
    sheet = queries.line_sheet(staff_line_id)
    typed = request.args.get("page", "1")
    number = max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    found = audit_queries.history(sheet.subjects, HISTORY_SIZE, offset=(number - 1) * HISTORY_SIZE)
    values = {"staff_line_id": staff_line_id, "rows": str(HISTORY_SIZE), "page": str(number)}
    query = Query("subscribers.line_history", values, "")
    return render("subscribers/line_history.html", sheet=sheet, history=told(found.entries), total=found.total, query=query)

"""The page of one extension, and its history."""

import json
from typing import Any
from urllib.parse import quote

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.core import clock, i18n
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries as callhandling
from portal.features.callhandling.rules import Effect, Names, effect
from portal.features.contacts import queries as contacts
from portal.features.pbx import queries
from portal.features.pbx.queries import Sheet
from portal.features.pbx.rules import LOCK_WORDS, titles
from portal.features.pbx.views.door import bp, told, within
from portal.features.subscribers.models import LockSource
from portal.features.subscribers.rules import STORED
from portal.web import once
from portal.web.access import requires
from portal.web.listing import Query
from portal.web.qr import qr_code
from portal.web.templating import render

LATEST = 5
HISTORY_SIZE = 50


@bp.get("/extensions/<public_id:extension_id>")
@within("pbx.extensions")
@requires(P.EXTENSIONS_VIEW)
def show(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    waiting = once.take("access", extension_id)
    return page(sheet, access=Access(sheet, **json.loads(waiting)) if waiting else None)


class Access:
    """The passwords of an extension, on the one page that shows them."""

    def __init__(self, sheet: Sheet, sip: str | None = None, web: str | None = None) -> None:
        self.sip = sip
        self.web = web
        user = quote(sheet.line.username, safe="")
        # a SIP address with its password (RFC 3261, 19.1.1)
        self.qr = qr_code(f"sip:{user}:{sip}@{sheet.domain.domain}") if sip else None


def page(sheet: Sheet, *, editing: str = "", status: int | None = None, **context: Any) -> Response:
    history = audit_queries.history(sheet.subjects, LATEST) if editing != "numbers" else None  # which asks for the pool
    return render(
        "pbx/extension.html",
        status=status,
        sheet=sheet,
        effect_now=effect_of(sheet),
        editing=editing,
        history=told(history.entries) if history else None,
        changes=history.total if history else 0,
        lock_words=LOCK_WORDS,
        own_lock=sheet.lock_by(LockSource.PILOT),
        language_name=i18n.own_name,
        may={word: titles(sheet.allowance, level) for level, word in STORED.items()},
        came_back=contacts.returned(sheet.email) if sheet.email else None,
        **context,
    )


def effect_of(sheet: Sheet) -> Effect:
    line = sheet.line
    exchange = callhandling.exchange(line.customer_id, [line.public_id])
    return effect(Names(exchange), line.public_id, clock.now(), shown=sheet.shown)


@bp.get("/extensions/<public_id:extension_id>/history")
@within("pbx.extensions")
@requires(P.EXTENSIONS_VIEW)
def history(extension_id: PublicId) -> Response:
    sheet = queries.sheet(extension_id)
    typed = request.args.get("page", "1")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    found = audit_queries.history(sheet.subjects, HISTORY_SIZE, offset=(max(number, 1) - 1) * HISTORY_SIZE)
    pages = Query("pbx.history", {"extension_id": extension_id, "rows": str(HISTORY_SIZE), "page": str(max(number, 1))}, "")
    return render("pbx/history.html", sheet=sheet, history=told(found.entries), total=found.total, query=pages)

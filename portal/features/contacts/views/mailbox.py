"""`/_mailbox`, in development only: what the mails of this host's provider say, for those that have no mail server."""

import json

from flask import Blueprint, Flask, Response, current_app

from portal.core import db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.contacts import queries, rules
from portal.web.access import public
from portal.web.security import POLICY
from portal.web.templating import render
from portal.web.tenant import tenant

bp = Blueprint("mailbox", __name__, template_folder="../templates")
FRAMING = f"{POLICY}; frame-src 'self'"
# What a mail shows is nothing of this site's: no scripts, nothing from elsewhere; its links open beside it.
FRAMED = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def install_mailbox(app: Flask, *, sends: bool) -> None:
    """`sends`: there is a mail server."""
    app.extensions["mailbox_sends"] = sends
    app.register_blueprint(bp)


@bp.get("/_mailbox")
@public
def index() -> Response:
    with db.unit_of_work(tenant().scope, read_only=True):
        return render("contacts/mailbox.html", mails=queries.newest(), words=rules, sends=_sends())


@bp.get("/_mailbox/<public_id:mail_id>")
@public
def show(mail_id: PublicId) -> Response:
    with db.unit_of_work(tenant().scope, read_only=True):
        mail = queries.opened(mail_id)
        content = json.loads(mail.content) if mail.content else None
        language = i18n.own_name(mail.language)
        page = render("contacts/mailbox_mail.html", mail=mail, content=content, language=language, words=rules, sends=_sends())
    page.headers["Content-Security-Policy"] = FRAMING
    return page


@bp.get("/_mailbox/<public_id:mail_id>/html")
@public
def html(mail_id: PublicId) -> Response:
    with db.unit_of_work(tenant().scope, read_only=True):
        content = queries.opened(mail_id).content
    if content is None:
        raise NotFound
    headers = {"Content-Security-Policy": FRAMED, "X-Frame-Options": "SAMEORIGIN", "Cache-Control": "no-store"}
    return Response(json.loads(content)["html"], mimetype="text/html", headers=headers)


def _sends() -> bool:
    return bool(current_app.extensions["mailbox_sends"])

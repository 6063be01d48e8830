"""What the pages of time sets and caller lists share: whose they are, and who may change them."""

from typing import Any, Protocol
from zoneinfo import ZoneInfo

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core import db
from portal.core.errors import NotFound
from portal.core.permissions import P
from portal.features.callhandling import queries
from portal.features.callhandling.forms import OWN, WhoseForm
from portal.features.subscribers import queries as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Allowance, Feature
from portal.web.forms import Form
from portal.web.session import me, own_path
from portal.web.templating import Undo, say
from portal.web.tenant import tenant


class Kept(Protocol):
    @property
    def shared(self) -> bool: ...


def runs_company() -> bool:
    return me().can(P.CALL_HANDLING_COMPANY)


def may() -> Allowance:
    """What whoever is signed in may do with conditions of forwarding. Raises NotFound where forwarding is no part of the line."""
    company, own = me().customer_id or 0, me().subscriber_id or 0
    allowance = subscribers.ceiling_of(company) if runs_company() else subscribers.allowance_of(own)
    if not allowance.may_use(Feature.FORWARDING):
        raise NotFound
    return allowance


def may_change(kept: Kept, allowance: Allowance) -> bool:
    return (runs_company() or not kept.shared) and allowance.may_change(Feature.FORWARDING)


def owner_of(form: WhoseForm) -> Subscriber | None:
    """The own line, or None for the company."""
    return queries.line_of(me()) if form.whose.data == OWN else None


def back(text: str, endpoint: str, *, undo: Undo | None = None, **params: Any) -> AnyResponse:
    """To where somebody came from, on the way to another thing; else to a page of ours."""
    db.session().flush()  # what the database refuses shows here, not after the message
    say(text, undo=undo)
    return redirect(own_path(request.form.get("next")) or url_for(endpoint, **params), code=303)


def refused(form: Form, endpoint: str) -> AnyResponse:
    """Back again with what was refused, where one press was all there was to fill in."""
    for _field, sentence in form.summary:
        say(sentence, kind="bad")
    return redirect(own_path(request.form.get("next")) or url_for(endpoint), code=303)


def hours_zone() -> ZoneInfo:
    """Where the hours of times are meant: at the provider’s."""
    return ZoneInfo(tenant().time_zone)

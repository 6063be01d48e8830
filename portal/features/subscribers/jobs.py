"""What the worker does for lines."""

from collections.abc import Mapping
from typing import Any

from portal.core import db
from portal.core.outbox import Handler
from portal.features.accounts import queries as accounts
from portal.features.subscribers import mails, queries
from portal.features.subscribers.models import Status, Subscriber


def device_new(payload: Mapping[str, Any]) -> None:
    """A telephone has signed in that was never seen at its line. The very first one is no surprise to anybody."""
    if payload["first"]:
        return
    line = db.session().get(Subscriber, payload["subscriber"])
    if line is None or line.status == Status.TERMINATED or not line.new_device_mail:
        return
    account, at = accounts.of_subscriber(line.id), queries.seen_first(line.id, payload["mark"])
    if account is None or at is None:
        return
    mails.new_phone(account, line=line, mark=payload["mark"], user_agent=payload["user_agent"], heard=payload["address"], at=at)


HANDLERS: Mapping[str, Handler] = {"device-new": device_new}

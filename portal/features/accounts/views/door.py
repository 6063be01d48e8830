"""The blueprint, and what its pages share."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Protocol

from flask import Blueprint, Flask, current_app, redirect, request
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.identity import Identity
from portal.features.accounts import operations
from portal.features.accounts.models import Account, Method
from portal.features.accounts.operations import Visit
from portal.web.session import (
    address,
    device,
    half_signed_in,
    keep_cookies,
    me_or_nobody,
    new_token,
    own_path,
    passing_language,
)
from portal.web.tenant import tenant

bp = Blueprint("accounts", __name__, template_folder="../templates")


class Line(Protocol):
    """What the account page says of a person's line; its number and the company's base number in digits."""

    @property
    def customer(self) -> str: ...
    @property
    def extension(self) -> str | None: ...
    @property
    def number(self) -> str | None: ...
    @property
    def base(self) -> str | None: ...


def install(app: Flask, line_of: Callable[[Identity], Line | None], follow: Callable[[Account], None]) -> None:
    """Lines belong to features that this one does not know.

    `line_of` gives that of a person; `follow` brings an account's new name and e-mail address to its line.
    """
    app.extensions["line_of"] = line_of
    app.extensions["follow"] = follow


def arrival() -> tuple[Visit, str, datetime]:
    """The browser that asks, as one that wants in; the token that it is given if it gets in, and until when at the latest."""
    token, hashed = new_token()
    until = clock.now() + timedelta(hours=current_app.config["SESSION_HOURS"])
    visit = Visit(
        tenant=tenant(),
        address=address(),
        user_agent=request.user_agent.string,
        token_hash=hashed,
        until=until,
        device=device(),
        language=passing_language(),
        instead_of=me_or_nobody() or half_signed_in(),
    )
    return visit, token, until


def goal() -> str:
    """Where to go on once it is proved who somebody is: a page of this very site."""
    return own_path(request.args.get("next")) or "/"


def let_in(account: Account, method: Method) -> Response:
    """Signs in whoever has taken the second step, and goes on."""
    visit, token, until = arrival()
    entered = operations.enter(visit=visit, account=account, method=method, finishing=True)
    return keep_cookies(redirect(goal(), code=303), token, until, entered.device)

"""Access marks: every view carries exactly one, and `seal` stops the start when one is bare."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum, auto
from typing import TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.permissions import P

View = TypeVar("View", bound=Callable[..., object])
CONFIRMED_FOR = timedelta(minutes=10)


class Kind(StrEnum):
    PUBLIC = auto()
    SIGNED_IN = auto()
    PERMISSION = auto()
    SUDO = auto()


@dataclass(frozen=True)
class Mark:
    kind: Kind
    permission: P | None = None
    before_password_change: bool = False  # reachable while a new password is still owed

    def __str__(self) -> str:
        return str(self.permission or self.kind)


class BareView(RuntimeError):  # noqa: N818
    """A view does not say who may see it."""


def _put(view: View, mark: Mark) -> View:
    if hasattr(view, "access_mark"):
        raise BareView(f"{view.__name__} carries two access marks")
    view.access_mark = mark  # type: ignore[attr-defined]
    return view


def public(view: View) -> View:
    """Anybody, signed in or not."""
    return _put(view, Mark(Kind.PUBLIC))


def signed_in(view: View) -> View:
    """Whoever is signed in, for what is their own."""
    return _put(view, Mark(Kind.SIGNED_IN))


def signed_in_even_with_old_password(view: View) -> View:
    """As signed_in, also for those who must set a new password first."""
    return _put(view, Mark(Kind.SIGNED_IN, before_password_change=True))


def requires(permission: P) -> Callable[[View], View]:
    def put(view: View) -> View:
        return _put(view, Mark(Kind.PERMISSION, permission))

    return put


def sudo(view: View) -> View:
    """Whoever signed in a moment ago; others sign in again first."""
    return _put(view, Mark(Kind.SUDO))


def mark_of(app: Flask, endpoint: str) -> Mark:
    mark = getattr(app.view_functions[endpoint], "access_mark", None)
    if not isinstance(mark, Mark):
        raise BareView(f"{endpoint} carries no access mark")
    return mark


def seal(app: Flask) -> None:
    """Called last by the factory. From here on every view is known to say who may see it."""
    for endpoint in app.view_functions:
        mark_of(app, endpoint)
    app.before_request(_enforce)


def _enforce() -> Response | None:
    if request.endpoint is None or request.routing_exception is not None:
        return None
    mark = mark_of(current_app, request.endpoint)
    if mark.kind is Kind.PUBLIC:
        return None
    if not current_user.is_authenticated:
        return _to_sign_in()
    who = current_user.identity
    if who.must_change_password and not mark.before_password_change:
        return redirect(url_for("accounts.new_password"))
    if mark.permission is not None and not who.can(mark.permission):
        abort(404)
    if mark.kind is Kind.SUDO and (who.signed_in_at is None or clock.now() - who.signed_in_at > CONFIRMED_FOR):
        return _to_sign_in()
    return None


def _to_sign_in() -> Response:
    """Where to go on afterwards is kept for pages only: nobody's POST is repeated."""
    goal = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("accounts.sign_in", next=goal if goal != "/" else None))

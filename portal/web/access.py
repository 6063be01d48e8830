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
from portal.core.identity import Identity
from portal.core.permissions import Owed, P

View = TypeVar("View", bound=Callable[..., object])
CONFIRMED_FOR = timedelta(minutes=10)
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Kind(StrEnum):
    PUBLIC = auto()
    SIGNED_IN = auto()
    PERMISSION = auto()
    SUDO = auto()


@dataclass(frozen=True)
class Mark:
    """`owing`: reachable while this is still owed. `confirmed`: only for who proved a moment ago to be who they are.

    `in_person`: not for staff who view as somebody else. `looks`: changes nothing but what the asker sees.
    """

    kind: Kind
    permission: P | None = None
    owing: frozenset[Owed] = frozenset()
    confirmed: bool = False
    in_person: bool = False
    looks: bool = False

    def __str__(self) -> str:
        return str(self.permission or self.kind)


OWED = {Owed.PASSWORD: "accounts.new_password", Owed.FACTOR: "accounts.enrol"}


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


def in_person(view: View) -> View:
    """As signed_in, but not for staff who view as somebody else."""
    return _put(view, Mark(Kind.SIGNED_IN, in_person=True))


def signed_in_owing(*owing: Owed) -> Callable[[View], View]:
    """As in_person, also for those who have to do this first."""

    def put(view: View) -> View:
        return _put(view, Mark(Kind.SIGNED_IN, owing=frozenset(owing), in_person=True))

    return put


def requires(
    permission: P, *, confirmed: bool = False, in_person: bool = False, looks: bool = False
) -> Callable[[View], View]:
    def put(view: View) -> View:
        return _put(view, Mark(Kind.PERMISSION, permission, confirmed=confirmed, in_person=in_person, looks=looks))

    return put


def sudo(view: View) -> View:
    """Whoever proved a moment ago to be who they are, in person; others confirm it first."""
    return _put(view, Mark(Kind.SUDO, confirmed=True, in_person=True))


def sudo_owing(*owing: Owed) -> Callable[[View], View]:
    """As sudo, also for those who have to do this first."""

    def put(view: View) -> View:
        return _put(view, Mark(Kind.SUDO, owing=frozenset(owing), confirmed=True, in_person=True))

    return put


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
        return _elsewhere("accounts.sign_in")
    return _let_in(current_user.identity, mark)


def _let_in(who: Identity, mark: Mark) -> Response | None:
    if who.owes is not None and who.owes not in mark.owing:
        return redirect(url_for(OWED[who.owes]))
    if mark.in_person and who.viewer is not None:
        abort(403)
    if mark.permission is not None and not who.can(mark.permission):
        abort(404)
    if not who.may_change and _changes(mark):
        abort(403)
    if mark.confirmed and not recently_confirmed(who):
        return _elsewhere("accounts.confirm")
    return None


def _changes(mark: Mark) -> bool:
    """Whether the request changes what is not the asker's own, or asks for the form that does."""
    methods = (request.url_rule.methods if request.url_rule else None) or {request.method}
    return mark.permission is not None and not mark.looks and not methods <= SAFE


def recently_confirmed(who: Identity) -> bool:
    return who.confirmed_at is not None and clock.now() - who.confirmed_at <= CONFIRMED_FOR


def _elsewhere(endpoint: str) -> Response:
    """Where to go on afterwards is kept for pages only: nobody's POST is repeated."""
    goal = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for(endpoint, next=goal if goal != "/" else None))

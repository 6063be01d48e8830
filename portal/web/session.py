"""Who is signed in on this request, and the browser's three cookies.

`session` holds a random token; the database knows its hash, its tenant and host, and when it ends.
`device` tells a browser on which somebody signed in before from a stranger's; it opens nothing.
`visit` is signed, holds nothing secret, and exists before signing in: CSRF token, messages, language.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Protocol

from flask import Flask, Request, current_app, g, redirect, request, session as visit, url_for
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from portal.core.identity import Identity
from portal.core.tenancy import Tenant
from portal.web.tenant import tenant

TOKEN_BYTES = 32
DEVICE_KNOWN_FOR = timedelta(days=365)


class SignedIn(UserMixin):
    def __init__(self, identity: Identity) -> None:
        self.identity = identity

    def get_id(self) -> str:
        return str(self.identity.public_id)


class Load(Protocol):
    def __call__(self, tenant: Tenant, token_hash: bytes) -> Identity | None: ...



def me() -> Identity:
    """Who is signed in; only for views that nobody else reaches."""
    identity: Identity = current_user.identity
    return identity


def customer_id() -> int:
    """The customer of whoever is signed in; only people of a customer reach the pages that ask."""
    own = me().customer_id
    if own is None:
        raise LookupError("nobody of a customer")
    return own


def me_or_nobody() -> Identity | None:
    """Asked for often; found out once a request."""
    if "who" not in g:
        if g.get("tenant") is None:
            return None
        g.who = current_user.identity if current_user.is_authenticated else None
    who: Identity | None = g.who
    return who


def half_signed_in() -> Identity | None:
    """Whose password was right at this browser, and who owes a second factor; nobody, for all but that step."""
    token = request.cookies.get(cookie_name())
    if not token or g.get("tenant") is None:
        return None
    if "half" not in g:
        load: Load = current_app.extensions["half_signed_in"]
        g.half = load(tenant(), token_hash(token))
    found: Identity | None = g.half
    return found


def address() -> str:
    return request.remote_addr or "unknown"


def cookie_name(name: str = "session") -> str:
    return f"__Host-{name}" if current_app.config["SESSION_COOKIE_SECURE"] else name


def device() -> str | None:
    """What this browser was given when somebody last signed in with it."""
    return request.cookies.get(cookie_name("device"))


def new_token() -> tuple[str, bytes]:
    """A token for the browser and its hash for the database."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    return token, token_hash(token)


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def keep_cookies(response: Response, token: str, until: datetime, known_device: str | None) -> Response:
    """After a sign-in: the session, and what makes this browser known at the next one (None: not yet)."""
    visit.clear()  # a new visit: nothing from before the sign-in is trusted after it
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    renew_cookie(response, token, until)
    if known_device is None:
        return response
    response.set_cookie(
        cookie_name("device"), known_device, max_age=DEVICE_KNOWN_FOR, secure=secure, httponly=True, samesite="Lax", path="/",
    )
    return response


def renew_cookie(response: Response, token: str, until: datetime) -> Response:
    """Another token for the same visit, after a change of privilege."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(cookie_name(), token, expires=until, secure=secure, httponly=True, samesite="Lax", path="/")
    return response


def drop_cookie(response: Response) -> Response:
    language = visit.get("language")
    visit.clear()
    if language:
        visit["language"] = language
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(cookie_name(), path="/", secure=secure, httponly=True, samesite="Lax")
    return response


def passing_language() -> str | None:
    """The language that was chosen in this browser, not just asked for by it."""
    language = visit.get("language")
    return language if language in tenant().languages else None


def forget_passing_choices() -> None:
    """The account's language and scheme count again, not those chosen in passing."""
    visit.pop("language", None)
    visit.pop("scheme", None)


def own_path(goal: str | None) -> str | None:
    """A redirect target, if it is a path of this very site."""
    if not goal or not goal.startswith("/") or goal.startswith("//"):
        return None
    return None if any(ord(sign) < 32 or sign == "\\" for sign in goal) else goal


def install(app: Flask, load: Load, load_half: Load) -> None:
    app.extensions["half_signed_in"] = load_half
    manager = LoginManager()
    manager.session_protection = None
    manager.init_app(app)

    @manager.request_loader
    def signed_in(incoming: Request) -> SignedIn | None:
        token = incoming.cookies.get(cookie_name())
        if not token or g.get("tenant") is None:
            return None
        identity = load(tenant(), token_hash(token))
        return SignedIn(identity) if identity else None

    @manager.unauthorized_handler
    def sign_in_first() -> Response:
        return redirect(url_for("accounts.sign_in"))

"""Headers on every answer, and CSRF on every unsafe method."""

from flask import Flask, Response, g, request, session as visit
from flask_wtf import CSRFProtect

from portal.web.session import me_or_nobody

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
HSTS = "max-age=31536000"
SHOWS_FRAMES = f"{POLICY}; frame-src 'self'"
FRAMED = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


def shows_frames(response: Response) -> Response:
    """For a page that shows others of this site in frames; in one itself it is shown as little as any other."""
    response.headers["Content-Security-Policy"] = SHOWS_FRAMES
    return response


def framed(response: Response, policy: str = FRAMED) -> Response:
    """For what a page of this very site, and nobody else's, shows in a frame: no scripts, no forms, nothing to follow."""
    response.headers["Content-Security-Policy"] = policy
    response.headers["X-Frame-Options"] = "SAMEORIGIN"
    response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask) -> None:
    CSRFProtect(app)

    @app.before_request
    def no_hasty_guess() -> Response | None:
        """A page fetched ahead would show, and so lose, a message that is meant for the next real page."""
        if "prefetch" in request.headers.get("Sec-Purpose", "") and visit.get("_flashes"):
            return Response(status=503)
        return None

    @app.after_request
    def guard(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        alive = response.mimetype == "text/html" and response.headers["X-Frame-Options"] == HEADERS["X-Frame-Options"]
        if alive and response.status_code == 200 and me_or_nobody() is not None:
            response.headers["Speculation-Rules"] = f'"{app.extensions["assets"].url("speculation.json")}"'
        if app.config["SESSION_COOKIE_SECURE"]:
            response.headers.setdefault("Strict-Transport-Security", HSTS)
        if g.get("tenant") is not None and "Cache-Control" not in response.headers:
            passing = request.method in {"GET", "HEAD"} and me_or_nobody() is None
            response.headers["Cache-Control"] = "private, no-cache" if passing else "no-store"
        return response

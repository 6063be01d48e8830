"""A secret shown once. Between the change and the page it travels encrypted in the visitor's own cookie, and is nowhere else."""

from flask import current_app, request, session as visit

from portal.core.secrets import KeyRing

SECONDS = 300


def _ring() -> KeyRing:
    return KeyRing(current_app.config["SECRET_KEYS"], "shown once")


def keep(name: str, secret: str, *, subject: str) -> None:
    visit["once"] = {"name": name, "subject": subject, "sealed": _ring().seal(secret)}


def take(name: str, subject: str) -> str | None:
    """The secret, if it waits for this page; after that it is gone."""
    waiting = visit.get("once")
    unseen = request.method == "HEAD" or "prefetch" in request.headers.get("Sec-Purpose", "")
    if unseen or not waiting or (waiting["name"], waiting["subject"]) != (name, subject):
        return None
    visit.pop("once")
    return _ring().open(waiting["sealed"], max_age=SECONDS)

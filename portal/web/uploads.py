"""Files that may be larger than other requests, at the pages that say so."""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, request

from portal.web.session import me_or_nobody

MOST_DRAINED = 256 * 1024 * 1024
PIECE = 256 * 1024
View = TypeVar("View", bound=Callable[..., object])


def takes(largest: int) -> Callable[[View], View]:
    """Marks a view that takes so many bytes, from whoever is signed in."""

    def put(view: View) -> View:
        view.largest_request = largest  # type: ignore[attr-defined]
        return view

    return put


def install(app: Flask) -> None:
    """Before anything reads what was sent."""

    @app.before_request
    def widen() -> None:
        largest = getattr(current_app.view_functions.get(request.endpoint or ""), "largest_request", None)
        if largest is not None and request.method == "POST" and me_or_nobody() is not None:
            request.max_content_length = largest


def drain() -> None:
    """Reads on, and forgets: a browser hears no answer before it has sent all of its file."""
    left = min(request.content_length or 0, MOST_DRAINED) if me_or_nobody() is not None else 0
    while left > 0 and (piece := request.environ["wsgi.input"].read(min(left, PIECE))):
        left -= len(piece)

"""What is shown when something is not there, not allowed, or broken: branded where a tenant is known, neutral where not."""

import structlog
from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from jinja2 import Environment
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import HTTPException

from portal.core import i18n
from portal.core.errors import NotFound, Refused
from portal.web.templating import page_context

log = structlog.get_logger()


def words(code: int) -> tuple[str, str]:
    """Title and text: what happened, and what to do."""
    known = {
        400: (_("This did not arrive in one piece"), _("Go back, load the page again, and repeat the last step.")),
        404: (_("There is nothing here"), _("The address may be mistyped, or what was here has been removed.")),
        405: (_("This does not work from here"), _("Go back and use the buttons of the page.")),
        413: (_("This is too large"), _("Choose a smaller file or a shorter text.")),
        421: (_("Nobody answers at this address"), _("Check the address that your telephone provider gave you.")),
        429: (_("That was a little too often"), _("Wait a moment, then try again.")),
        503: (_("Back in a moment"), _("The service is being restarted. Nothing is lost; try again in a minute.")),
    }
    return known.get(code, (_("Something went wrong on our side"), _("It has been noted. Try again; if it happens once more, tell support.")))


def page(code: int) -> Response:
    title, text = words(code)
    environment: Environment = current_app.jinja_env
    if g.get("tenant") is None or code in {421, 503}:
        html = environment.get_template("layouts/neutral.html").render(
            title=title, text=text, lang=i18n.current(), text_direction=i18n.text_direction(i18n.current()),
        )
    else:
        html = environment.get_template("errors/error.html").render(**page_context(), code=code, title=title, text=text)
    response = Response(html, status=code, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    if code == 503:
        response.headers["Retry-After"] = "10"
    return response


def install(app: Flask) -> None:
    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response | HTTPException:
        if error.code is None or error.code < 400:
            return error
        return page(error.code)

    @app.errorhandler(CSRFError)
    def csrf(_error: CSRFError) -> Response:
        return page(400)

    @app.errorhandler(NotFound)
    def not_found(_error: NotFound) -> Response:
        return page(404)

    @app.errorhandler(Refused)
    def refused(error: Refused) -> Response:
        log.warning("a refusal reached no form", code=error.code, path=request.path)
        return page(400)

    @app.errorhandler(DBAPIError)
    def database(error: DBAPIError) -> Response:
        gone = error.connection_invalidated or type(error.orig).__name__ in {"OperationalError", "AdminShutdown", "ConnectionTimeout"}
        log.error("database", gone=gone, trouble=str(error.orig).splitlines()[:1])
        return page(503 if gone else 500)

    @app.errorhandler(Exception)
    def broken(error: Exception) -> Response:
        log.exception("broken", path=request.path, exc_info=error)
        return page(500)

"""What is shown when something is not there, not allowed, or broken: branded where a tenant is known, neutral where not."""

import structlog
from flask import Flask, Response, current_app, g, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from portal.core import db, i18n
from portal.core.errors import CONSTRAINTS, Conflict, NotFound, Refused
from portal.web import language
from portal.web.forms import constraint_of
from portal.web.session import me_or_nobody
from portal.web.templating import page_context
from portal.web.tenant import Closed, tenant

log = structlog.get_logger()


def words(code: int) -> tuple[str, str]:
    """Title and text: what happened, and what to do."""
    if code == 403:
        return _forbidden()  # asks who it is, which other pages must not: the database may be what is gone
    known = {
        400: (_("This did not arrive in one piece"), _("Go back, load the page again, and repeat the last step.")),
        404: (_("There is nothing here"), _("The address may be mistyped, or what was here has been removed.")),
        405: (_("This does not work from here"), _("Go back and use the buttons of the page.")),
        409: (_("Somebody else was a moment faster"), _("Load the page again to see what is there now, then go on.")),
        413: (_("This is too large"), _("Choose a smaller file or a shorter text.")),
        421: (_("Nobody answers at this address"), _("Check the address that your telephone provider gave you.")),
        429: (_("That was a little too often"), _("Wait a moment, then try again.")),
        503: (_("Back in a moment"), _("The service is being restarted. Nothing is lost; try again in a minute.")),
    }
    unknown = (_("Something went wrong on our side"), _("It has been noted. Try again; if it happens once more, tell support."))
    return known.get(code, unknown)


def _forbidden() -> tuple[str, str]:
    who = me_or_nobody()
    if who is not None and not who.may_change:
        return _("You may look, not change"), _("Nothing was changed. An administrator of your provider decides who may.")
    return _("Not while you view as somebody else"), _("Passwords, second factors and sessions are for the person alone.")


def page(code: int) -> Response:
    """A page of the tenant's own where one is known and can be asked for, else one that names nobody."""
    language.ensure()
    title, text = words(code)
    html = None
    if g.get("tenant") is not None and code not in {421, 503}:
        html = _branded(code, title, text)
    response = Response(html or _neutral(title, text), status=code, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    if code == 503:
        response.headers["Retry-After"] = "10"
    return response


def closed() -> Response:
    """For everybody at the hosts of a provider that is locked: in its look, and not why."""
    language.ensure()
    try:
        with db.unit_of_work(tenant().scope, read_only=True):
            html = current_app.jinja_env.get_template("errors/closed.html").render(**page_context())
    except db.Unavailable:
        return page(503)
    response = Response(html, status=403, mimetype="text/html")
    response.headers["Cache-Control"] = "no-store"
    return response


def _branded(code: int, title: str, text: str) -> str | None:
    """Reads in a unit of work of its own: the request's may not have begun, or may be broken."""
    try:
        who = me_or_nobody()
        with db.unit_of_work(who.scope if who else tenant().scope, read_only=True):
            template = current_app.jinja_env.get_template("errors/error.html")
            return template.render(**page_context(), code=code, title=title, text=text)
    except db.Unavailable:
        return None


def _neutral(title: str, text: str) -> str:
    template = current_app.jinja_env.get_template("layouts/neutral.html")
    spoken = i18n.current()
    return template.render(title=title, text=text, lang=spoken, text_direction=i18n.text_direction(spoken))


def install(app: Flask) -> None:
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(CSRFError, lambda _error: page(400))
    app.register_error_handler(Closed, lambda _error: closed())
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(Refused, _refused)
    app.register_error_handler(Exception, _broken)


def _http(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400:
        return error
    cause = getattr(error, "original_exception", None)  # what went wrong while the answer was already being finished
    if cause is not None:
        return _broken(cause)
    answer = page(error.code)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        answer.allow.update(error.valid_methods)
    return answer


def _path() -> str:
    """As the log may keep it: whoever reads there follows no link that was mailed to somebody else."""
    token = (request.view_args or {}).get("token")
    return request.path.replace(token, "…") if token else request.path


def _refused(error: Refused) -> Response:
    log.warning("a refusal reached no form", code=error.code, path=_path())
    return page(400)


def _broken(error: Exception) -> Response:
    if isinstance(error, db.Unavailable) or (isinstance(error, DBAPIError) and error.connection_invalidated):
        log.error("the database does not answer", trouble=str(error).partition("\n")[0])
        return page(503)
    taken = isinstance(error, IntegrityError) and constraint_of(error) in CONSTRAINTS
    if taken or isinstance(error, Conflict | StaleDataError):
        log.warning("somebody was faster", path=_path(), trouble=str(error).partition("\n")[0])
        return page(409)
    log.error("broken", path=_path(), exc_info=error)
    return page(500)

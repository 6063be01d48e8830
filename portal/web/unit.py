"""One request, one commit, at the edge."""

from contextlib import ExitStack

from flask import Flask, Response, g, request

from portal.core import db
from portal.web.session import me_or_nobody

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def install(app: Flask) -> None:
    """Opens the unit of work once it is known who asks; commits when the method writes and the answer is no refusal."""

    @app.before_request
    def begin() -> None:
        if g.get("tenant") is None:
            return
        who = me_or_nobody()
        g.unit = ExitStack()
        g.work = g.unit.enter_context(db.unit_of_work(who.scope if who else g.tenant.scope, read_only=request.method in SAFE))

    @app.after_request
    def finish(response: Response) -> Response:
        work = g.get("work")
        if work is not None:
            if response.status_code < 400:
                work.commit()
            else:
                work.rollback()
        return response

    @app.teardown_request
    def close(_error: BaseException | None) -> None:
        unit: ExitStack | None = g.pop("unit", None)
        work = g.pop("work", None)
        if unit is not None:
            try:
                work.rollback()  # nothing is left to commit here, unless the answer was never finished
            finally:
                unit.close()

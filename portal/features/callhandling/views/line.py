"""What happens with calls to a line."""

from flask import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling.views.door import bp
from portal.features.callhandling.views.page import page, sheet_of
from portal.web.access import requires
from portal.web.nav import within


@bp.get("/call-handling")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def own() -> Response:
    return page(sheet_of(None))


@bp.get("/call-handling/<public_id:line_id>")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def show(line_id: PublicId) -> Response:
    return page(sheet_of(line_id))

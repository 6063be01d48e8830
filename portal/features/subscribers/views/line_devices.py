"""A telephone at the line of a customer, signed off by staff."""

from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.subscribers import queries
from portal.features.subscribers.views.devices import removed
from portal.features.subscribers.views.door import PLACE, bp, within
from portal.web.access import requires


@bp.route("/lines/<public_id:staff_line_id>/devices/<public_id:device_id>/remove", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_LOCK)
def remove_line_device(staff_line_id: PublicId, device_id: PublicId) -> AnyResponse:
    registration, line = queries.device(device_id)
    if line.public_id != staff_line_id:
        raise NotFound
    here = {"staff_line_id": staff_line_id, "device_id": device_id}
    back = {"staff_line_id": staff_line_id, "_anchor": "devices"}
    return removed(registration, line, "subscribers.line", back, url_here="subscribers.remove_line_device", here=here)

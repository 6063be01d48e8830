"""From which addresses calls of a trunk may come."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import PlainForm, SourceForm
from portal.features.subscribers.models import Kind
from portal.features.subscribers.views.door import PLACE, bp, within
from portal.features.subscribers.views.line import page, to_line
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import Undo, done


@bp.route("/lines/<public_id:staff_line_id>/sources", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT)
def add_source(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind is not Kind.TRUNK:
        return to_line(sheet)
    form = SourceForm().offer()
    if form.validate_on_submit():
        with form.refusals():
            added = operations.add_source(
                by=me(), line=sheet.line, network=form.network.data or "", protocol=str(form.protocol.data)
            )
            text = _("Calls from %(network)s are accepted now.", network=added.network)
            return done(text, ".line", staff_line_id=staff_line_id, _anchor="sources")
    return page(sheet, editing="sources", form=form)


@bp.post("/lines/<public_id:staff_line_id>/sources/<public_id:source_id>/remove")
@within(PLACE)
@requires(P.LINES_EDIT)
def remove_source(staff_line_id: PublicId, source_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind is not Kind.TRUNK:
        return to_line(sheet)
    source = queries.source(sheet.line.id, source_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            fields = {"network": source.network, "protocol": source.protocol}
            operations.remove_source(by=me(), line=sheet.line, source=source)
            back = Undo("subscribers.add_source", {"staff_line_id": staff_line_id}, fields)
            text = _("Calls from %(network)s are not accepted any more.", network=fields["network"])
            return done(text, ".line", undo=back, staff_line_id=staff_line_id, _anchor="sources")
    return page(sheet, form=form)

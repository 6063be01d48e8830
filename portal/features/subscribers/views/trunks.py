"""From which addresses calls of a trunk may come."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import PlainForm, SourceForm
from portal.features.subscribers.models import Kind, TrustedSource
from portal.features.subscribers.queries import LineSheet
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
                by=me(),
                line=sheet.line,
                network=form.network.data or "",
                protocol=str(form.protocol.data),
                callers=form.callers.data or "",
            )
            text = _("Calls from %(network)s are accepted now.", network=added.network)
            return done(text, ".line", staff_line_id=staff_line_id, _anchor="sources")
    return page(sheet, editing="sources", form=form)


@bp.route("/lines/<public_id:staff_line_id>/sources/<public_id:source_id>", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT)
def change_source(staff_line_id: PublicId, source_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind is not Kind.TRUNK:
        return to_line(sheet)
    source, form = queries.source(sheet.line.id, source_id), SourceForm().offer()
    if request.method == "GET":
        return page(sheet, editing="sources", form=form.show(source, sheet.line.version), source=source)
    if form.validate_on_submit():
        with form.refusals():
            _save(sheet, source, form)
            return done(_("Saved."), ".line", staff_line_id=staff_line_id, _anchor="sources")
    return page(sheet, editing="sources", form=form, source=source)


def _save(sheet: LineSheet, source: TrustedSource, form: SourceForm) -> None:
    """Few fields: whoever comes later sees what stands in the list, and saves again."""
    wanted = {"network": form.network.data or "", "protocol": str(form.protocol.data), "callers": form.callers.data or ""}
    try:
        operations.change_source(by=me(), line=sheet.line, source=source, version=form.version.number, **wanted)
    except Conflict as conflict:
        form.version.data = str(conflict.version)
        raise Refused("source-changed") from None


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
            fields = {"network": source.network, "protocol": source.protocol, "callers": source.from_pattern or ""}
            operations.remove_source(by=me(), line=sheet.line, source=source)
            back = Undo("subscribers.add_source", {"staff_line_id": staff_line_id}, fields)
            text = _("Calls from %(network)s are not accepted any more.", network=fields["network"])
            return done(text, ".line", undo=back, staff_line_id=staff_line_id, _anchor="sources")
    return page(sheet, form=form)

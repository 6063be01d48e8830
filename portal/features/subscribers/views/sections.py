"""The sections of a line that save on their own: what it is called, its own number, where calls of a trunk go."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.numbers import rules as numbers
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import DetailsForm, NextHopForm, OwnNumberForm
from portal.features.subscribers.models import Kind
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.views.door import PLACE, bp, suggested_numbers, within
from portal.features.subscribers.views.line import page, to_line
from portal.web.access import requires
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done

Save = Callable[[LineSheet, int], object]


@bp.route("/lines/<public_id:staff_line_id>/details", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT)
def line_details(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    form = DetailsForm().offer(sheet)

    def save(sheet: LineSheet, version: int) -> object:
        return operations.change_line(
            by=me(),
            line=sheet.line,
            version=version,
            display_name=form.display_name.data,
            email=form.email.data,
            language=form.language.data,
            time_zone=form.time_zone.data,
            external_id=form.external_id.data,
            max_calls=form.max_calls.data,
        )

    return _edit(sheet, form, "details", save)


@bp.route("/lines/<public_id:staff_line_id>/number", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT)
def line_number(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind not in {Kind.REGULAR, Kind.TRUNK}:
        return to_line(sheet)
    form = OwnNumberForm()

    def save(sheet: LineSheet, version: int) -> object:
        number = numbers.number(form.number.data or "", sheet.home)
        return operations.change_number(by=me(), line=sheet.line, version=version, number=number)

    return _edit(sheet, form, "numbers", save, suggested=suggested_numbers(sheet.line.reseller_id))


@bp.route("/lines/<public_id:staff_line_id>/next-hop", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT)
def line_next_hop(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind is not Kind.TRUNK:
        return to_line(sheet)
    form = NextHopForm()

    def save(sheet: LineSheet, version: int) -> object:
        return operations.change_next_hop(by=me(), line=sheet.line, version=version, next_hop=form.next_hop.data or "")

    return _edit(sheet, form, "next-hop", save)


def _edit(sheet: LineSheet, form: Any, editing: str, save: Save, **context: Any) -> AnyResponse:
    staff_line_id = sheet.line.public_id
    section = Section(
        read=lambda: queries.line_sheet(staff_line_id),
        stored=lambda sheet: (form.stored(sheet), sheet.line.version),
        save=save,
        show=lambda sheet, **more: page(sheet, editing=editing, form=form, **context, **more),
        last=lambda: last_change(*sheet.subjects),
        done=lambda: done(_("Saved."), ".line", staff_line_id=staff_line_id, _anchor=editing),
    )
    return edit(form, sheet, section)

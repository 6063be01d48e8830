"""The sections of a line that save on their own: what it is called, its own number, where calls of a trunk go."""

from collections.abc import Callable
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.numbers import rules as numbers
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import DetailsForm, NextHopForm, OwnNumberForm
from portal.features.subscribers.models import Kind
from portal.features.subscribers.queries import LineSheet
from portal.features.subscribers.views.door import PLACE, bp, suggested_numbers, within
from portal.features.subscribers.views.line import page, to_line
from portal.web.access import requires
from portal.web.sections import SectionForm, Values, saved
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
    if request.method == "GET":
        form.show(form.stored(sheet), sheet.line.version)
        return page(sheet, editing=editing, form=form, **context)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, sheet, save, lambda: _again(sheet, form))
        if clashes:
            return _conflict(sheet.line.public_id, form, editing, clashes)
        if not form.summary:
            return done(_("Saved."), ".line", staff_line_id=sheet.line.public_id, _anchor=editing)
        sheet = queries.line_sheet(sheet.line.public_id)
    return page(sheet, editing=editing, form=form, **context)


def _again(sheet: LineSheet, form: Any) -> tuple[LineSheet, Values, int]:
    fresh = queries.line_sheet(sheet.line.public_id)
    return fresh, form.stored(fresh), fresh.line.version


def _conflict(staff_line_id: PublicId, form: SectionForm, editing: str, clashes: tuple[str, ...]) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    theirs: Values = form.stored(sheet)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, sheet.line.version)
    last = audit_queries.history(sheet.subjects, 1).entries
    return page(sheet, editing=editing, form=form, status=409, clashes=rows, last=last[0] if last else None)

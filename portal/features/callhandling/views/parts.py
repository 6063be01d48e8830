"""What the sections of a line share: each is edited in place, and saves on its own."""

from collections.abc import Callable

from flask import request
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries
from portal.features.callhandling.forms import PartForm
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.views.page import Rights, page, sheet_of
from portal.features.subscribers.rules import Feature
from portal.web.sections import Values, saved
from portal.web.templating import done
from portal.web.tenant import tenant

Save = Callable[[Sheet, int], object]
Say = Callable[[Sheet], str]


def part_of(line_id: PublicId, feature: Feature, *, person: bool = True) -> Sheet:
    """A line whose part about a feature may be asked for. Raises NotFound, also for groups where `person`.

    What is sent without being allowed is refused by the operation, with its sentence.
    """
    sheet = sheet_of(line_id)
    if person and sheet.is_group:
        raise NotFound
    if request.method == "GET" and not Rights.on(sheet).changes(feature):
        raise NotFound
    return sheet


def edit(sheet: Sheet, form: PartForm, editing: str, save: Save, say: Say) -> AnyResponse:
    """`save` raises Refused for what it cannot read or use; `say` tells what comes of it, once saved."""
    if request.method == "GET":
        form.show(form.stored(sheet, tenant().home), sheet.handling.version)
        return page(sheet, editing=editing, form=form)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, sheet, save, lambda: _again(sheet, form))
        if clashes:
            return _conflict(sheet.line.public_id, form, editing, clashes)
        sheet = queries.sheet(sheet.line.public_id)
        if not form.summary:
            return done(say(sheet), ".show", line_id=sheet.line.public_id, _anchor=editing)
    return page(sheet, editing=editing, form=form)


def _again(sheet: Sheet, form: PartForm) -> tuple[Sheet, Values, int]:
    fresh = queries.sheet(sheet.line.public_id)
    return fresh, form.stored(fresh, tenant().home), fresh.handling.version


def _conflict(line_id: PublicId, form: PartForm, editing: str, clashes: tuple[str, ...]) -> AnyResponse:
    sheet = queries.sheet(line_id)
    theirs = form.stored(sheet, tenant().home)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, sheet.handling.version)
    last = audit_queries.history([line_id], 1).entries
    return page(sheet, editing=editing, form=form, status=409, clashes=rows, last=last[0] if last else None)

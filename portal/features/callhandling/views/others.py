"""Beyond the one line: all of the company's, and copying one line's handling to others."""

from flask import request
from flask_babel import ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import operations, queries
from portal.features.callhandling.forms import CopyForm, replaced, titles
from portal.features.callhandling.queries import LineFilters, Sheet
from portal.features.callhandling.rules import Copied
from portal.features.callhandling.views.door import bp
from portal.features.callhandling.views.page import sheet_of
from portal.web.access import requires
from portal.web.listing import page_of, read_query
from portal.web.nav import within
from portal.web.session import customer_id, me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.get("/call-handling/lines")
@within("callhandling.own")
@requires(P.CALL_HANDLING_COMPANY)
def lines() -> AnyResponse:
    query = read_query("callhandling.lines", sorts=queries.LINE_SORTS, filters={"forwarded": ("1",), "quiet": ("1",)})
    filters = LineFilters(query.words, "forwarded" in query.values, "quiet" in query.values)
    query, page = page_of(query, lambda asked: queries.line_page(customer_id(), filters, tenant().home, **asked.window))
    return render("callhandling/lines.html", query=query, page=page, filters=filters, titles=titles())


@bp.route("/call-handling/<public_id:line_id>/copy", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING_COMPANY)
def copy(line_id: PublicId) -> AnyResponse:
    """First it is chosen, then it is said what would be replaced, then it is done."""
    sheet, form = sheet_of(line_id), CopyForm()
    form.offer(sheet)
    if request.method == "GET":
        form.parts.data = [Copied.FORWARDING.value]
    if form.validate_on_submit():
        if form.sure.data or _nothing_chosen(form):
            with form.refusals():
                return _copied(sheet, form)
        else:
            return _ask(sheet, form)
    return _choose(sheet, form)


def _nothing_chosen(form: CopyForm) -> bool:
    return not (form.chosen_parts and form.chosen_lines)


def _copied(sheet: Sheet, form: CopyForm) -> AnyResponse:
    done_to = operations.copy_handling(by=me(), source=sheet.line, to=form.chosen_lines, parts=form.chosen_parts)
    text = ngettext(
        "Call handling is copied to %(name)s.",
        "Call handling is copied to %(num)s lines.",
        len(done_to),
        name=done_to[0].display_name,
    )
    return done(text, ".show", line_id=sheet.line.public_id)


def _choose(sheet: Sheet, form: CopyForm) -> AnyResponse:
    rows = queries.lines_alike(sheet.line.customer_id, sheet.kind, sheet.line.id)
    have = {row.public_id: replaced(row, list(Copied)) for row in rows}
    return render("callhandling/copy.html", sheet=sheet, line=sheet.line, form=form, rows=rows, have=have)


def _ask(sheet: Sheet, form: CopyForm) -> AnyResponse:
    chosen = set(form.chosen_lines)
    rows = [row for row in queries.lines_alike(sheet.line.customer_id, sheet.kind, sheet.line.id) if row.public_id in chosen]
    goes = [(row, replaced(row, form.chosen_parts)) for row in rows]
    foreign = [rule for rule in sheet.rules if rule.called and rule.called != sheet.numbers[0]]
    return render(
        "callhandling/copy_sure.html",
        sheet=sheet,
        line=sheet.line,
        form=form,
        losing=[(row, what) for row, what in goes if what],
        gaining=rows,
        left_out=len(foreign) if Copied.FORWARDING in form.chosen_parts else 0,
    )

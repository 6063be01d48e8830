"""Another base number for a company: all numbers of its extensions and groups follow."""

from flask import redirect, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.numbers import queries as number_queries, rules as numbers
from portal.features.pbx import operations
from portal.features.pbx.forms.staff import BaseNumberForm
from portal.features.pbx.views.door import bp, within
from portal.features.subscribers import queries
from portal.features.subscribers.models import Kind
from portal.features.subscribers.queries import LineSheet
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render


@bp.route("/lines/<public_id:staff_line_id>/base-number", methods=["GET", "POST"])
@within("customers.index")
@requires(P.LINES_EDIT, in_person=True)
def base_number(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind is not Kind.PILOT:
        return redirect(url_for("subscribers.line", staff_line_id=staff_line_id), code=303)
    form = BaseNumberForm()
    if form.validate_on_submit():
        with form.refusals():
            lines = _changed(sheet, form.number.data or "")
            text = _("The base number is changed.")
            followed = ngettext(
                "%(num)s extension or group has a new number.", "%(num)s extensions and groups have new numbers.", lines
            )
            text = f"{text} {followed}" if lines else text
            return done(text, "subscribers.line", staff_line_id=staff_line_id)
    suggested = number_queries.next_free(sheet.line.reseller_id)
    return render(
        "pbx/staff/base_number.html", form=form, sheet=sheet, suggested=suggested, facts=queries.line_facts(sheet.customer)
    )


def _changed(sheet: LineSheet, typed: str) -> int:
    """What is refused about a number that follows is said at the one that was typed."""
    base = numbers.number(typed, sheet.home)
    try:
        return operations.change_base_number(by=me(), customer_id=sheet.customer.id, base=base)
    except Refused as refusal:
        code = "base-taken" if refusal.code == "number-taken" else refusal.code
        raise Refused(code, field="number", **refusal.facts) from None

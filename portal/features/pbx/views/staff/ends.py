"""The end of a line of any kind, with all that goes with it."""

from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import phone
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import operations as callhandling
from portal.features.pbx import operations
from portal.features.pbx.forms import PlainForm
from portal.features.pbx.views.door import bp, within
from portal.features.subscribers import queries
from portal.features.subscribers.models import Kind
from portal.features.subscribers.queries import LineSheet
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.route("/lines/<public_id:staff_line_id>/end", methods=["GET", "POST"])
@within("customers.index")
@requires(P.LINES_EDIT, in_person=True)
def end_line(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            end = operations.terminate if sheet.derived else callhandling.terminate_line
            end(by=me(), line=sheet.line)
            text = _("%(name)s is removed.", name=sheet.line.display_name)
            return done(text, "subscribers.lines", customer_id=sheet.customer.public_id)
    return render("pbx/staff/end_line.html", form=form, sheet=sheet, goes=_goes(sheet))


def _goes(sheet: LineSheet) -> list[str]:
    home_cc = tenant().home.cc
    sentences = []
    if sheet.number:
        sentences.append(_("Calls to %(number)s no longer arrive.", number=phone.spoken(sheet.number, home_cc)))
    if sheet.aliases:
        sentences.append(_further(sheet))
    if sheet.account:
        name = f"{sheet.account.username}@{sheet.domain.domain}"
        sentences.append(_("The sign-in %(name)s: it is signed out everywhere.", name=name))
    if sheet.sources:
        sentences.append(_("Calls from its trusted addresses are not accepted any more."))
    if sheet.kind is not Kind.GROUP:
        sentences.append(_("Phones signed in as %(name)s stop working. The name is free again.", name=sheet.line.username))
    return sentences


def _further(sheet: LineSheet) -> str:
    count = len(sheet.aliases)
    if sheet.derived:
        return ngettext(
            "Its further number returns to the pool of the company.",
            "Its %(num)s further numbers return to the pool of the company.",
            count,
        )
    return ngettext(
        "Its further number is free for somebody else.", "Its %(num)s further numbers are free for somebody else.", count
    )

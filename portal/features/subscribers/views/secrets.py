"""A new SIP password for a line, shown once."""

import json

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import PlainForm
from portal.features.subscribers.models import Kind
from portal.features.subscribers.views.door import PLACE, bp, within
from portal.features.subscribers.views.line import page, to_line
from portal.web import once
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done


@bp.route("/lines/<public_id:staff_line_id>/sip-password", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT, confirmed=True, in_person=True)
def line_password(staff_line_id: PublicId) -> AnyResponse:
    sheet = queries.line_sheet(staff_line_id)
    if sheet.kind is Kind.GROUP:
        return to_line(sheet)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            password = operations.renew_sip_password(by=me(), line=sheet.line)
            once.keep("line", json.dumps({"sip": password}), subject=staff_line_id)
            text = _("The new SIP password is in force; the old one has stopped working.")
            return done(text, ".line", staff_line_id=staff_line_id)
    return page(sheet, editing="access", form=form)

"""New passwords for an extension: for its phones, and for its person on the web."""

import json

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import secrets
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import PlainForm, WebPasswordForm
from portal.features.pbx.queries import Sheet
from portal.features.pbx.rules import WebPasswordWay
from portal.features.pbx.views.door import bp, within
from portal.features.pbx.views.sheet import page
from portal.features.subscribers import operations as subscribers
from portal.web import once
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done


@bp.route("/extensions/<public_id:extension_id>/sip-password", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, confirmed=True, in_person=True)
def sip_password(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            password = subscribers.renew_sip_password(by=me(), line=sheet.line)
            once.keep("access", json.dumps({"sip": password}), subject=extension_id)
            return done(
                _("The new SIP password is in force; the old one has stopped working."), ".show", extension_id=extension_id
            )
    return page(sheet, editing="access", form=form)


@bp.route("/extensions/<public_id:extension_id>/web-password", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, confirmed=True, in_person=True)
def web_password(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = WebPasswordForm().offer(sheet)
    if form.validate_on_submit():
        with form.refusals():
            text = _by_mail(sheet) if form.how.data == WebPasswordWay.MAIL else _once(sheet)
            return done(text, ".show", extension_id=extension_id)
    return page(sheet, editing="sign-in", form=form)


def _by_mail(sheet: Sheet) -> str:
    address = operations.send_web_link(by=me(), line=sheet.line)
    return _("A link to a web password is on its way to %(address)s.", address=address)


def _once(sheet: Sheet) -> str:
    made = secrets.sip_password()
    operations.set_web_password(by=me(), line=sheet.line, password=made)
    once.keep("access", json.dumps({"web": made}), subject=sheet.line.public_id)
    return _("%(name)s has a new web password and chooses their own at the next sign-in.", name=sheet.line.display_name)

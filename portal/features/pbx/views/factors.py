"""Second factors of a person whose phone is lost."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.accounts import operations as accounts
from portal.features.pbx import queries
from portal.features.pbx.forms import PlainForm
from portal.features.pbx.views.door import bp, within
from portal.features.pbx.views.sheet import page
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done


@bp.route("/extensions/<public_id:extension_id>/clear-factors", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, confirmed=True, in_person=True)
def clear_factors(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    if sheet.account is None:
        raise NotFound
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            accounts.clear_factors(by=me(), account=sheet.account)
            text = _("%(name)s signs in with the password alone until a second factor is set up again.", name=sheet.account.name)
            return done(text, ".show", extension_id=extension_id)
    return page(sheet, editing="factors", form=form)

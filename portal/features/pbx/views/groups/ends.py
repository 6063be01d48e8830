"""Removing a group."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n, phone
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import PlainForm
from portal.features.pbx.queries import GroupSheet
from portal.features.pbx.views.door import bp, within
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.route("/groups/<public_id:group_id>/remove", methods=["GET", "POST"])
@within("pbx.groups")
@requires(P.GROUPS_EDIT, in_person=True)
def remove_group(group_id: PublicId) -> AnyResponse:
    sheet = queries.group_sheet(group_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.terminate(by=me(), line=sheet.line)
            name, extension = sheet.line.display_name, sheet.line.extension
            return done(
                _("%(name)s is removed. Extension %(extension)s is free again.", name=name, extension=extension), ".groups"
            )
    return render("pbx/group_remove.html", form=form, sheet=sheet, goes=_goes(sheet))


def _goes(sheet: GroupSheet) -> list[str]:
    """What ends together with a group."""
    home_cc = tenant().home.cc
    own = phone.spoken(sheet.number, home_cc)
    sentences = [_("Calls to %(extension)s and %(number)s no longer arrive.", extension=sheet.line.extension, number=own)]
    if sheet.aliases:
        listed = i18n.listed(phone.spoken(alias.digits, home_cc) for alias in sheet.aliases)
        sentences.append(_("Further numbers return to the pool: %(numbers)s.", numbers=listed))
    leading = queries.leading_to(sheet.line)
    if leading:
        sentences.append(
            _("Calls that are forwarded to it no longer get through, those of: %(names)s.", names=i18n.listed(leading))
        )
    sentences.append(_("What it does when nobody answers, and everything else about its call handling."))
    return sentences

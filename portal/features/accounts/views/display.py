"""Language, time zone, light or dark."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.features.accounts import operations, queries
from portal.features.accounts.forms import DisplayForm
from portal.features.accounts.views.door import bp
from portal.features.accounts.views.page import page
from portal.web.access import in_person
from portal.web.session import forget_passing_choices, me
from portal.web.templating import done
from portal.web.tenant import tenant


@bp.route("/account/display", methods=["GET", "POST"])
@in_person
def display() -> Response:
    own = queries.own(me())
    form = DisplayForm(language=own.language or "", time_zone=own.time_zone or "", scheme=own.scheme or "").offer(tenant())
    if form.validate_on_submit():
        with form.refusals():
            operations.change_display(by=me(), **form.chosen())
            forget_passing_choices()
            return done(_("Saved."), ".account")
    return page(own, editing="display", form=form)

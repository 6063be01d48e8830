"""Where one is signed in."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.views.door import bp
from portal.web.access import in_person
from portal.web.session import me
from portal.web.templating import done


@bp.post("/account/sessions/<public_id:session_id>/end")
@in_person
def end_session(session_id: PublicId) -> Response:
    session = queries.other_session(me(), session_id)
    operations.end_session(by=me(), session=session)
    return done(_("You are signed out on this device: %(device)s.", device=rules.device(session.user_agent)), ".account")


@bp.post("/account/sessions/end-others")
@in_person
def end_other_sessions() -> Response:
    operations.end_other_sessions(by=me())
    return done(_("You are signed out everywhere else."), ".account")

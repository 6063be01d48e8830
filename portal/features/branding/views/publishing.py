"""From draft to what everybody sees, and back."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import Conflict
from portal.core.permissions import P
from portal.features.branding import operations, queries
from portal.features.branding.forms.publishing import PublishForm
from portal.features.branding.models import ThemeVersion
from portal.features.branding.rules.differences import differences
from portal.features.branding.rules.publishing import findings
from portal.features.branding.views.door import bp
from portal.features.branding.views.missing import missing
from portal.features.branding.views.page import page
from portal.features.branding.views.subject import Work, files_of, own, work
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import Undo, done
from portal.web.tenant import tenant

SHIPPED = 0  # the number of what came with the portal


@bp.route("/branding/publish", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def publish() -> Response:
    at, form = work(), PublishForm()
    if form.validate_on_submit():
        return _publish(at, form)
    if at.draft is None:
        return done(_("There is no draft to publish."), "branding.index", kind="info")
    return _review(at, form)


def _publish(at: Work, form: PublishForm) -> Response:
    """What was looked at must still be what is there: the draft, and beside it what everybody sees."""
    if at.draft is None or at.version != form.version.number or at.live_number != form.live.number:
        return _meanwhile(at, form)
    try:
        with form.refusals():
            operations.publish(by=me(), draft=at.draft, version=at.version, over=at.live_number, note=form.note.data or "")
            said = _("Version %(number)s is live, for everybody, at once.", number=at.draft.number)
            return done(said, "branding.index", undo=back_to(at.live))
    except Conflict:
        return _meanwhile(work(), form)
    return _review(work(), form)


def back_to(version: ThemeVersion | None) -> Undo:
    """None: to what came with the portal."""
    return Undo("branding.roll_back", {"number": version.number if version else SHIPPED})


def _review(at: Work, form: PublishForm) -> Response:
    """What publishing would change, and what is missing for it."""
    form.version.data, form.live.data = str(at.version), str(at.live_number)
    found = findings(at.files, tenant().reseller_name)
    changes = differences(files_of(at.live), at.files)
    return page("branding/publish.html", at, form=form, changes=changes, missing=missing(found.refusals))


def _meanwhile(at: Work, form: PublishForm) -> Response:
    """Somebody else was faster: what is live now against what was seen, and the draft as it stands."""
    seen = form.live.number
    before = files_of(queries.version_numbered(own(), seen) if seen else None)
    now = files_of(at.live)
    changed = at.live_number != seen
    form.version.data, form.live.data = str(at.version), str(at.live_number)
    return page(
        "branding/meanwhile.html",
        at,
        form=form,
        status=409,
        live_changed=changed,
        published=differences(before, now) if changed else [],
        changes=differences(now, at.files) if at.draft else [],
    )

"""What was published before: looked at beside another version, and gone back to."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import Refused
from portal.core.permissions import P
from portal.features.branding import operations, queries
from portal.features.branding.models import ThemeVersion
from portal.features.branding.rules.differences import differences
from portal.features.branding.views import frames
from portal.features.branding.views.door import bp
from portal.features.branding.views.page import page
from portal.features.branding.views.publishing import SHIPPED, back_to
from portal.features.branding.views.subject import Work, files_of, own, work
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, say

OFFERED = 50
DRAFT = "draft"


@bp.post("/branding/versions/<int:number>/roll-back")
@requires(P.BRANDING_EDIT)
def roll_back(number: int) -> Response:
    live = queries.published(own())
    try:
        said = _rolled_back(number)
    except Refused as refusal:
        say(refusal.sentence(), kind="bad")
        return redirect(url_for("branding.index"), code=303)
    return done(said, "branding.index", undo=back_to(live))


def _rolled_back(number: int) -> str:
    if number == SHIPPED:
        operations.take_off(by=me())
        return _("Everybody sees the look that came with the portal again.")
    again = operations.roll_back(by=me(), to=queries.version_numbered(own(), number))
    return _("Everybody sees the look of version %(number)s again, now as version %(now)s.", number=number, now=again.number)


@bp.get("/branding/versions/<int:number>")
@within("branding.index")
@requires(P.BRANDING_EDIT)
def version(number: int) -> Response:
    """Beside another one, which the address may name; else what is live, or what was live before it."""
    at, shown = work(), queries.version_numbered(own(), number)
    every = queries.versions(own(), limit=OFFERED)
    other = _other(at, shown, every)
    before = at.files if other is at.draft else files_of(other)
    return page(
        "branding/version.html",
        at,
        shown=shown,
        other=other,
        every=every,
        changes=differences(before, files_of(shown)),
        beside=list(zip(_frames(other), _frames(shown), strict=True)),
    )


def _other(at: Work, shown: ThemeVersion, every: list[ThemeVersion]) -> ThemeVersion | None:
    """None: the look that came with the portal."""
    wish = request.args.get("with", "")
    if wish == DRAFT and at.draft is not None:
        return at.draft
    named = next((one for one in every if str(one.number) == wish and one.number != shown.number), None)
    if named or at.live is None or at.live.number != shown.number:
        return named or at.live
    return next((one for one in every if one.number and shown.number and one.number < shown.number), None)


def _frames(of: ThemeVersion | None) -> list[frames.Frame]:
    params = {"number": str(of.number or 0) if of and of.number else "0" if of is None else ""}
    return [frames.one(name, {key: value for key, value in params.items() if value}) for name in ("login", "dashboard", "list")]

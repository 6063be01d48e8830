"""Private links: who sees the draft before others do."""

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import links
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.branding import operations, queries
from portal.features.branding.forms.publishing import PreviewForm
from portal.features.branding.rules.publishing import PREVIEW_DAYS
from portal.features.branding.views.door import bp
from portal.features.branding.views.drafting import drafted
from portal.features.branding.views.page import page
from portal.features.branding.views.subject import Work, own, work
from portal.web import once
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant


@bp.route("/branding/previews", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def previews() -> Response:
    at, form = work(), PreviewForm()
    if form.validate_on_submit():
        with form.refusals():
            draft, _version = drafted(at, at.version)
            made, token = operations.add_preview(by=me(), of=draft, name=form.name.data)
            once.keep("preview", token, subject=made.public_id)
            return redirect(url_for("branding.previews", made=made.public_id), code=303)
    return _page(at, form)


def _page(at: Work, form: PreviewForm) -> Response:
    listed = queries.living_previews(own())
    shown = next((one for one in listed if one.public_id == request.args.get("made")), None)
    token = once.take("preview", shown.public_id) if shown else None
    link = links.link(tenant().host, url_for("branding.see_preview", token=token)) if token else None
    return page("branding/previews.html", at, form=form, listed=listed, made=shown, link=link, days=PREVIEW_DAYS)


@bp.post("/branding/previews/<public_id:preview_id>/end")
@requires(P.BRANDING_EDIT)
def end_preview(preview_id: PublicId) -> Response:
    ended = queries.preview(own(), preview_id)
    operations.end_preview(by=me(), preview=ended)
    return done(_("The link of %(name)s no longer works.", name=ended.name), "branding.previews")

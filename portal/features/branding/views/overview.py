"""What is live, what is being worked on, where to begin, and what there was before."""

from flask import Response as Answer, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import Conflict, NotFound, Refused
from portal.core.permissions import P
from portal.features.branding import operations, queries
from portal.features.branding.forms.pictures import ZIP, ZipForm
from portal.features.branding.forms.publishing import PlainForm
from portal.features.branding.rules import archive, gallery
from portal.features.branding.rules.differences import differences
from portal.features.branding.rules.publishing import MOST_VERSIONS
from portal.features.branding.rules.theme import Scheme
from portal.features.branding.views import frames
from portal.features.branding.views.door import bp
from portal.features.branding.views.drafting import drafted
from portal.features.branding.views.page import page
from portal.features.branding.views.pictures import LARGEST_UPLOAD
from portal.features.branding.views.subject import Work, files_of, own, shipped, work
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done
from portal.web.uploads import takes

LISTED = 10
DARK_FIRST = frozenset({"nocturne", "relay"})


@bp.get("/branding")
@requires(P.BRANDING_EDIT)
def index() -> Response:
    form = ZipForm()
    if "large" in request.args:
        form.refuse(Refused("zip-too-large", field="file", size="…", limit=archive.LARGEST // 1024 // 1024))
    return _overview(work(), form)


def _overview(at: Work, form: ZipForm) -> Response:
    form.version.data = str(at.version)
    before = request.args.get("before", "")
    listed = queries.versions(own(), before=int(before) if before.isdecimal() and len(before) < 10 else None, limit=LISTED + 1)
    return page(
        "branding/overview.html",
        at,
        form=form,
        changes=differences(files_of(at.live), at.files) if at.draft else [],
        live_frame=frames.one("login", {"number": str(at.live_number)}),
        draft_frame=frames.one("login", at.params),
        gallery=_gallery(at.params),
        versions=listed[:LISTED],
        older=listed[LISTED - 1].number if len(listed) > LISTED else None,
        accept=ZIP,
        kept=MOST_VERSIONS,
    )


def _gallery(params: dict[str, str]) -> list[tuple[str, str, str, frames.Frame]]:
    """Name, title, words and a frame of each look that ships."""
    return [
        (
            name,
            title,
            _(words),
            frames.one("login", {**params, "look": name}, Scheme.DARK if name in DARK_FIRST else Scheme.LIGHT),
        )
        for name, (title, words) in gallery.LOOKS.items()
        if shipped(name)
    ]


@bp.route("/branding/begin/<look>", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def begin(look: str) -> Response:
    """With a look of the gallery. What a draft has of its own already is replaced, so that is asked once."""
    at, files = work(), shipped(look)
    if look not in gallery.LOOKS or not files:
        raise NotFound
    form = PlainForm()
    if request.method == "GET":
        form.version.data = str(at.version)
    elif form.validate_on_submit():
        with form.refusals():
            draft, version = drafted(at, form.version.number)
            operations.take_look(by=me(), draft=draft, version=version, files=files)
            return done(_("The draft has this look now. Nobody else sees it yet."), "branding.look")
    stage = frames.shown({**at.params, "look": look})
    return page("branding/begin.html", at, form=form, look=look, look_title=gallery.LOOKS[look][0], stage=stage)


@bp.route("/branding/discard", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def discard() -> Response:
    at, form = work(), PlainForm()
    if at.draft is None:
        raise NotFound
    if request.method == "GET":
        form.version.data = str(at.version)
    elif form.validate_on_submit():
        with form.refusals():
            operations.discard_draft(by=me(), draft=at.draft, version=form.version.number)
            return done(_("The draft is gone. What everybody sees has not changed."), "branding.index")
    return page("branding/discard.html", at, form=form, links=queries.previews(at.draft))


@bp.get("/branding/theme.zip")
@requires(P.BRANDING_EDIT)
def download() -> Answer:
    """Of a version by its number, else of the draft."""
    number = request.args.get("number", "")
    chosen = queries.version_numbered(own(), int(number)) if number.isdecimal() and len(number) < 10 else work().draft
    content = operations.export_zip(of=chosen) if chosen else archive.packed(work().files)
    name = f"theme-{number}.zip" if chosen and number else "theme.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Answer(content, content_type="application/zip", headers=headers)


@bp.post("/branding/upload")
@within("branding.index")
@takes(LARGEST_UPLOAD)
@requires(P.BRANDING_EDIT)
def upload() -> Response:
    form = ZipForm()
    if form.validate_on_submit():
        try:
            with form.refusals():
                operations.import_zip(by=me(), content=form.content, version=form.version.number or None)
                return done(_("The draft is this theme now. Nobody else sees it yet."), "branding.look")
        except Conflict:
            form.refuse(Refused("theme-draft-changed", field="file"))
    return _overview(work(), form)

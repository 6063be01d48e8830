"""Logos and the icon."""

import hashlib

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response

from portal.core.errors import Refused
from portal.core.permissions import P
from portal.features.branding import operations
from portal.features.branding.forms.pictures import PICTURES, PictureForm
from portal.features.branding.rules import archive, legible, pictures as rules, source
from portal.features.branding.views.door import bp
from portal.features.branding.views.drafting import drafted
from portal.features.branding.views.page import page
from portal.features.branding.views.subject import Work, work
from portal.web import errors
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done
from portal.web.uploads import drain, takes

LARGEST_UPLOAD = 3 * archive.LARGEST  # somewhat too large a file gets an answer at its field
TOO_LARGE = {
    "branding.put_picture": ("branding.pictures", "place"),
    "branding.upload": ("branding.index", "zip"),
}


@bp.get("/branding/pictures")
@within("branding.index")
@requires(P.BRANDING_EDIT)
def pictures() -> Response:
    at = work()
    forms = _forms(at)
    large = forms.get(request.args.get("large", ""))
    if large is not None:
        large.refuse(Refused("picture-too-large", field="file", size="…", limit=rules.LARGEST // 1024 // 1024))
    return _page(at, forms, large)


@bp.post('/branding/pictures/<any(logo, "logo-dark", icon):place>')
@within("branding.index")
@takes(LARGEST_UPLOAD)
@requires(P.BRANDING_EDIT)
def put_picture(place: str) -> Response:
    at = work()
    form = PictureForm.of(place)
    if form.validate_on_submit():
        with form.refusals():
            if form.seen.data != _digest(at, place):
                raise Refused("theme-picture-changed", field="file")
            draft, version = drafted(at, at.version)
            operations.put_file(by=me(), draft=draft, version=version, place=place, content=form.content)
            return done(_("Saved in the draft. Nobody else sees it yet."), "branding.pictures", _anchor=place)
    form.seen.data = _digest(at, place)
    return _page(at, {**_forms(at), place: form}, form)


@bp.post('/branding/pictures/<any(logo, "logo-dark", icon):place>/remove')
@requires(P.BRANDING_EDIT)
def remove_picture(place: str) -> Response:
    at = work()
    draft, version = drafted(at, at.version)
    operations.remove_file(by=me(), draft=draft, version=version, place=place)
    return done(_("Removed from the draft."), "branding.pictures", _anchor=place)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> Response:
    """The file cannot even be read: said at its field all the same."""
    if request.endpoint not in TOO_LARGE:
        return errors.page(413)
    drain()
    endpoint, what = TOO_LARGE[request.endpoint]
    return redirect(url_for(endpoint, large=(request.view_args or {}).get(what, what)), code=303)


def _forms(at: Work) -> dict[str, PictureForm]:
    forms = {place: PictureForm.of(place) for place in source.PICTURES}
    for place, form in forms.items():
        form.seen.data = _digest(at, place)
    return forms


def _digest(at: Work, place: str) -> str:
    """Of what is there; of nothing, nothing."""
    path = source.picture_of(at.files, place)
    return hashlib.sha256(at.files[path]).hexdigest()[:20] if path else ""


def _page(at: Work, forms: dict[str, PictureForm], refused: PictureForm | None) -> Response:
    there = {place: path for place in source.PICTURES if (path := source.picture_of(at.files, place))}
    return page(
        "branding/pictures.html",
        at,
        form=refused,
        forms=forms,
        there=there,
        hints=legible.hints(at.theme, at.files),
        accept=PICTURES,
        has_mark="mark.svg" in at.files,
    )

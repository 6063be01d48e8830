"""Pages in a brand that is not published: pictures of them, for the frames of the editor. All that they show is made up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask, Response, current_app, jsonify, request, url_for
from markupsafe import Markup

from portal.core import i18n
from portal.core.errors import NotFound
from portal.core.permissions import P
from portal.features.branding import mails
from portal.features.branding.rules.contrast import SCHEMES, WORDS, Proof, figure, prove
from portal.features.branding.rules.palette import derive
from portal.features.branding.rules.stylesheet import shapes
from portal.features.branding.rules.theme import Scheme, Theme
from portal.features.branding.rules.trying import TRIED, tried
from portal.features.branding.views.brands import Look, look
from portal.features.branding.views.door import bp
from portal.features.branding.views.subject import Files, files_named, subject
from portal.features.branding.views.wearing import brands
from portal.features.resellers.queries import HomeHost
from portal.mail.composing import compose
from portal.mail.letterhead import Recipient
from portal.web import assets, errors, security
from portal.web.access import requires
from portal.web.samples import PERSON, Sample, SampleMail, SampleOf, still
from portal.web.session import me
from portal.web.tenant import tenant

MAIL_POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Samples:
    """Pages and a mail of features that this one does not know."""

    login: SampleOf
    dashboard: SampleOf
    list: SampleOf
    mail: Callable[[], SampleMail]


def install(app: Flask, themes: Path, samples: Samples) -> None:
    """`themes`: where the looks to begin with are."""
    app.extensions["themes_dir"] = themes
    app.extensions["brand_samples"] = samples


def samples() -> Samples:
    found: Samples = current_app.extensions["brand_samples"]
    return found


@bp.get("/branding/preview/<any(login, dashboard, list, mail, error):page>")
@requires(P.BRANDING_EDIT)
def frame(page: str) -> Response:
    theme, language = wanted(), spoken()
    if page == "mail":
        return _mail(theme, language)
    scheme = request.args.get("scheme", "")
    with i18n.using(language):
        sample = _error() if page == "error" else getattr(samples(), page)()
    return still(sample, dressed(theme)[0], scheme=scheme if scheme in set(Scheme) else "", language=language)


@bp.get("/branding/preview/files/<path:path>")
@requires(P.BRANDING_EDIT)
def frame_file(path: str) -> Response:
    """A file of a brand that is not published: its style sheet, a picture, an icon."""
    files = files_named(request.args)
    made = brands().drawn(path, dressed(wanted(), files)[1], lambda: files)
    if made is None:
        raise NotFound
    return assets.answer(assets.asset(path, made), "private, no-cache")


def dressed(theme: Theme, files: Files | None = None) -> Look:
    """As templates see it, with the addresses of files that are not published."""
    own = files_named(request.args) if files is None else files
    drawn = {path: text.decode() for path, text in own.items() if path.endswith(".svg")}
    return look(theme, drawn, _address)


def _address(_digest: str, name: str) -> str:
    """With all that this request tries on, as the file depends on it."""
    asked: dict[str, Any] = {key: value for key, value in request.args.items() if key not in {"scheme", "lang"}}
    return url_for("branding.frame_file", **{**asked, "path": name})


@bp.get("/branding/preview/colours")
@requires(P.BRANDING_EDIT)
def colours() -> Response:
    """What the editor shows while somebody types: tokens for its frames, and how well all of it can be read."""
    theme = wanted()
    palette = derive(theme)
    tokens = {scheme.value: _declared(palette.of(scheme)) for scheme in Scheme}
    return jsonify(tokens={**tokens, "shapes": shapes(theme), "frame": theme.frame}, pieces=pieces(prove(palette, theme.accent)))


def pieces(proof: Proof) -> dict[str, Markup]:
    module = current_app.jinja_env.get_template("branding/_proof.html").module
    words = {"words": WORDS, "schemes": SCHEMES, "figure": figure}
    return {name: Markup(getattr(module, name)(proof, **words)) for name in ("verdict", "moved", "pairs", "accent")}  # noqa: S704 - our own


def wanted() -> Theme:
    """The theme that the address names, with what it says to try on it."""
    said = {name: value for name, value in request.args.items() if name in TRIED}
    return tried(subject(request.args), said, spoken())


def spoken() -> str:
    wish = request.args.get("lang", "")
    return wish if wish in tenant().languages else i18n.current()


def _declared(colours: Mapping[str, str]) -> dict[str, str]:
    return {f"--color-{token}": value for token, value in colours.items()}


def _error() -> Sample:
    title, text = errors.words(404)
    return Sample("errors/error.html", {"title": title, "text": text, "code": 404})


def _mail(theme: Theme, language: str) -> Response:
    here, mail = tenant(), samples().mail()
    home = HomeHost(here.host, here.theme, here.reseller_name, here.languages, here.time_zone)
    to = Recipient(
        address="", name=PERSON, language=language, time_zone=here.time_zone, reseller_id=me().reseller_id or here.reseller_id
    )
    written = compose(mail.folder, letterhead=mails.letterhead_of(theme, home, language), to=to, **mail.facts)
    return security.framed(Response(written.html, mimetype="text/html"), MAIL_POLICY)

"""The editor: each part has a page of its own, saves on its own, and shows what comes of it beside the form."""

from typing import Any

from flask import Response as Answer, abort, current_app, request
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.permissions import P
from portal.features.branding.forms.look import LookForm
from portal.features.branding.forms.names import NamesForm
from portal.features.branding.forms.texts import TextsForm
from portal.features.branding.rules import markdown, sheet
from portal.features.branding.views.door import bp
from portal.features.branding.views.drafting import edit
from portal.web.access import requires
from portal.web.nav import within
from portal.web.tenant import tenant


@bp.route("/branding/look", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def look() -> Response:
    return edit(LookForm(), "branding/look.html")


@bp.route("/branding/names", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def names() -> Response:
    return edit(NamesForm(), "branding/names.html")


@bp.route("/branding/texts", methods=["GET", "POST"])
@within("branding.index")
@requires(P.BRANDING_EDIT)
def texts() -> Response:
    spoken = request.args.get("language", "")
    language = spoken if spoken in tenant().languages else tenant().languages[0]
    form = TextsForm()
    form.language = language
    languages = [(code, i18n.own_name(code), code == language) for code in tenant().languages]
    back = {"language": language}
    return edit(form, "branding/texts.html", back=back, language=language, written_in=languages, read=_read)


def _read(text: str | None) -> Markup:
    return Markup(markdown.html(text or ""))  # noqa: S704 - reduced to what a text needs


@bp.post("/branding/texts/read")
@requires(P.BRANDING_EDIT)
def read_text() -> Answer:
    """A text in Markdown as it will read."""
    text = request.form.get("text", "")
    if len(text) > max(sheet.TEXTS.values()):
        abort(413)
    drawn: Any = current_app.jinja_env.get_template("components/prose.html").module
    return Answer(drawn.prose(_read(text)), mimetype="text/html")

"""What all pages of the editor share: state and tabs above, the frames beside."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.features.branding.forms.fields import SheetForm
from portal.features.branding.rules.contrast import prove
from portal.features.branding.rules.palette import derive
from portal.features.branding.rules.trying import TRIED, tried
from portal.features.branding.views.frames import shown
from portal.features.branding.views.preview import pieces, spoken
from portal.features.branding.views.subject import Work
from portal.web import security
from portal.web.forms import Form
from portal.web.templating import render


def page(template: str, at: Work, *, form: Form | None = None, language: str = "", **context: Any) -> Response:
    """Shows what was typed as well as what is saved."""
    trying = _tried(form)
    params = {**at.params, **({"lang": language} if language else {})}
    theme = tried(at.theme, trying, language or spoken())
    facts = {"stage": shown({**params, **trying}), **context}
    answer = render(
        template,
        form=form,
        draft=at.draft,
        live=at.live,
        params=params,
        pieces=pieces(prove(derive(theme), theme.accent)),
        tabs_of=tabs(),
        language=language,
        **facts,
    )
    return security.shows_frames(answer)


def _tried(form: Form | None) -> dict[str, str]:
    """What was sent, as frames take it."""
    if not isinstance(form, SheetForm) or not form.is_submitted():
        return {}
    return {name: value for name, value in form.typed.items() if name in TRIED}


def tabs() -> list[tuple[str, str, bool, None]]:
    named = {
        "branding.index": _("Overview"),
        "branding.look": _("Look"),
        "branding.names": _("Names and links"),
        "branding.pictures": _("Logo and icon"),
        "branding.texts": _("Texts"),
        "branding.previews": _("Private previews"),
    }
    return [(label, url_for(endpoint), request.endpoint == endpoint, None) for endpoint, label in named.items()]

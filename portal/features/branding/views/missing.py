"""What keeps a draft from being published, each with the place where it is mended."""

from collections.abc import Iterable
from typing import NamedTuple

from flask import url_for

from portal.core import i18n
from portal.core.errors import Refused
from portal.features.branding.forms.look import LookForm
from portal.features.branding.forms.names import NamesForm
from portal.features.branding.rules.differences import FILES, LABELS, TEXTS, label


class Missing(NamedTuple):
    what: str
    sentence: str
    url: str


def missing(refusals: Iterable[Refused]) -> list[Missing]:
    return [Missing(_what(refusal.field or ""), refusal.sentence(), _place(refusal.field or "")) for refusal in refusals]


def _what(key: str) -> str:
    if key in LABELS or (key.startswith("texts.") and key.rsplit(".", maxsplit=1)[-1] in TEXTS):
        return label(key)
    return i18n.gettext(FILES[key]) if key in FILES else ""


def _place(key: str) -> str:
    if key.startswith("texts"):
        _texts, language, name = [*key.split("."), "", ""][:3]
        return url_for("branding.texts", language=language or None, _anchor=name or None)
    for endpoint, keys in (("branding.look", LookForm.KEYS), ("branding.names", NamesForm.KEYS)):
        for name, known in keys.items():
            if known == key or known.startswith(f"{key}."):
                return url_for(endpoint, _anchor=name)
    return url_for("branding.pictures")

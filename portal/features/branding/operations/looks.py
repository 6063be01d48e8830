"""A look of the gallery, taken over."""

from collections.abc import Mapping

from portal.core.identity import Identity
from portal.features.branding.models import ThemeVersion
from portal.features.branding.operations.drafts import change_draft, put_file, remove_file
from portal.features.branding.rules.gallery import look_of
from portal.features.branding.rules.theme import SLOTS


def take_look(*, by: Identity, draft: ThemeVersion, version: int, files: Mapping[str, bytes]) -> ThemeVersion:
    """Colours, shapes, letters and the picture at the sign-in; names, texts and logos stay. Raises Refused, Conflict."""
    held = change_draft(by=by, draft=draft, version=version, values=look_of(files))
    for place in SLOTS:
        if place in files:
            held = put_file(by=by, draft=held, version=held.version, place=place, content=files[place])
        else:
            held = remove_file(by=by, draft=held, version=held.version, place=place)
    return held

"""A theme of the tests: the smallest that may be published."""

import io

from PIL import Image

from portal.core import db
from portal.features.branding import operations
from tests.cast import Cast

MARK = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><circle cx="12" cy="12" r="12" fill="#0a6e5c"/></svg>\n'
SHEET = """name = "Nordwind"

[look]
accent = "#0a6e5c"
tint = "oklch(0.6 0.03 180)"
radius = 8
frame = "quiet"
font = "figtree"
density = 1
scheme = ""

[links]
imprint = "https://nordwind.example/imprint"

[support]
mail = "help@nordwind.example"

[texts.en]
welcome = "Fresh wind."
sign_in_lead = "All of your calls."
help = "Ask us."
"""
FILES = {"theme.toml": SHEET.encode(), "mark.svg": MARK.encode()}
MISSING = {
    "name": "Nordwind",
    "support.mail": "help@nordwind.example",
    "texts.en.welcome": "Fresh wind.",
    "texts.en.sign_in_lead": "All of your calls.",
    "texts.en.help": "Ask us.",
}


def picture(kind: str = "PNG", size: tuple[int, int] = (300, 100), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "#0a6e5c").save(out, kind, **more)
    return out.getvalue()


def publish(cast: Cast, values: dict[str, str] | None = None, **files: bytes) -> int:
    """As tom does it; says which version it became."""
    by = cast.tom.identity
    with db.unit_of_work(cast.tom.scope):
        draft = operations.begin_draft(by=by, start=FILES)
        if values:
            draft = operations.change_draft(by=by, draft=draft, version=draft.version, values=values)
        for place, content in files.items():
            draft = operations.put_file(by=by, draft=draft, version=draft.version, place=place.replace("_", "-"), content=content)
        operations.publish(by=by, draft=draft, version=draft.version)
        return draft.id

"""A theme of the tests: the smallest that may be published."""

import io

from PIL import Image

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

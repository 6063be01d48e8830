"""Files that somebody makes to do harm, and what the portal says to each."""

import io
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

from PIL import Image

from tests.features.branding.made import FILES, MARK, SHEET, picture

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 24 24">{}</svg>'
Make = Callable[[], bytes]


def zipped(*more: tuple[str | zipfile.ZipInfo, bytes], base: bool = True, pack: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", pack) as archive:
        for name, content in FILES.items() if base else ():
            archive.writestr(name, content)
        for entry, content in more:
            archive.writestr(entry, content)
    return out.getvalue()


def entry(name: str, mode: int) -> zipfile.ZipInfo:
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, mode << 16
    return made


def patched(content: bytes, *changes: tuple[bytes, bytes]) -> bytes:
    for was, now in changes:
        assert was in content
        content = content.replace(was, now)
    return content


def encrypted() -> bytes:
    """As a packer marks it; central directory and local head."""
    content = bytearray(zipped())
    at = content.index(b"PK\x01\x02")
    content[at + 8] |= 1
    content[6] |= 1
    return bytes(content)


def lying() -> bytes:
    """Says that it holds little, and holds a lot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("logo.png", b"\0" * 40_000_000)
    content = out.getvalue()
    return patched(content, (struct.pack("<L", 40_000_000), struct.pack("<L", 60_000)))


def png(width: int, height: int, body: bytes = b"") -> bytes:
    """A head that promises so many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">L", len(data)) + kind + data + struct.pack(">L", zlib.crc32(kind + data))

    head = struct.pack(">LLBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(body)) + chunk(b"IEND", b"")


def of_kind(kind: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (200, 200)).save(out, kind)
    return out.getvalue()


def drawn(inside: str) -> Make:
    return lambda: SVG.format(inside).encode()


ZIPS: dict[str, tuple[Make, str]] = {
    "nothing": (lambda: b"", "zip-broken"),
    "no zip": (lambda: b"no zip at all" * 100, "zip-broken"),
    "half of one": (lambda: zipped()[:200], "zip-broken"),
    "damaged inside": (lambda: patched(zipped(pack=zipfile.ZIP_STORED), (b"Nordwind", b"Sordwind")), "zip-broken"),
    "too large": (lambda: b"PK" + b"\0" * 9_000_000, "zip-too-large"),
    "up and away": (lambda: zipped(("../../etc/cron.d/x", b"x")), "zip-path"),
    "up in the middle": (lambda: zipped(("slots/../../x.svg", b"x")), "zip-path"),
    "absolute": (lambda: zipped(("/etc/passwd", b"x")), "zip-path"),
    "of another system": (lambda: patched(zipped(("slotsXXdoor", b"x")), (b"slotsXXdoor", b"slots\\\\door")), "zip-path"),
    "of a drive": (lambda: zipped(("C:/windows/x", b"x")), "zip-path"),
    "cut by a zero": (lambda: patched(zipped(("mark.pngXsvg", b"x")), (b"mark.pngXsvg", b"mark.svg\0svg")), "zip-path"),
    "with a line end": (lambda: zipped(("mark\n.svg", b"x")), "zip-path"),
    "a link": (lambda: zipped((entry("logo.svg", stat.S_IFLNK | 0o777), b"/etc/passwd")), "zip-link"),
    "a device": (lambda: zipped((entry("logo.svg", stat.S_IFCHR | 0o666), b"")), "zip-link"),
    "a pipe": (lambda: zipped((entry("logo.svg", stat.S_IFIFO | 0o666), b"")), "zip-link"),
    "a name twice": (lambda: zipped(("mark.svX", b"x")).replace(b"mark.svX", b"mark.svg"), "zip-twice"),
    "a name twice but for capitals": (lambda: zipped(("MARK.SVG", b"x")), "zip-twice"),
    "a bomb of zeros": (lambda: zipped(("logo.png", b"\0" * 10_000_000)), "zip-bomb"),
    "many small ones": (lambda: zipped(*((f"logo-{at}.png", b"x") for at in range(80))), "zip-many"),
    "large together": (
        lambda: zipped(*((f"logo.{at}", bytes(range(256)) * 8_000) for at in range(7)), pack=zipfile.ZIP_STORED)[:9_000_000],
        "zip-too-large",
    ),
    "another archive": (lambda: zipped(("more.zip", zipped())), "zip-nested"),
    "another archive as a picture": (lambda: zipped(("logo.png", zipped())), "theme-problem"),
    "an archive of another kind": (lambda: zipped(("theme.tar.gz", b"\x1f\x8b")), "zip-nested"),
    "locked": (encrypted, "zip-encrypted"),
    "a name in another code": (
        lambda: patched(zipped(("l\u00f6go.svg", b"")), ("l\u00f6go".encode(), b"l\xf6\xf6go")),
        "zip-name",
    ),
    "packed strangely": (lambda: zipped(("logo.svg", MARK.encode()), pack=zipfile.ZIP_LZMA), "zip-method"),
    "a script": (lambda: zipped(("run.js", b"alert(1)")), "zip-unknown"),
    "a style sheet": (lambda: zipped(("theme.css", b"body{}")), "zip-unknown"),
    "a template": (lambda: zipped(("slots/layout.html", b"{{ config }}")), "zip-unknown"),
    "no theme": (lambda: zipped(("mark.svg", MARK.encode()), base=False), "zip-empty"),
    "a script in the mark": (
        lambda: zipped(("mark.svg", SVG.format("<script>1</script>").encode()), ("theme.toml", SHEET.encode()), base=False),
        "theme-problem",
    ),
    "template code in the slot": (
        lambda: zipped(("slots/door_art.html", SVG.format('<path d="{{ config }}"/>').encode())),
        "theme-problem",
    ),
    "no toml": (lambda: zipped(("theme.toml", b"<?php"), base=False), "theme-problem"),
    "toml that is no text": (lambda: zipped(("theme.toml", b"\xff\xfe\0"), base=False), "theme-problem"),
    "toml without an end": (lambda: zipped(("theme.toml", b"a=" + b"[" * 5_000), base=False), "theme-problem"),
    "style smuggled into a colour": (
        lambda: zipped(("theme.toml", SHEET.replace("#0a6e5c", "red;} body{display:none").encode()), base=False),
        "theme-problem-at",
    ),
    "a link that runs": (
        lambda: zipped(("theme.toml", SHEET.replace("https://nordwind.example/imprint", "javascript:1").encode()), base=False),
        "theme-problem-at",
    ),
    "pixels without an end": (lambda: zipped(("logo.png", png(30_000, 30_000))), "theme-problem"),
}

DRAWINGS: dict[str, tuple[Make, str]] = {
    "a script": (drawn("<script>alert(1)</script>"), "svg-script"),
    "a script in capitals": (drawn("<SCRIPT>alert(1)</SCRIPT>"), "svg-script"),
    "a script under another name": (
        lambda: (
            b'<svg xmlns:s="http://www.w3.org/2000/svg" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><s:script/></svg>'
        ),
        "svg-script",
    ),
    "a script hidden in metadata": (drawn("<metadata><script>1</script></metadata>"), "svg-script"),
    "an event": (drawn('<path d="M0 0" onclick="alert(1)"/>'), "svg-script"),
    "an event on loading": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1" onload="alert(1)"/>',
        "svg-script",
    ),
    "a link that runs": (drawn('<g xlink:href="java\nscript:alert(1)"/>'), "svg-script"),
    "html inside": (drawn('<foreignObject><body xmlns="http://www.w3.org/1999/xhtml"/></foreignObject>'), "svg-script"),
    "style that runs": (drawn("<style>a{width:expression(alert(1))}</style>"), "svg-script"),
    "style from elsewhere": (drawn("<style>@import url(http://x.example/)</style>"), "svg-script"),
    "a link": (drawn('<a href="#x"><path d="M0 0"/></a>'), "svg-element"),
    "a picture from elsewhere": (drawn('<image href="http://x.example/a.png"/>'), "svg-outside"),
    "a picture from this machine": (drawn('<image xlink:href="file:///etc/passwd"/>'), "svg-outside"),
    "a picture within": (drawn('<image href="data:image/png;base64,AAAA"/>'), "svg-outside"),
    "paint from elsewhere": (drawn('<path d="M0 0" fill="url(http://x.example/#a)"/>'), "svg-outside"),
    "style with an address": (drawn('<path d="M0 0" style="fill:url(//x.example/a)"/>'), "svg-outside"),
    "something used": (drawn('<use href="#a"/>'), "svg-element"),
    "something moving": (drawn('<animate attributeName="href" to="javascript:1"/>'), "svg-script"),
    "something set": (drawn('<set attributeName="x" to="1"/>'), "svg-element"),
    "an entity": (lambda: b'<!DOCTYPE svg [<!ENTITY a "b">]><svg viewBox="0 0 1 1"><path d="&a;"/></svg>', "svg-declaration"),
    "a million laughs": (
        lambda: b'<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><svg viewBox="0 0 1 1"><g id="&b;"/></svg>',
        "svg-declaration",
    ),
    "an entity of this machine": (
        lambda: b'<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]><svg viewBox="0 0 1 1"><g id="&a;"/></svg>',
        "svg-declaration",
    ),
    "as deep as a well": (drawn("<g>" * 20_000 + "</g>" * 20_000), "svg-problem"),
    "more parts than stars": (drawn('<path d=""/>' * 4_000), "svg-problem"),
    "masks in masks": (
        drawn('<mask id="a"><g mask="url(#b)"/></mask><mask id="b"><g mask="url(#a)"/></mask><g mask="url(#a)"/>'),
        "svg-problem",
    ),
    "template code": (drawn('<path d="{% include %}"/>'), "svg-problem"),
    "a stripe": (lambda: SVG.replace("0 0 24 24", "0 0 9000 1").format("").encode(), "svg-problem"),
    "without a size": (lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "svg-problem"),
    "a box of nothing": (lambda: SVG.replace("0 0 24 24", "0 0 0 0").format("").encode(), "svg-problem"),
    "too large": (lambda: SVG.format(" " * 600_000).encode(), "svg-too-large"),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", "svg-broken"),
    "half of one": (lambda: b"<svg viewBox='0 0 1 1'", "svg-broken"),
    "in a code that nobody knows": (lambda: b'<?xml version="1.0" encoding="x-evil"?><svg viewBox="0 0 1 1"/>', "svg-broken"),
}

PICTURES: dict[str, tuple[Make, str]] = {
    "fifty megabytes": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 50_000_000, "picture-too-large"),
    "nothing": (lambda: b"", "picture-unknown"),
    "a program": (lambda: b"MZ" + b"\0" * 500, "picture-unknown"),
    "an archive": (zipped, "picture-unknown"),
    "a gif": (lambda: of_kind("GIF"), "picture-unknown"),
    "a tiff": (lambda: of_kind("TIFF"), "picture-unknown"),
    "a bmp": (lambda: of_kind("BMP"), "picture-unknown"),
    "an icon file": (lambda: of_kind("ICO"), "picture-unknown"),
    "a page about it": (lambda: b"GIF89a<script>alert(1)</script>", "picture-unknown"),
    "pixels without an end": (lambda: png(30_000, 30_000), "picture-bomb"),
    "many pixels": (lambda: png(5_000, 4_000), "picture-pixels"),
    "one long line": (lambda: png(60_000, 1), "picture-shape"),
    "half of one": (lambda: picture("PNG", (400, 400))[:300], "picture-broken"),
    "half a photograph": (lambda: picture("JPEG", (400, 400))[:400], "picture-broken"),
    "without a body": (lambda: png(300, 300), "picture-broken"),
}

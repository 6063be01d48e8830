"""Static files under addresses that hold a hash of their content, so that browsers may keep them for ever."""

import gzip
import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from flask import Blueprint, Flask, Response, current_app, request

from portal.web.access import public

STATIC = Path(__file__).parent / "static"
BUNDLE = "portal.css"
BUNDLE_START = ("css/scale.css", "css/base.css", "css/layout.css")
BUNDLE_MIDDLE = "css/components/"
BUNDLE_END = ("css/frame-branded.css",)
SCRIPTS = "js/"  # share one hash: modules import each other by relative address
TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".json": "application/speculationrules+json",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
}
PRESSED = frozenset({".css", ".js", ".svg", ".webmanifest"})
FOREVER = "public, max-age=31536000, immutable"
DRAWING_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox"

_URL = re.compile(r"""url\(\s*["']?(?!data:|#)([^"')]+)["']?\s*\)""")
_TOKEN = re.compile(r""""(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|/\*.*?\*/|\s*[{};,]\s*|\s+""", re.DOTALL)

bp = Blueprint("assets", __name__)


class AssetError(Exception):
    """Something asks for a static file that does not exist."""


@dataclass(frozen=True, slots=True)
class Asset:
    path: str
    digest: str
    content: bytes = field(repr=False)
    pressed: bytes | None = field(repr=False)

    @property
    def url(self) -> str:
        return f"/assets/{self.digest}/{self.path}"

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.path).suffix


Find = Callable[[str, str], Asset | None]


class Assets:
    """The portal's own files, in memory; whoever has others is asked for them."""

    def __init__(self, folder: Path, *, watch: bool = False) -> None:
        """`watch`: files are read again whenever one of them changes. Raises AssetError."""
        self._folder = folder
        self._watch = watch
        self._elsewhere: list[Find] = []
        self._stamp = self._stamp_now()
        self._load()

    def url(self, path: str) -> str:
        """The address of a file of the static folder, or of `portal.css`, the style sheet of all pages."""
        found = self._static.get(path)
        if found is None:
            raise AssetError(f"There is no static file “{path}”.")
        return found.url

    def ask(self, find: Find) -> None:
        """Who knows of files that are not the portal's own: by digest and path."""
        self._elsewhere.append(find)

    def find(self, digest: str, path: str) -> Asset | None:
        own = self._served.get((digest, path))
        return own or next((found for find in self._elsewhere if (found := find(digest, path))), None)

    def refresh(self) -> None:
        """Looks once, when files are watched; a page asks for many."""
        if self._watch and (stamp := self._stamp_now()) != self._stamp:
            self._stamp = stamp
            self._load()

    def _stamp_now(self) -> frozenset[tuple[str, int]]:
        if not self._watch:
            return frozenset()
        return frozenset((str(path), path.stat().st_mtime_ns) for path in self._folder.rglob("*") if path.is_file())

    def _load(self) -> None:
        self._static = _build(self._folder)
        self._served = {(one.digest, one.path): one for one in self._static.values()}


def install(app: Flask, *, folder: Path = STATIC, watch: bool = False) -> Assets:
    """Gives templates `asset(path)` and serves what it points to."""
    assets = Assets(folder, watch=watch)
    app.extensions["assets"] = assets
    app.jinja_env.globals["asset"] = assets.url
    app.register_blueprint(bp)
    app.before_request(assets.refresh)
    return assets


@bp.get("/assets/<digest>/<path:path>")
@public
def serve(digest: str, path: str) -> Response:
    assets: Assets = current_app.extensions["assets"]
    found = assets.find(digest, path)
    if found is None:
        return Response("", status=404, headers={"Cache-Control": "no-store"}, mimetype="text/plain")
    return answer(found, FOREVER if found.digest == digest else "no-store")


def answer(found: Asset, keep: str) -> Response:
    """`keep`: for how long browsers may."""
    response = Response(found.content, content_type=TYPES[found.suffix])
    if found.pressed is not None:
        response.vary.add("Accept-Encoding")
        if request.accept_encodings["gzip"] > 0:
            response.set_data(found.pressed)
            response.headers["Content-Encoding"] = "gzip"
    response.headers["Cache-Control"] = keep
    response.headers["X-Content-Type-Options"] = "nosniff"
    if found.suffix == ".svg":
        response.headers["Content-Security-Policy"] = DRAWING_POLICY
    return response


def asset(path: str, content: bytes, digest: str | None = None) -> Asset:
    pressed = gzip.compress(content, 9, mtime=0) if PurePosixPath(path).suffix in PRESSED else None
    return Asset(path, digest or _digest(content), content, pressed)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:20]


def _build(folder: Path) -> dict[str, Asset]:
    files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.suffix in TYPES}
    scripts = {path: files[path].read_bytes() for path in files if path.startswith(SCRIPTS)}
    together = _digest(b"\0".join(content for pair in scripts.items() for content in (pair[0].encode(), pair[1])))
    built = {path: asset(path, content, together) for path, content in scripts.items()}
    styles = {path: files[path].read_text(encoding="utf-8") for path in files if path.endswith(".css")}
    built |= {path: asset(path, files[path].read_bytes()) for path in files if path not in styles and path not in scripts}
    return built | dict(_styles(styles, lambda path: built[path].url if path in built else None))


def _styles(styles: Mapping[str, str], url_of: Callable[[str], str | None]) -> Iterator[tuple[str, Asset]]:
    bundled = _bundle_order(styles)
    sheets = {path: text for path, text in styles.items() if path not in bundled}
    sheets[BUNDLE] = "\n".join(_linked(path, styles[path], url_of) for path in bundled)
    for path, text in sheets.items():
        linked = text if path == BUNDLE else _linked(path, text, url_of)
        yield path, asset(path, minified(linked).encode())


def _bundle_order(paths: Mapping[str, str]) -> list[str]:
    components = sorted(path for path in paths if path.startswith(BUNDLE_MIDDLE))
    return [path for path in (*BUNDLE_START, *components, *BUNDLE_END) if path in paths]


def _linked(sheet: str, text: str, url_of: Callable[[str], str | None]) -> str:
    """Addresses in style sheets are relative to the static folder."""

    def link(match: re.Match[str]) -> str:
        url = url_of(match[1])
        if url is None:
            raise AssetError(f"{sheet} refers to “{match[1]}”, which is no static file.")
        return f'url("{url}")'

    return _URL.sub(link, text)


def minified(text: str) -> str:
    """Style sheets without comments and needless space; strings stay as they are."""

    def shorten(match: re.Match[str]) -> str:
        token = match[0]
        if token[0] in "\"'":
            return token
        if token.startswith("/*"):
            return " "
        return token.strip() or " "

    once = _TOKEN.sub(shorten, text)
    return _TOKEN.sub(shorten, once).replace(";}", "}").strip() + "\n"

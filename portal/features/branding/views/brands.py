"""Themes as pages see them."""

import hashlib
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from urllib.parse import quote

from flask import g
from markupsafe import Markup

from portal.core.kept import Kept
from portal.core.tenancy import Tenant
from portal.features.branding import queries
from portal.features.branding.queries import Previewed
from portal.features.branding.queries.looks import Published
from portal.features.branding.rules import drawing, icons, markdown, source
from portal.features.branding.rules.shelf import FAVICON, STYLES, Shelf, content, shelf
from portal.features.branding.rules.theme import FONTS, LONG_TEXTS, NEUTRAL, Theme, Wordmark
from portal.web.assets import Asset, asset
from portal.web.brand import Brand, Icons, Support

MOST_LOOKS = 32 * 1024 * 1024  # bytes of texts and style sheets
MOST_FILES = 32 * 1024 * 1024  # bytes of pictures that were asked for
MOST_DRAWN = 8 * 1024 * 1024  # bytes of icons of what is not published
Look = tuple[Brand, Shelf]


class Brands:
    """The brand of each tenant, and the files of all themes: what templates and browsers ask for."""

    def __init__(self, themes: Mapping[str, Theme], folder: Path) -> None:
        self._folder = folder
        self._shipped = {name: look(theme, _drawings(folder / name), public_address) for name, theme in themes.items()}
        self._names = {(digest, file): name for name, (_, on) in self._shipped.items() for file, digest in on.digests.items()}
        self._neutral: Kept[str, Look] = Kept(1_000)
        self._looks: Kept[str, Look] = Kept(MOST_LOOKS)
        self._files: Kept[tuple[str, str], Asset] = Kept(MOST_FILES)
        self._drawn: Kept[tuple[str, str], bytes] = Kept(MOST_DRAWN)
        self._building = threading.Lock()

    def of(self, tenant: Tenant) -> Brand:
        """A tenant whose theme is not there shows its name in the neutral look, and goes on."""
        seen: Brand | None = g.get("previewed_brand")
        if seen is not None:
            return seen
        if tenant.theme_version_id is not None:
            found = queries.looks.look(tenant.theme_version_id)
            return self._of_version(found)[0] if found and found.theme else self.neutral(tenant.reseller_name)
        return self._shipped[tenant.theme][0] if tenant.theme in self._shipped else self.neutral(tenant.reseller_name)

    def neutral(self, name: str) -> Brand:
        """Of somebody who has chosen nothing."""
        found = self._neutral.get(name)
        if found is None:
            found = look(replace(NEUTRAL, brand=name), {}, public_address)
            css = public_address(_plain().digests[STYLES], STYLES)
            brand = replace(found[0], favicon_url=_as_data(found[1].texts[FAVICON]), icons=Icons(), css_url=css)
            found = brand, found[1]
            self._neutral.put(name, found)
        return found[0]

    def unpublished(self, seen: Previewed, name: str) -> Look:
        """What a private link shows. Drafts change: they are known by what they hold, and whose they are: some name no brand."""
        key = hashlib.sha256(repr((name, sorted(seen.digests.items()))).encode()).hexdigest()
        known = self._looks.get(key)
        if known is None:
            files = queries.files_of_version(seen.version_id)
            theme = source.sketch("draft", files, name)
            known = look(theme, _texts(files), draft_address)
            self._looks.put(key, known, _weight(known))
        return known

    def _of_version(self, found: Published) -> Look:
        """What is computed is computed once, however many ask at the moment when it is published."""
        known = self._looks.get(found.version)
        if known is not None:
            return known
        with self._building:
            known = self._looks.get(found.version)
            if known is None and found.theme is not None:
                known = look(found.theme, found.drawn, version_address(found.version))
                self._looks.put(found.version, known, _weight(known))
        if known is None:
            raise LookupError(found.version)
        return known

    # --- files ----------------------------------------------------------------------------------------------------------------

    def find(self, digest: str, path: str) -> Asset | None:
        """A file of a shipped theme by its digest, one of a published version by its path."""
        version, _, name = path.rpartition("/")
        key = (version or digest, name)
        return self._files.made(
            key,
            lambda: self._of_published(version, name) if version else self._of_shipped(digest, name),
            lambda found: len(found.content) + 500,
        )

    def drawn(self, name: str, on: Shelf, files: Callable[[], Mapping[str, bytes]]) -> bytes | None:
        """A file of what is not published. An icon is drawn once for all who ask, for as long as nothing of it changes."""
        if name not in icons.KINDS:
            return content(name, on, files)
        return self._drawn.made((on.digests[name], name), lambda: content(name, on, files), len)

    def _of_shipped(self, digest: str, name: str) -> Asset | None:
        if name == STYLES and digest == _plain().digests[STYLES]:
            return asset(name, _plain().texts[STYLES].encode(), digest)
        theme = self._names.get((digest, name))
        if theme is None:
            return None
        made = content(name, self._shipped[theme][1], lambda: queries.files(self._folder / theme))
        return asset(name, made, digest) if made is not None else None

    def _of_published(self, version: str, name: str) -> Asset | None:
        on = self._shelf(version)
        if on is None or name not in on.digests:
            return None
        made = queries.looks.look_icon(version, name, on.digests[name]) if name in icons.KINDS else None
        if made is None:
            made = content(name, on, lambda: queries.looks.look_files(version))
        return asset(f"{version}/{name}", made, on.digests[name]) if made is not None else None

    def _shelf(self, version: str) -> Shelf | None:
        known = self._looks.get(version)
        if known is not None:
            return known[1]
        key = queries.looks.version_of(version)
        found = queries.looks.look(key) if key is not None else None
        return self._of_version(found)[1] if found and found.theme else None


def public_address(digest: str, name: str) -> str:
    return f"/assets/{digest}/{name}"


def version_address(version: str) -> Callable[[str, str], str]:
    return lambda digest, name: f"/assets/{digest}/{version}/{name}"


def draft_address(digest: str, name: str) -> str:
    """For those who may see what is not published."""
    return f"/branding/files/{digest}/{name}"


def look(theme: Theme, drawn: Mapping[str, str], address: Callable[[str, str], str]) -> Look:
    """A theme as templates see it, and its files; `address` says where browsers find those."""
    on = shelf(theme, drawn, address)
    urls = {name: address(digest, name) for name, digest in on.digests.items()}
    return Brand(
        name=theme.brand,
        mark=_mark(theme, urls),
        wordmark=_wordmark(theme),
        frame=theme.frame,
        css_url=urls[STYLES],
        favicon_url=urls.get(FAVICON, ""),
        lean=theme.lean or "",
        fonts=FONTS[theme.font].files,
        support=Support(theme.support_mail, theme.support_phone),
        texts={language: _short(said) for language, said in theme.texts.items()},
        addresses=theme.links,
        icons=Icons(urls["icon-32.png"], urls["icon-180.png"], urls["app.webmanifest"]),
        logo=_logo(theme, urls),
        art=Markup(theme.slots.get("slots/door_art.html", "")),  # noqa: S704 - drawings are checked when the theme is read
        pages={language: _long(said) for language, said in theme.texts.items()},
    ), on


@cache
def _plain() -> Shelf:
    """The style sheet of the neutral look is the same for everybody."""
    return shelf(NEUTRAL, {}, public_address)


def _drawings(folder: Path) -> dict[str, str]:
    return _texts(queries.files(folder)) if folder.is_dir() else {}


def _texts(files: Mapping[str, bytes]) -> dict[str, str]:
    return {path: text.decode(errors="replace") for path, text in files.items() if path.endswith(".svg")}


def _short(said: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in said.items() if key not in LONG_TEXTS}


def _long(said: Mapping[str, str]) -> dict[str, Markup]:
    return {key: Markup(markdown.html(said[key])) for key in LONG_TEXTS if said.get(key, "").strip()}  # noqa: S704 - sanitised


def _mark(theme: Theme, urls: Mapping[str, str]) -> Markup:
    if not theme.mark and "icon" in theme.pictures:
        return Markup('<img src="{}" alt="" width="192" height="192">').format(urls["icon-192.png"])
    return Markup(theme.mark or drawing.inline(drawing.sign(theme.brand)))  # noqa: S704 - checked, or our own


def _logo(theme: Theme, urls: Mapping[str, str]) -> Markup:
    """One for each scheme; where there is no dark one, the light one serves in both."""
    light, dark = theme.pictures.get("logo"), theme.pictures.get("logo-dark")
    if light is None:
        return Markup()
    there = [("brand-logo", light)] if dark is None else [("brand-logo brand-light", light), ("brand-logo brand-dark", dark)]
    return Markup().join(
        Markup('<img class="{}" src="{}" alt="{}" width="{}" height="{}">').format(
            names, urls[one.path], theme.brand, one.width, one.height,
        )
        for names, one in there
    )


def _wordmark(theme: Theme) -> Markup:
    if theme.drawn_wordmark:
        return Markup(theme.drawn_wordmark)  # noqa: S704 - as above
    words = theme.wordmark or Wordmark(theme.brand)
    light = Markup('<span class="wordmark-light">{}</span>').format(words.light) if words.light else ""
    return Markup('<span class="wordmark">{}{}</span>').format(words.strong, light)


def _as_data(text: str) -> str:
    return "data:image/svg+xml," + quote(text)


def _weight(known: Look) -> int:
    brand, on = known
    pages = sum(len(text) for said in brand.pages.values() for text in said.values())
    return 4_000 + sum(map(len, on.texts.values())) + len(brand.art) + len(brand.mark) + pages

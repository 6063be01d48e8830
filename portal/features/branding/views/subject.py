"""What is being worked on: the draft, or what one would begin from; and which theme an address names."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import current_app

from portal.core.errors import NotFound
from portal.features.branding import operations, queries
from portal.features.branding.models import ThemeVersion
from portal.features.branding.queries import folders
from portal.features.branding.rules import gallery, source
from portal.features.branding.rules.differences import said
from portal.features.branding.rules.theme import Theme
from portal.web.session import me
from portal.web.tenant import tenant

Files = Mapping[str, bytes]


@dataclass(frozen=True)
class Work:
    """`files`: those of the draft; without one, of what is live, from which one would begin."""

    live: ThemeVersion | None
    draft: ThemeVersion | None
    files: Files

    @property
    def values(self) -> Mapping[str, str]:
        """What theme.toml says, by key."""
        return said(self.files)

    @property
    def version(self) -> int:
        return self.draft.version if self.draft else 0

    @property
    def theme(self) -> Theme:
        return sketched(self.files)

    @property
    def params(self) -> dict[str, str]:
        """How the addresses of frames name it."""
        return {"v": str(self.version)}

    @property
    def live_number(self) -> int:
        """0 as long as nothing was published."""
        return (self.live.number or 0) if self.live else 0


def own() -> int:
    """The reseller of whoever is signed in: staff have one, the operator the platform's."""
    found = me().reseller_id
    if found is None:
        raise NotFound
    return found


def work() -> Work:
    draft, live = queries.draft(own()), queries.published(own())
    return Work(live, draft, files_of(draft or live))


def files_of(version: ThemeVersion | None) -> Files:
    """Of a version; of the theme that the reseller was given, as long as it has published none; else of nobody’s greys."""
    if version is not None:
        return queries.version_files(version)
    return shipped(queries.shipped_theme(own())) or operations.plain_files(tenant().reseller_name)


def shipped(name: str) -> Files:
    """Of a theme that came with the portal; none where there is no such theme."""
    return _folders().get(name, {})


def _folders() -> Mapping[str, Files]:
    return _read(current_app.extensions["themes_dir"])


@cache
def _read(folder: Path) -> Mapping[str, Files]:
    return {path.name: queries.files(path) for path in folders.folders_in(folder)}


def sketched(files: Files) -> Theme:
    return source.sketch("draft", files, tenant().reseller_name)


def files_named(args: Mapping[str, str]) -> Files:
    """Of a version by its number (0: the theme that the reseller was given), or of what is being worked on."""
    number = args.get("number", "")
    if number.isdecimal() and len(number) < 10:
        return files_of(queries.version_numbered(own(), int(number)) if int(number) else None)
    return work().files


def subject(args: Mapping[str, str]) -> Theme:
    """What the address of a frame names; with the look of a theme of the gallery, where it says so."""
    theme, look = sketched(files_named(args)), args.get("look", "")
    return gallery.dressed(theme, sketched(shipped(look))) if look in gallery.LOOKS else theme

"""What this process knows of published themes. They never change, so what was read once stays right; only so much is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from sqlalchemy import Select, select

from portal.core import db
from portal.core.ids import PublicId
from portal.core.kept import Kept
from portal.core.tenancy import Scope
from portal.features.branding.models import State, ThemeFile, ThemeIcon, ThemeVersion
from portal.features.branding.rules import source
from portal.features.branding.rules.theme import Theme, ThemeError

MOST_KEPT = 32 * 1024 * 1024  # bytes of what was written and drawn
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Published:
    """A version that everybody may see. `theme` is None when it cannot be read any more."""

    version: PublicId
    theme: Theme | None
    drawn: Mapping[str, str]  # its drawings as files, by path


_kept: Kept[int, Published] = Kept(MOST_KEPT)


def forget() -> None:
    _kept.forget()


def look(version_id: int) -> Published | None:
    """None when there is no such version. At most one statement, in the unit of work if there is one."""
    found = _kept.get(version_id)
    if found is None:
        rows = _rows(_files().where(ThemeVersion.id == version_id))
        found = _published(rows)
        if found is not None:
            _kept.put(version_id, found, _weight(found))
    return found


def look_files(version: str) -> dict[str, bytes]:
    """All files of a published version, by its public id; nothing when there is none."""
    return {row.path: row.content for row in _rows(_files().where(ThemeVersion.public_id == version))}


def look_icon(version: str, name: str, digest: str) -> bytes | None:
    """As it was drawn when this version was published; None when it would be drawn otherwise today."""
    wanted = select(ThemeIcon.content).join(ThemeVersion, ThemeVersion.id == ThemeIcon.version_id)
    wanted = wanted.where(ThemeVersion.public_id == version, ThemeVersion.state == State.PUBLISHED)
    found = _rows(wanted.where(ThemeIcon.name == name, ThemeIcon.digest == digest))
    return found[0].content if found else None


def version_of(version: str) -> int | None:
    """The key of a published version."""
    wanted = select(ThemeVersion.id).where(ThemeVersion.public_id == version, ThemeVersion.state == State.PUBLISHED)
    return next((row.id for row in _rows(wanted)), None)


def _files() -> Select[PublicId, str, bytes]:
    return (
        select(ThemeVersion.public_id, ThemeFile.path, ThemeFile.content)
        .join(ThemeFile, ThemeFile.version_id == ThemeVersion.id)
        .where(ThemeVersion.state == State.PUBLISHED)
    )


def _rows(statement: Select[*tuple[Any, ...]]) -> list[Any]:
    if db.ambient_scope() is not None:
        return list(db.session().execute(statement))
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        return list(session.execute(statement))


def _published(rows: list[Any]) -> Published | None:
    if not rows:
        return None
    return read(rows[0].public_id, {row.path: row.content for row in rows})


def read(version: PublicId, files: Mapping[str, bytes]) -> Published:
    """A version that cannot be read is said in the log, and no reason for its people not to be answered."""
    try:
        theme = source.read(version, files)
    except ThemeError as error:
        log.warning("a published theme cannot be read", version=version, trouble=str(error).partition("\n")[0])
        return Published(version, None, {})
    return Published(version, theme, {path: source.text_of(files, path) for path in files if path.endswith(".svg")})


def _weight(found: Published) -> int:
    theme = found.theme
    if theme is None:
        return 1_000
    said = sum(len(text) for spoken in theme.texts.values() for text in spoken.values())
    drawn = len(theme.mark) + len(theme.drawn_wordmark) + sum(map(len, (*theme.slots.values(), *found.drawn.values())))
    return 2_000 + said + drawn

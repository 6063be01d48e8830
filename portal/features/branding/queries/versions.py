"""The versions of a reseller's theme. One statement each."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, func, select

from portal.core import clock, db, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.branding.models import State, ThemeFile, ThemePreview, ThemeVersion
from portal.features.resellers.models import Reseller, Status

PAGE = 25


def reseller_named(name: str) -> int | None:
    """Of those that are not terminated."""
    wanted = Reseller.name_sort == i18n.sort_key(name), Reseller.status != Status.TERMINATED
    return db.session().scalar(select(Reseller.id).where(*wanted))


def draft(reseller_id: int) -> ThemeVersion | None:
    """What is being worked on."""
    mine = ThemeVersion.reseller_id == reseller_id, ThemeVersion.state == State.DRAFT
    return db.session().scalar(select(ThemeVersion).where(*mine))


def published(reseller_id: int) -> ThemeVersion | None:
    """What everybody sees; None as long as it is the shipped theme."""
    live = and_(Reseller.id == ThemeVersion.reseller_id, Reseller.theme_version_id == ThemeVersion.id)
    return db.session().scalar(select(ThemeVersion).join(Reseller, live).where(ThemeVersion.reseller_id == reseller_id))


def shipped_theme(reseller_id: int) -> str:
    """The name of the theme that a reseller has until it publishes its own."""
    return db.session().scalars(select(Reseller.theme).where(Reseller.id == reseller_id)).one()


def versions(reseller_id: int, *, before: int | None = None, limit: int = PAGE) -> list[ThemeVersion]:
    """Those that were published, the newest first; `before` is the number at which the page before ended."""
    mine = select(ThemeVersion).where(ThemeVersion.reseller_id == reseller_id, ThemeVersion.state == State.PUBLISHED)
    older = mine if before is None else mine.where(ThemeVersion.number < before)
    return list(db.session().scalars(older.order_by(ThemeVersion.number.desc()).limit(limit)))


def version(reseller_id: int, public_id: str) -> ThemeVersion:
    """A draft or a published one. Raises NotFound."""
    mine = ThemeVersion.reseller_id == reseller_id, ThemeVersion.public_id == public_id
    found = db.session().scalar(select(ThemeVersion).where(*mine))
    if found is None:
        raise NotFound
    return found


def version_numbered(reseller_id: int, number: int) -> ThemeVersion:
    """Raises NotFound."""
    mine = ThemeVersion.reseller_id == reseller_id, ThemeVersion.number == number
    found = db.session().scalar(select(ThemeVersion).where(*mine))
    if found is None:
        raise NotFound
    return found


def version_files(of: ThemeVersion) -> dict[str, bytes]:
    """What it consists of, by path."""
    mine = ThemeFile.reseller_id == of.reseller_id, ThemeFile.version_id == of.id
    rows = db.session().execute(select(ThemeFile.path, ThemeFile.content).where(*mine).order_by(ThemeFile.path))
    return {path: content for path, content in rows}  # noqa: C416 - rows are no pairs for mypy


def files_of_version(version_id: int) -> dict[str, bytes]:
    """The same, by key."""
    rows = db.session().execute(select(ThemeFile.path, ThemeFile.content).where(ThemeFile.version_id == version_id))
    return {path: content for path, content in rows}  # noqa: C416 - rows are no pairs for mypy


def draft_file(reseller_id: int, digest: str, path: str) -> bytes | None:
    """A file of any version of a reseller, published or not."""
    mine = ThemeFile.reseller_id == reseller_id, ThemeFile.digest == digest, ThemeFile.path == path
    return db.session().scalar(select(ThemeFile.content).where(*mine).limit(1))


def newest_number(reseller_id: int) -> int:
    return db.session().scalar(select(func.max(ThemeVersion.number)).where(ThemeVersion.reseller_id == reseller_id)) or 0


def previews(of: ThemeVersion) -> list[ThemePreview]:
    """The private links to it that still work, the newest first."""
    mine = ThemePreview.reseller_id == of.reseller_id, ThemePreview.version_id == of.id
    alive = ThemePreview.ended_at.is_(None), ThemePreview.expires_at > clock.now()
    return list(db.session().scalars(select(ThemePreview).where(*mine, *alive).order_by(ThemePreview.id.desc())))


def living_previews(reseller_id: int) -> list[ThemePreview]:
    """All private links of a reseller that still work, the newest first."""
    alive = ThemePreview.ended_at.is_(None), ThemePreview.expires_at > clock.now()
    mine = select(ThemePreview).where(ThemePreview.reseller_id == reseller_id, *alive)
    return list(db.session().scalars(mine.order_by(ThemePreview.id.desc())))


def preview(reseller_id: int, public_id: str) -> ThemePreview:
    """Raises NotFound."""
    mine = ThemePreview.reseller_id == reseller_id, ThemePreview.public_id == public_id
    found = db.session().scalar(select(ThemePreview).where(*mine))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True)
class Previewed:
    """What somebody with a private link may see, and until when."""

    preview: PublicId
    version_id: int
    version: PublicId
    name: str
    until: datetime
    digests: Mapping[str, str]  # of its files, by path


def previewed(reseller_id: int, token_hash: bytes) -> Previewed | None:
    """What this token shows; None when it does not, or no longer."""
    rows = db.session().execute(
        select(ThemePreview, ThemeVersion.public_id, ThemeFile.path, ThemeFile.digest)
        .join(ThemeVersion, ThemeVersion.id == ThemePreview.version_id)
        .join(ThemeFile, ThemeFile.version_id == ThemeVersion.id)
        .where(
            ThemePreview.reseller_id == reseller_id,
            ThemePreview.token_hash == token_hash,
            ThemePreview.ended_at.is_(None),
            ThemePreview.expires_at > clock.now(),
        ),
    )
    found = rows.all()
    if not found:
        return None
    seen, version_id = found[0][0], found[0][1]
    digests = {row.path: row.digest for row in found}
    return Previewed(seen.public_id, seen.version_id, version_id, seen.name, seen.expires_at, digests)

"""A draft, held so that nobody else changes it meanwhile."""

import hashlib
from collections.abc import Mapping

from sqlalchemy import delete, select, update
from sqlalchemy.orm.attributes import flag_modified

from portal.core import clock, db
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.features.branding.models import State, ThemeFile, ThemeIcon, ThemePreview, ThemeVersion
from portal.features.branding.rules import source
from portal.features.branding.rules.shelf import icons_of
from portal.features.branding.rules.theme import Theme
from portal.features.resellers.models import Reseller


def owner(by: Identity) -> int:
    if by.reseller_id is None:
        raise NotFound
    return by.reseller_id


def hold_reseller(reseller_id: int) -> None:
    """One at a time publishes, or begins a draft, of one brand."""
    db.session().execute(select(Reseller.id).where(Reseller.id == reseller_id).with_for_update(key_share=True)).one()


def hold_draft(by: Identity, draft: ThemeVersion, version: int) -> ThemeVersion:
    """As it is now. Raises Conflict when it is not the version that was seen, Refused when it is no draft any more."""
    mine = select(ThemeVersion).where(ThemeVersion.id == draft.id, ThemeVersion.reseller_id == owner(by))
    held = db.session().scalar(mine.with_for_update().execution_options(populate_existing=True))
    if held is None:
        raise Refused("theme-gone-meanwhile")
    if held.state != State.DRAFT:
        raise Refused("theme-published-meanwhile", name=held.published_by_name, number=held.number)
    if held.version != version:
        raise Conflict(held.version)
    return held


def touch(held: ThemeVersion) -> None:
    """It counts as changed although only its files are."""
    held.changed_at = clock.now()
    flag_modified(held, "changed_at")  # within the same moment, too
    db.session().flush()


def put(held: ThemeVersion, path: str, content: bytes) -> None:
    """In place of what had this path."""
    drop(held, path)
    db.session().add(
        ThemeFile(
            reseller_id=held.reseller_id,
            version_id=held.id,
            path=path,
            digest=hashlib.sha256(content).hexdigest()[:20],
            content=content,
        ),
    )
    db.session().flush()


def put_all(held: ThemeVersion, files: Mapping[str, bytes]) -> None:
    """These and no others."""
    db.session().execute(delete(ThemeFile).where(ThemeFile.reseller_id == held.reseller_id, ThemeFile.version_id == held.id))
    for path in sorted(files):
        put(held, path, files[path])


def put_icons(held: ThemeVersion, theme: Theme, files: Mapping[str, bytes]) -> None:
    """Drawn by whoever publishes, not by whoever visits."""
    for name, (digest, content) in icons_of(theme, files).items():
        row = {"reseller_id": held.reseller_id, "version_id": held.id, "name": name, "digest": digest, "content": content}
        db.session().add(ThemeIcon(**row))
    db.session().flush()


def drop(held: ThemeVersion, *paths: str) -> int:
    of = ThemeFile.reseller_id == held.reseller_id, ThemeFile.version_id == held.id, ThemeFile.path.in_(paths)
    return len(db.session().execute(delete(ThemeFile).where(*of).returning(ThemeFile.path)).all())


def sheet_of(held: ThemeVersion) -> bytes:
    of = ThemeFile.reseller_id == held.reseller_id, ThemeFile.version_id == held.id, ThemeFile.path == source.SHEET
    return db.session().scalar(select(ThemeFile.content).where(*of)) or b""


def go_live(reseller_id: int, version_id: int | None) -> None:
    """What every process hears of: the row's trigger rings. What others edit of the reseller meanwhile is none of this."""
    db.session().execute(update(Reseller).where(Reseller.id == reseller_id).values(theme_version_id=version_id))


def forget_older(reseller_id: int, before: int) -> None:
    """Versions whose number is lower, with all that belongs to them; but for the one that everybody sees."""
    live = select(Reseller.theme_version_id).where(Reseller.id == reseller_id, Reseller.theme_version_id.is_not(None))
    old = select(ThemeVersion.id).where(
        ThemeVersion.reseller_id == reseller_id,
        ThemeVersion.state == State.PUBLISHED,
        ThemeVersion.number < before,
        ThemeVersion.id.not_in(live),
    )
    gone = list(db.session().scalars(old))
    for table in (ThemePreview, ThemeIcon, ThemeFile):
        db.session().execute(delete(table).where(table.reseller_id == reseller_id, table.version_id.in_(gone)))
    db.session().execute(delete(ThemeVersion).where(ThemeVersion.reseller_id == reseller_id, ThemeVersion.id.in_(gone)))

"""Working on a brand that nobody sees yet."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete

from portal.core import audit, db
from portal.core.audit import CHANGED, Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.branding import queries
from portal.features.branding.models import State, ThemeFile, ThemePreview, ThemeVersion
from portal.features.branding.operations import held as holding
from portal.features.branding.rules import archive, fields, pictures, source
from portal.features.branding.rules.theme import ThemeError

LONGEST_TRACED = 120  # signs of a value that the log keeps


def begin_draft(*, by: Identity, start: ThemeVersion | Mapping[str, bytes] | None = None, name: str = "") -> ThemeVersion:
    """A draft that begins as a version, as the files of a shipped theme, or as what everybody sees; else as a plain one.

    The one that is there already is answered as it is: there is one draft, and whoever comes second works on it too.
    `name`: what the brand is called in a plain one.
    """
    reseller_id = holding.owner(by)
    holding.hold_reseller(reseller_id)
    there = queries.draft(reseller_id)
    if there is not None:
        return there
    origin = queries.published(reseller_id) if start is None else start
    files = queries.version_files(origin) if isinstance(origin, ThemeVersion) else origin
    made = ThemeVersion(
        reseller_id=reseller_id,
        state=State.DRAFT.value,
        based_on=origin.number if isinstance(origin, ThemeVersion) else None,
        by_name=by.name,
    )
    db.session().add(made)
    db.session().flush()
    holding.put_all(made, files or plain_files(name))
    audit.record(Event.THEME_DRAFT_BEGUN, by=by, subject=made.public_id, based_on=made.based_on)
    return made


def plain_files(name: str) -> dict[str, bytes]:
    """What a brand begins with that has chosen nothing yet."""
    sheet = fields.written(fields.plain(name))
    return {source.SHEET: sheet.encode()}


def change_draft(*, by: Identity, draft: ThemeVersion, version: int, values: Mapping[str, str]) -> ThemeVersion:
    """Values of theme.toml by their keys (“look.accent”); an empty one takes it away, others stay as they are.

    What cannot be is refused at the key; what is missing still is no reason to refuse before the draft is published.
    Raises Refused, Conflict.
    """
    held = holding.hold_draft(by, draft, version)
    was = _parsed(held)
    now = fields.changed(was, values)
    before, after = fields.values(was), fields.values(now)
    if before == after:
        return held
    holding.put(held, source.SHEET, fields.written(now).encode())
    holding.touch(held)
    audit.record(Event.THEME_DRAFT_CHANGED, by=by, subject=held.public_id, **_traced(before, after))
    return held


def _parsed(held: ThemeVersion) -> dict[str, Any]:
    try:
        return source.parsed({source.SHEET: holding.sheet_of(held)})
    except ThemeError:
        return {}


def _traced(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, Any]:
    keys = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    said = sorted({key.split(".")[1] for key in keys if key.startswith("texts.")})
    pairs = {key: (_short(before.get(key)), _short(after.get(key))) for key in keys if not key.startswith("texts.")}
    return {**pairs, **({"languages_said": said} if said else {})}


def _short(value: str | None) -> str | None:
    return value if value is None or len(value) <= LONGEST_TRACED else CHANGED


def put_file(*, by: Identity, draft: ThemeVersion, version: int, place: str, content: bytes) -> ThemeVersion:
    """A picture or drawing in its place: “logo”, “logo-dark”, “icon”, or the path of a drawing (“mark.svg”).

    What it is, is decided by what it holds; it is drawn anew or reduced before it is kept. Raises Refused, Conflict.
    """
    held = holding.hold_draft(by, draft, version)
    if place not in (*source.PICTURES, *source.DRAWINGS):
        raise Refused("theme-no-place", field=place)
    path, kept = archive.clean(place, content)
    if place in source.PICTURES:
        holding.drop(held, *_paths(place))
    holding.put(held, path, kept)
    holding.touch(held)
    audit.record(Event.THEME_DRAFT_CHANGED, by=by, subject=held.public_id, files=[path])
    return held


def remove_file(*, by: Identity, draft: ThemeVersion, version: int, place: str) -> ThemeVersion:
    held = holding.hold_draft(by, draft, version)
    if holding.drop(held, *_paths(place)):
        holding.touch(held)
        audit.record(Event.THEME_DRAFT_CHANGED, by=by, subject=held.public_id, files=[place])
    return held


def _paths(place: str) -> list[str]:
    return [f"{place}.{suffix}" for suffix in pictures.SUFFIXES] if place in source.PICTURES else [place]


def discard_draft(*, by: Identity, draft: ThemeVersion, version: int) -> None:
    """With its files and the links to it. Raises Refused, Conflict."""
    held = holding.hold_draft(by, draft, version)
    for table in (ThemePreview, ThemeFile):
        db.session().execute(delete(table).where(table.reseller_id == held.reseller_id, table.version_id == held.id))
    audit.record(Event.THEME_DRAFT_DISCARDED, by=by, subject=held.public_id)
    db.session().delete(held)
    db.session().flush()


def replace_draft(by: Identity, draft: ThemeVersion, version: int, files: Mapping[str, bytes]) -> ThemeVersion:
    """All of its files at once."""
    held = holding.hold_draft(by, draft, version)
    holding.put_all(held, files)
    holding.touch(held)
    audit.record(Event.THEME_DRAFT_CHANGED, by=by, subject=held.public_id, files=sorted(files))
    return held

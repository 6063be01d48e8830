"""What everybody sees from now on."""

from collections.abc import Mapping

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.features.branding import queries
from portal.features.branding.models import State, ThemeVersion
from portal.features.branding.operations import held as holding
from portal.features.branding.rules import archive
from portal.features.branding.rules.palette import Move
from portal.features.branding.rules.publishing import LONGEST_NOTE, MOST_VERSIONS, Findings, findings


def publish(*, by: Identity, draft: ThemeVersion, version: int, over: int | None = None, note: str = "") -> tuple[Move, ...]:
    """Says which colours were moved so that all can be read. Raises Refused at the first thing that keeps it from being
    shown, Conflict when somebody changed the draft since it was looked at, or what everybody sees.

    `over`: the number of what everybody saw then, 0 for none; left out, it does not matter.
    """
    reseller_id = holding.owner(by)
    said = _note(note)
    holding.hold_reseller(reseller_id)
    held = holding.hold_draft(by, draft, version)
    live = queries.published(reseller_id) if over is not None else None
    if over is not None and over != (live.number if live else 0):
        raise Conflict(held.version)
    files = queries.version_files(held)
    found = findings(files, held.by_name)
    if not found.ready:
        raise found.refusals[0]
    holding.put_icons(held, found.theme, files)
    _make_live(by, held, said)
    audit.record(
        Event.THEME_PUBLISHED,
        by=by,
        subject=held.public_id,
        label=str(held.number),
        note=said,
        based_on=held.based_on,
    )
    return found.moves


def roll_back(*, by: Identity, to: ThemeVersion, note: str = "") -> ThemeVersion:
    """An older version again, under a new number; the draft, if there is one, stays. Raises Refused."""
    reseller_id = holding.owner(by)
    said = _note(note)
    holding.hold_reseller(reseller_id)
    live = queries.published(reseller_id)
    if to.reseller_id != reseller_id or to.state != State.PUBLISHED:
        raise NotFound
    if live is not None and live.id == to.id:
        raise Refused("theme-live")
    again, _found = _new(by, queries.version_files(to), said, based_on=to.number)
    audit.record(
        Event.THEME_ROLLED_BACK,
        by=by,
        subject=again.public_id,
        label=str(again.number),
        note=said,
        based_on=to.number,
    )
    return again


def take_off(*, by: Identity) -> None:
    """What came with the portal shows again, as before anything was published; all versions stay. Raises Refused."""
    reseller_id = holding.owner(by)
    holding.hold_reseller(reseller_id)
    if queries.published(reseller_id) is None:
        raise Refused("theme-live")
    holding.go_live(reseller_id, None)
    audit.record(Event.THEME_TAKEN_OFF, by=by)


def publish_files(*, by: Identity, files: Mapping[str, bytes], note: str = "") -> tuple[ThemeVersion, tuple[Move, ...]]:
    """A whole theme at once, from a folder; the draft, if there is one, stays as it is. Raises Refused."""
    said = _note(note)
    kept = archive.cleaned(files)
    holding.hold_reseller(holding.owner(by))
    made, found = _new(by, kept, said)
    audit.record(Event.THEME_PUBLISHED, by=by, subject=made.public_id, label=str(made.number), note=said, files=sorted(kept))
    return made, found.moves


def _new(
    by: Identity, files: Mapping[str, bytes], note: str | None, based_on: int | None = None
) -> tuple[ThemeVersion, Findings]:
    found = findings(files, by.name)
    if not found.ready:
        raise found.refusals[0]
    reseller_id = holding.owner(by)
    made = ThemeVersion(reseller_id=reseller_id, based_on=based_on, by_name=by.name, **_published(by, reseller_id, note))
    db.session().add(made)
    db.session().flush()
    holding.put_all(made, files)
    holding.put_icons(made, found.theme, files)
    _go_live(made)
    return made, found


def _note(note: str) -> str | None:
    said = " ".join(note.split())
    if len(said) > LONGEST_NOTE:
        raise Refused("theme-note-long", field="note", limit=LONGEST_NOTE)
    return said or None


def _make_live(by: Identity, held: ThemeVersion, note: str | None) -> None:
    for name, value in _published(by, held.reseller_id, note).items():
        setattr(held, name, value)
    db.session().flush()
    _go_live(held)


def _go_live(made: ThemeVersion) -> None:
    """Only so many older ones are kept."""
    holding.go_live(made.reseller_id, made.id)
    holding.forget_older(made.reseller_id, before=(made.number or 0) - MOST_VERSIONS + 1)


def _published(by: Identity, reseller_id: int, note: str | None) -> dict[str, object]:
    return {
        "state": State.PUBLISHED.value,
        "number": queries.newest_number(reseller_id) + 1,
        "note": note,
        "published_at": clock.now(),
        "published_by_name": by.name,
    }

"""Files with contacts: read and kept until somebody says yes, written in one go, and taken back."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from portal.core import clock, db, ids
from portal.core.audit import Event
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.lines import one_line
from portal.core.phone import Home
from portal.features.phonebook import queries, rules
from portal.features.phonebook.models import Entry, Kept
from portal.features.phonebook.operations.access import check_may_write, hold_room, keep, told
from portal.features.phonebook.operations.entries import write_all
from portal.features.phonebook.queries import Book

FILE = "file"
LONGEST_FILE_NAME = 100


@dataclass(frozen=True)
class Imported:
    """How many entries were added, and the key to take them away again."""

    added: int
    key: PublicId


@dataclass(frozen=True)
class TakenBack:
    """`stayed`: changed since they were imported, and so somebody's work."""

    removed: int
    stayed: int


def read_file(*, by: Identity, book: Book, name: str, data: bytes, languages: Collection[str], home: Home) -> Kept:
    """Nothing is written into a phonebook yet. Raises Refused for a file that holds no contacts."""
    check_may_write(by=by, own=book is Book.MINE)
    stored = rules.as_stored(rules.judge(rules.read(data, languages), home))
    db.session().execute(delete(Kept).where(Kept.kind == FILE, Kept.at < clock.now() - queries.WAITS))
    shown = one_line(name)[-LONGEST_FILE_NAME:]
    return keep(by, FILE, name=shown, own=book is Book.MINE, content=stored, at=queries.kept(by.public_id, FILE))


def write_file(*, by: Identity, key: PublicId) -> Imported:
    """What is new in the file that was read: all of it or nothing. Raises NotFound when another one was read since."""
    kept = _kept(by, key)
    check_may_write(by=by, own=kept.own)
    whom, book = queries.reader(by), Book.MINE if kept.own else Book.COMPANY
    hold_room(whom, book, 0)
    preview = rules.compare(rules.from_stored(kept.content), queries.known_keys(whom, book))
    if not preview.new:
        raise Refused("contacts-nothing-new")
    hold_room(whom, book, len(preview.new))
    imported = ids.new()
    write_all(whom, [one.content for one in preview.new], own=kept.own, imported=imported)
    told(Event.PHONEBOOK_IMPORTED, by, own=kept.own, label=kept.name, added=len(preview.new))
    db.session().delete(kept)
    db.session().flush()
    return Imported(len(preview.new), imported)


def drop_file(*, by: Identity, key: PublicId) -> None:
    db.session().delete(_kept(by, key))
    db.session().flush()


def undo_import(*, by: Identity, book: Book, key: PublicId) -> TakenBack:
    """Entries of an import go again but for those that somebody has changed. Raises Refused when there are none."""
    own = book is Book.MINE
    check_may_write(by=by, own=own)
    whom = queries.reader(by)
    imported = queries.seen(whom, book=book) & (Entry.imported == key)
    total = db.session().scalar(select(func.count()).select_from(Entry).where(imported)) or 0
    gone = db.session().scalars(delete(Entry).where(imported, Entry.version == 1).returning(Entry.id)).all()
    if not gone:
        raise Refused("contact-back")
    told(Event.PHONEBOOK_IMPORT_UNDONE, by, own=own, label="", removed=len(gone))
    return TakenBack(len(gone), total - len(gone))


def _kept(by: Identity, key: PublicId) -> Kept:
    kept = queries.waiting_file(by.public_id)
    if kept is None or kept.public_id != key:
        raise NotFound
    return kept

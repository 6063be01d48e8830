"""One entry, and what the operations have to know of a phonebook."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.phonebook.models import Entry, EntryNumber, Kept
from portal.features.phonebook.queries.reader import Book, Reader, seen
from portal.features.phonebook.rules import Key, Label, Numbered

WAITS = timedelta(hours=12)  # for somebody to say yes to a file


def entry(whom: Reader, public_id: PublicId) -> Entry:
    """As it is stored now. Raises NotFound, also for a colleague's own."""
    wanted = select(Entry).where(seen(whom), Entry.public_id == public_id)
    found = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found


def numbers_of(entry: Entry) -> tuple[Numbered, ...]:
    """In their order. One statement."""
    wanted = select(EntryNumber.label, EntryNumber.digits).where(EntryNumber.entry_id == entry.id).order_by(EntryNumber.position)
    return tuple(Numbered(Label(label), digits) for label, digits in db.session().execute(wanted))


def counted(whom: Reader, book: Book) -> int:
    """How many entries there are."""
    return db.session().scalar(select(func.count()).select_from(Entry).where(seen(whom, book=book))) or 0


def known_keys(whom: Reader, book: Book) -> frozenset[Key]:
    """By which entries of a book are known again. One statement."""
    wanted = select(Entry.name_sort, EntryNumber.digits).join(EntryNumber, EntryNumber.entry_id == Entry.id)
    rows = db.session().execute(wanted.where(seen(whom, book=book)))
    return frozenset((name, digits) for name, digits in rows)


def kept(account: PublicId | None, kind: str) -> Kept | None:
    """What waits for somebody."""
    return db.session().scalars(select(Kept).where(Kept.account == account, Kept.kind == kind)).first()


def waiting_file(account: PublicId | None) -> Kept | None:
    """The file that somebody has read and not written yet."""
    found = kept(account, "file")
    return found if found is not None and found.at > clock.now() - WAITS else None

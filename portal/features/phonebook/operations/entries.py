"""Entries: added, changed, removed, and brought back."""

from collections.abc import Iterable, Sequence

from sqlalchemy import delete, insert
from sqlalchemy.orm.attributes import flag_modified

from portal.core import db, i18n, ids
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.core.phone import Home
from portal.features.phonebook import queries, rules
from portal.features.phonebook.models import Entry, EntryNumber
from portal.features.phonebook.operations.access import check_may_write, hold_room, keep, owner_of, told
from portal.features.phonebook.queries import Book, Reader
from portal.features.phonebook.rules import Content, Numbered

Typed = Iterable[tuple[str, str]]
REMOVED = "removed"


def add(
    *,
    by: Identity,
    book: Book,
    name: str,
    numbers: Typed,
    home: Home,
    company: str | None = None,
    email: str | None = None,
    note: str | None = None,
) -> Entry:
    """A new entry in the company's phonebook or one's own; `numbers`: pairs of a label and a number typed in any way."""
    own = book is Book.MINE
    check_may_write(by=by, own=own)
    content = rules.content(name=name, company=company, email=email, note=note, numbers=numbers, home=home)
    hold_room(queries.reader(by), book)
    entry = written(queries.reader(by), content, own=own)
    told(Event.PHONEBOOK_ENTRY_ADDED, by, own=own, subject=entry.public_id, label=entry.name, numbers=_digits(content.numbers))
    return entry


def change_person(
    *, by: Identity, entry: Entry, version: int, name: str, company: str | None, email: str | None, note: str | None
) -> Entry:
    """All but the numbers. Raises Conflict when somebody has changed it since it was at this version."""
    _hold(by, entry, version)
    content = rules.check_person(name=name, company=company, email=email, note=note)
    fresh = {"name": content.name, "company": content.company, "email": content.email, "note": content.note}
    changes = {what: (getattr(entry, what), now) for what, now in fresh.items() if getattr(entry, what) != now}
    if changes:
        _fill(entry, content)
        db.session().flush()
        _told_change(by, entry, **changes)
    return entry


def change_numbers(*, by: Identity, entry: Entry, version: int, numbers: Typed, home: Home) -> Entry:
    """Raises Conflict when somebody has changed the entry since it was at this version."""
    _hold(by, entry, version)
    now = rules.check_numbers(numbers, home)
    if now != queries.numbers_of(entry):
        db.session().execute(delete(EntryNumber).where(EntryNumber.entry_id == entry.id))
        db.session().add_all(_numbers(entry, now))
        flag_modified(entry, "name")  # a new version: whoever edits this entry now is told
        db.session().flush()
        _told_change(by, entry, numbers=_digits(now))
    return entry


def remove(*, by: Identity, entry: Entry) -> PublicId:
    """The entry goes, and is kept for whoever removed it until the next one. Gives the key to bring it back."""
    own = entry.subscriber_id is not None
    check_may_write(by=by, own=own)
    content = Content(entry.name, entry.company, entry.email, entry.note, queries.numbers_of(entry))
    stored: dict[str, object] = {"entry": rules.entry_as_stored(content), "public_id": entry.public_id}
    at = queries.kept(by.public_id, REMOVED)
    kept = keep(by, REMOVED, name=entry.name, own=own, content=stored, at=at)
    db.session().execute(delete(Entry).where(Entry.id == entry.id))
    told(Event.PHONEBOOK_ENTRY_REMOVED, by, own=own, subject=entry.public_id, label=entry.name, numbers=_digits(content.numbers))
    return kept.public_id


def bring_back(*, by: Identity, key: PublicId) -> Entry:
    """Undoes a removal. Raises Refused when something else was removed since."""
    kept = queries.kept(by.public_id, REMOVED)
    if kept is None or kept.public_id != key:
        raise Refused("contact-back")
    check_may_write(by=by, own=kept.own)
    hold_room(queries.reader(by), Book.MINE if kept.own else Book.COMPANY)
    content = rules.entry_from_stored(kept.content["entry"])
    entry = written(queries.reader(by), content, own=kept.own, public_id=kept.content["public_id"])
    db.session().delete(kept)
    digits = _digits(content.numbers)
    told(Event.PHONEBOOK_ENTRY_ADDED, by, own=kept.own, subject=entry.public_id, label=entry.name, numbers=digits)
    return entry


def written(whom: Reader, content: Content, *, own: bool, public_id: PublicId | None = None) -> Entry:
    """An entry as it is stored, with its numbers. Rights and room are the caller's."""
    entry = Entry(**_owner(whom, own=own), public_id=public_id or ids.new())
    _fill(entry, content)
    db.session().add(entry)
    db.session().flush()
    db.session().add_all(_numbers(entry, content.numbers))
    db.session().flush()
    return entry


def write_all(whom: Reader, contents: Sequence[Content], *, own: bool, imported: PublicId) -> None:
    """Many at once, in two statements for all of them."""
    owner = _owner(whom, own=own)
    rows = [{**owner, **_columns(content), "public_id": ids.new(), "imported": imported} for content in contents]
    wanted = insert(Entry).returning(Entry.id, sort_by_parameter_order=True)
    keys = db.session().scalars(wanted, rows).all()
    numbers = [
        {**owner, "entry_id": key, "position": position, "label": number.label.value, "digits": number.digits}
        for key, content in zip(keys, contents, strict=True)
        for position, number in enumerate(content.numbers)
    ]
    db.session().execute(insert(EntryNumber), numbers)


def _owner(whom: Reader, *, own: bool) -> dict[str, int | None]:
    subscriber_id = whom.subscriber_id if own else None
    return {"reseller_id": whom.reseller_id, "customer_id": whom.customer_id, "subscriber_id": subscriber_id}


def _columns(content: Content) -> dict[str, str | None]:
    return {
        "name": content.name,
        "name_sort": i18n.sort_key(content.name),
        "company": content.company,
        "company_sort": i18n.sort_key(content.company) if content.company else None,
        "email": content.email,
        "note": content.note,
    }


def _fill(entry: Entry, content: Content) -> None:
    for name, value in _columns(content).items():
        setattr(entry, name, value)


def _numbers(entry: Entry, numbers: Iterable[Numbered]) -> list[EntryNumber]:
    return [
        EntryNumber(
            entry_id=entry.id,
            position=position,
            reseller_id=entry.reseller_id,
            customer_id=entry.customer_id,
            subscriber_id=entry.subscriber_id,
            label=number.label.value,
            digits=number.digits,
        )
        for position, number in enumerate(numbers)
    ]


def _hold(by: Identity, entry: Entry, version: int) -> None:
    check_may_write(by=by, own=entry.subscriber_id is not None)
    db.session().refresh(entry, with_for_update={"key_share": True})
    if entry.version != version:
        raise Conflict(entry.version)


def _told_change(by: Identity, entry: Entry, **details: object) -> None:
    own = owner_of(entry) is Book.MINE
    told(Event.PHONEBOOK_ENTRY_CHANGED, by, own=own, subject=entry.public_id, label=entry.name, **details)


def _digits(numbers: Iterable[Numbered]) -> list[str]:
    return [number.digits for number in numbers]

"""Imports and their rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select

from portal.core import db
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.features.accounts.models import Account, AccountToken, Purpose, Status as AccountStatus
from portal.features.pbx.models import Import, ImportRow, ImportState
from portal.features.pbx.rules import files
from portal.features.pbx.rules.plan_rows import Trouble, Verdict
from portal.features.subscribers.models import Subscriber

RUNNING = (ImportState.CHECKING, ImportState.WRITING, ImportState.UNDOING)
UNWRITTEN = (ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED)


@dataclass(frozen=True)
class ColumnView:
    """A column of an uploaded file: its heading, its first values, the field that it is taken for."""

    place: int
    header: str
    sample: tuple[str, ...]
    field: str | None


@dataclass(frozen=True)
class RowPage:
    rows: Sequence[ImportRow]
    total: int


def run(public_id: PublicId) -> Import:
    """Raises NotFound."""
    found = db.session().scalars(select(Import).where(Import.public_id == public_id)).first()
    if found is None:
        raise NotFound
    return found


def by_key(key: int) -> Import | None:
    return db.session().scalars(select(Import).where(Import.id == key)).first()


def latest(customer_id: int, limit: int = 50, offset: int = 0) -> list[Import]:
    """The newest first, without those that were dropped."""
    every = select(Import).where(Import.customer_id == customer_id, Import.state != ImportState.DROPPED)
    return list(db.session().scalars(every.order_by(Import.id.desc()).limit(limit).offset(offset)))


def running(customer_id: int) -> Import | None:
    """The one that is under way."""
    return db.session().scalars(select(Import).where(Import.customer_id == customer_id, Import.state.in_(RUNNING))).first()


def unwritten(customer_id: int, kind: str) -> list[Import]:
    """Those that came to nothing so far."""
    every = select(Import).where(Import.customer_id == customer_id, Import.kind == kind, Import.state.in_(UNWRITTEN))
    return list(db.session().scalars(every.order_by(Import.id).with_for_update(key_share=True)))


def columns(imported: Import) -> list[ColumnView]:
    """Of an uploaded file; without a file there are none."""
    chosen, sample = imported.options.get("columns", []), imported.options.get("sample", [])
    return [
        ColumnView(place, header, tuple(cells[place] for cells in sample if place < len(cells)), chosen[place])
        for place, header in enumerate(imported.options.get("headers", []))
    ]


def matching(imported: Import) -> files.Matching:
    """Its columns as they are taken now; says which are left out, and what is in the way."""
    return files.chosen(imported.kind, imported.options.get("headers", []), imported.options.get("columns", []))


def rows(imported: Import, verdict: str | None = None, *, words: str = "", limit: int, offset: int = 0) -> RowPage:
    """In the order of the file. One statement."""
    wanted = select(ImportRow, func.count().over()).where(ImportRow.import_id == imported.id)
    if verdict:
        wanted = wanted.where(ImportRow.verdict == verdict)
    if words:
        typed = [ImportRow.values[name].astext.icontains(words, autoescape=True) for name in _searched(imported.kind)]
        wanted = wanted.where(or_(*typed))
    found = db.session().execute(wanted.order_by(ImportRow.line).limit(limit).offset(offset)).all()
    return RowPage([row for row, _total in found], found[0][1] if found else 0)


def _searched(kind: str) -> list[str]:
    return [field.name for field in files.FIELDS[kind]]


def secrets(imported: Import) -> list[Any]:
    """(extension, name, SIP user name, SIP password) of new extensions, in the order of the file."""
    found = (
        select(Subscriber.extension, Subscriber.display_name, Subscriber.username, ImportRow.secret)
        .join(Subscriber, Subscriber.public_id == ImportRow.subject)
        .where(ImportRow.import_id == imported.id, ImportRow.secret.is_not(None))
    )
    return list(db.session().execute(found.order_by(ImportRow.line)))


def has_secrets(imported: Import) -> bool:
    """Whether its passwords can still be taken."""
    some = select(ImportRow.line).where(ImportRow.import_id == imported.id, ImportRow.secret.is_not(None)).limit(1)
    return db.session().scalar(some) is not None


def uninvited(imported: Import) -> list[int]:
    """Accounts of new extensions that nobody has written to since."""
    since = AccountToken.account_id == Account.id, AccountToken.purpose == Purpose.INVITATION
    invited = select(AccountToken.id).where(*since, AccountToken.created_at >= imported.written_at).exists()
    wanted = (
        select(Account.id)
        .join(Subscriber, Subscriber.id == Account.subscriber_id)
        .join(ImportRow, ImportRow.subject == Subscriber.public_id)
        .where(ImportRow.import_id == imported.id, ImportRow.verdict == Verdict.NEW, Account.status == AccountStatus.ACTIVE)
        .where(Account.email.is_not(None), Account.password_hash.is_(None), ~invited)
    )
    return list(db.session().scalars(wanted.order_by(ImportRow.line)))


def troubles(row: ImportRow) -> list[Trouble]:
    """What is in the way of a row; each says its sentence."""
    return [Trouble(*one) for one in row.troubles]


def trouble(imported: Import) -> str:
    """What came in the way of the whole, as a sentence; empty when nothing did."""
    found = imported.trouble
    return Refused(found["code"], **found["facts"]).sentence() if found else ""

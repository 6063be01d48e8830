"""The blueprint, and what all its pages share."""

from collections.abc import Sequence

from flask import Blueprint

from portal.core.audit import AuditEntry
from portal.core.permissions import P
from portal.features.audit import rules as audit
from portal.features.phonebook import queries
from portal.features.phonebook.queries import Book, Facts, Reader
from portal.features.subscribers.rules import Level
from portal.web.session import me
from portal.web.tenant import tenant

bp = Blueprint("phonebook", __name__, template_folder="../templates")


def told(entries: Sequence[AuditEntry]) -> list[audit.Told]:
    return audit.told(entries, reader=me().public_id, home_cc=tenant().home.cc)


def reader() -> Reader:
    return queries.reader(me())


def writable(facts: Facts) -> list[Book]:
    """The phonebooks that whoever is signed in may write into, the one they are likeliest to mean first."""
    books = [Book.COMPANY] if me().can(P.PHONEBOOK_COMPANY) else []
    return [*books, Book.MINE] if facts.level is Level.CHANGE else books

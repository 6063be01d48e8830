"""The page of one entry."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.phonebook import queries, rules
from portal.features.phonebook.models import Entry
from portal.features.phonebook.rules import Numbered
from portal.features.phonebook.views.door import bp as bp, reader, told
from portal.features.subscribers.rules import Level
from portal.web.session import me
from portal.web.templating import render

LATEST = 5


@dataclass(frozen=True)
class Shown:
    """`may_change`: whoever is signed in may change this entry."""

    entry: Entry
    numbers: Sequence[Numbered]
    may_change: bool

    @property
    def own(self) -> bool:
        return self.entry.subscriber_id is not None


def entry_of(entry_id: PublicId) -> Shown:
    """Raises NotFound."""
    entry = queries.entry(reader(), entry_id)
    own = entry.subscriber_id is not None
    may_change = queries.level(reader()) is Level.CHANGE if own else me().can(P.PHONEBOOK_COMPANY)
    return Shown(entry, queries.numbers_of(entry), may_change)


def page(shown: Shown, *, editing: str = "", status: int | None = None, **context: Any) -> Response:
    """Whoever runs the company sees what was done with its entries."""
    history = audit_queries.history([shown.entry.public_id], LATEST) if me().can(P.PHONEBOOK_COMPANY) and not shown.own else None
    return render(
        "phonebook/entry.html",
        status=status,
        shown=shown,
        entry=shown.entry,
        numbers=shown.numbers,
        labels=rules.LABELS,
        editing=editing,
        history=told(history.entries) if history else None,
        **context,
    )

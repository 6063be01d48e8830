"""Whose calls: a company's, or one line's."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement

from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.permissions import P
from portal.features.calls.models import CallRecord
from portal.features.phonebook import queries as phonebook
from portal.features.phonebook.queries import Reader


@dataclass(frozen=True)
class Whose:
    """`subscriber_id` None: the company's list, in which a call between two of its lines stands once.

    `reader`: whose phonebooks have names for the numbers.
    """

    reseller_id: int
    customer_id: int
    subscriber_id: int | None = None
    reader: Reader | None = None

    @property
    def company(self) -> bool:
        return self.subscriber_id is None

    def tenant(self, of: Any = CallRecord) -> tuple[ColumnElement[bool], ...]:
        return of.reseller_id == self.reseller_id, of.customer_id == self.customer_id

    def records(self, of: Any = CallRecord) -> tuple[ColumnElement[bool], ...]:
        """`of`: call_record, or another name for it."""
        if self.company:
            return *self.tenant(of), of.in_company
        return *self.tenant(of), of.subscriber_id == self.subscriber_id

    def line(self, subscriber_id: int) -> "Whose":
        return Whose(self.reseller_id, self.customer_id, subscriber_id, self.reader)


def whose(who: Identity) -> Whose:
    """What somebody may see: a pilot the company's calls, others those of their own line. Raises NotFound for staff."""
    if who.reseller_id is None or who.customer_id is None:
        raise NotFound
    if who.can(P.CALLS_COMPANY):
        return Whose(who.reseller_id, who.customer_id, reader=phonebook.reader(who))
    if who.subscriber_id is None:
        raise NotFound
    return Whose(who.reseller_id, who.customer_id, who.subscriber_id, phonebook.reader(who))

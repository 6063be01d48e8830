"""Whose calls: a company's, or one line's."""

from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement

from portal.core.errors import NotFound
from portal.core.identity import Identity
from portal.core.permissions import P
from portal.features.calls.models import CallRecord
from portal.features.customers.models import Customer
from portal.features.phonebook import queries as phonebook
from portal.features.phonebook.queries import Reader


@dataclass(frozen=True)
class Whose:
    """`subscriber_id` None: the company's list, in which a call between two of its lines stands once.

    `reader`: whose phonebooks have names for the numbers. `costs`: whether what calls cost is shown.
    """

    reseller_id: int
    customer_id: int
    subscriber_id: int | None = None
    reader: Reader | None = None
    costs: bool = True

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
        return replace(self, subscriber_id=subscriber_id)


def whose(who: Identity) -> Whose:
    """What somebody may see: a pilot the company's calls, others those of their own line.

    Raises NotFound for staff, also those who view as somebody and are not shown calls.
    """
    if who.reseller_id is None or who.customer_id is None or not who.can(P.CALLS_VIEW):
        raise NotFound
    if who.can(P.CALLS_COMPANY):
        return Whose(who.reseller_id, who.customer_id, None, phonebook.reader(who), who.can(P.CALL_COSTS))
    if who.subscriber_id is None:
        raise NotFound
    return Whose(who.reseller_id, who.customer_id, who.subscriber_id, phonebook.reader(who), who.can(P.CALL_COSTS))


def of_customer(who: Identity, customer: Customer) -> Whose:
    """A customer's calls as the provider's staff see them: as the company does, without its phonebook."""
    if not who.can(P.CUSTOMER_CALLS):
        raise NotFound
    return Whose(customer.reseller_id, customer.id, costs=who.can(P.CALL_COSTS))

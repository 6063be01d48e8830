"""What ends with a line, besides the line itself."""

from collections.abc import Collection

from sqlalchemy import delete

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.callhandling.models import BlockEntry, CallerList, Forward, LineHandling, SpeedDial, TimeSet
from portal.features.customers.queries import hold as hold_customer
from portal.features.numbers import operations as numbers, queries as number_queries
from portal.features.phonebook import operations as phonebook
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Kind, Subscriber

# Forwards go before the times and callers that they depend on.
OWN = (Forward, BlockEntry, SpeedDial, LineHandling, TimeSet, CallerList)


def forget_company(customer_id: int) -> None:
    """All that the lines of a customer do with calls, what they share for it, and their phonebooks."""
    for table in OWN:
        db.session().execute(delete(table).where(table.customer_id == customer_id))
    phonebook.forget_company(customer_id)


def forget_line(*, line: Subscriber) -> None:
    """All that a line does with calls, and its own phonebook. What others have set to lead to it stays, and leads nowhere."""
    forget_lines([line.id])


def forget_lines(keys: Collection[int]) -> None:
    """The same for many lines at once."""
    for table in OWN:
        db.session().execute(delete(table).where(table.subscriber_id.in_(keys)))
    phonebook.forget_lines(keys)


def terminate_line(*, by: Identity, line: Subscriber) -> None:
    """Ends a pilot or a regular subscriber; its numbers are released. A pilot can only end when it is alone."""
    hold_customer(line.customer_id)
    line = subscriber_queries.hold(line)
    if line.kind == Kind.PILOT and subscriber_queries.lines_in_use(line.customer_id) > 1:
        raise Refused("pilot-stays")
    primary = number_queries.primary_of(line.id)
    every = [*([primary] if primary else []), *number_queries.aliases_of(line.id)]
    forget_line(line=line)
    subscribers.end_line(line=line)
    numbers.release(numbers=every)
    subscribers.record(Event.EXTENSION_TERMINATED, by=by, line=line, kind=line.kind, numbers=[number.digits for number in every])

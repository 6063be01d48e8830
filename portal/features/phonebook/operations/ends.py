"""What ends with a line."""

from collections.abc import Collection

from sqlalchemy import delete

from portal.core import db
from portal.features.phonebook.models import Entry, Kept


def forget_company(customer_id: int) -> None:
    """Its phonebook, those of its lines, and files that were read and not taken over."""
    for table in (Entry, Kept):
        db.session().execute(delete(table).where(table.customer_id == customer_id))


def forget_lines(keys: Collection[int]) -> None:
    """The lines' own phonebooks; what they have put into the company's stays."""
    db.session().execute(delete(Entry).where(Entry.subscriber_id.in_(keys)))

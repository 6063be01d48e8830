"""What ends with a line."""

from collections.abc import Collection

from sqlalchemy import delete

from portal.core import db
from portal.features.phonebook.models import Entry


def forget_lines(keys: Collection[int]) -> None:
    """The lines' own phonebooks; what they have put into the company's stays."""
    db.session().execute(delete(Entry).where(Entry.subscriber_id.in_(keys)))

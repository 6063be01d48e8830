"""What ends with a line."""

from sqlalchemy import delete

from portal.core import db
from portal.features.phonebook.models import Entry
from portal.features.subscribers.models import Subscriber


def forget_line(*, line: Subscriber) -> None:
    """The line's own phonebook; what it has put into the company's stays."""
    db.session().execute(delete(Entry).where(Entry.subscriber_id == line.id))

"""What was seen in the DNS is written past the version of a row: nobody who edits it meanwhile is told of a change."""

from sqlalchemy import update

from portal.core import db
from portal.features.resellers.models import SipDomain, WebHost


def keep(table: type[SipDomain | WebHost], key: int, **values: object) -> None:
    db.session().execute(update(table).where(table.id == key).values(**values))

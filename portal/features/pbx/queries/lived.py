from collections.abc import Collection

from sqlalchemy import ColumnElement, or_, select

from portal.core import db
from portal.core.ids import PublicId
from portal.core.rows import among
from portal.features.accounts.models import Account
from portal.features.callhandling.models import BlockEntry, CallerList, Forward, LineHandling, SpeedDial, TimeSet
from portal.features.phonebook.models import Entry
from portal.features.subscribers.models import Subscriber

OWN = (Forward, LineHandling, BlockEntry, SpeedDial, TimeSet, CallerList, Entry)


def lived_in(public_ids: Collection[PublicId]) -> list[str]:
    """The names of those of these lines whose people have signed in, or for which something has been set. One statement."""
    signed_in = select(Account.id).where(Account.subscriber_id == Subscriber.id, Account.last_sign_in_at.is_not(None))
    signs: list[ColumnElement[bool]] = [
        signed_in.correlate(Subscriber).exists(),
        *(select(table.customer_id).where(table.subscriber_id == Subscriber.id).correlate(Subscriber).exists() for table in OWN),
    ]
    wanted = select(Subscriber.display_name).where(among(Subscriber.public_id, public_ids), or_(*signs))
    return list(db.session().scalars(wanted.order_by(Subscriber.extension_number)))

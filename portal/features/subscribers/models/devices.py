from datetime import datetime

from sqlalchemy import DateTime, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer


class Registration(OfCustomer, db.Base):
    """A telephone that is signed in at a line now. The switch writes them; the portal reads them, and signs one off.

    Moments without a zone are the switch’s own, in UTC. Whose it is was said by the database when it was written.
    """

    __tablename__ = "location"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_location_subscriber",
        ),
        {"schema": "kamailio"},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId]
    ruid: Mapped[str]  # what the switch itself tells them apart by
    username: Mapped[str]
    domain: Mapped[str | None]
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int]
    user_agent: Mapped[str]
    contact: Mapped[str]
    received: Mapped[str | None]  # where it was heard from, when that is not what it says itself
    socket: Mapped[str | None]
    instance: Mapped[str | None]
    expires: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    last_modified: Mapped[datetime] = mapped_column(DateTime(timezone=False))  # when it last said that it is there
    since: Mapped[datetime]

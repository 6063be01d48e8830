from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db


class SwitchNode(db.Base):
    """What workers have heard of a Kamailio; `name` is where it is asked, like 127.0.0.1:5062."""

    __tablename__ = "switch_node"

    name: Mapped[str] = mapped_column(primary_key=True)
    asked_at: Mapped[datetime | None]
    answered_at: Mapped[datetime | None]
    up_since: Mapped[datetime | None]
    trouble: Mapped[str | None]  # why it gave no answer when it was asked last
    reloaded_at: Mapped[datetime | None]

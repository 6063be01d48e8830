from datetime import datetime

from sqlalchemy import ARRAY, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db


class WorkerBeat(db.Base):
    """A worker process that says every few seconds that it is there; `lanes` are the kinds of work that it does."""

    __tablename__ = "worker_beat"

    id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    lanes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime]

"""How a worker says that it is there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from portal.core import clock, db
from portal.features.platform.models import WorkerBeat

FORGOTTEN_AFTER = timedelta(days=7)


@dataclass(frozen=True)
class Beat:
    """One worker process. `place`: the machine and the process there."""

    id: str
    place: str
    lanes: Sequence[str]
    started_at: datetime


def beat(own: Beat) -> None:
    """Seen now. Workers that ended without a word a week ago are forgotten."""
    now = clock.now()
    row = {"id": own.id, "place": own.place, "lanes": list(own.lanes), "started_at": own.started_at, "seen_at": now}
    seen = insert(WorkerBeat).values(row).on_conflict_do_update(index_elements=["id"], set_={"seen_at": now})
    db.session().execute(seen)
    db.session().execute(delete(WorkerBeat).where(WorkerBeat.seen_at < now - FORGOTTEN_AFTER))


def gone(own: Beat) -> None:
    """It was told to stop."""
    db.session().execute(delete(WorkerBeat).where(WorkerBeat.id == own.id))

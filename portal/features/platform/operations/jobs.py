from sqlalchemy import func, select

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.identity import Identity


def retry_jobs(*, by: Identity, kind: str) -> int:
    """What has failed so far and waits for another try is tried now. Says how many pieces of work that are."""
    number = db.session().scalar(select(func.retry_jobs(kind, clock.now()))) or 0
    audit.record(Event.JOBS_HASTENED, by=by, label=kind, jobs=number)
    return number

"""What costs little each time, and is no failure, but must not come as a flood."""

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from portal.core import clock, db
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts.models import SignInTrouble
from portal.features.accounts.rules import Pace


def keep(key: bytes, allowed: Pace) -> None:
    """Counts one, for good, whatever follows. Raises Refused to whoever is too quick."""
    now = clock.now()
    first = insert(SignInTrouble).values(key=key, failures=0, last_at=now, wait_until=now + allowed.every)
    again = first.on_conflict_do_update(
        index_elements=["key"],
        set_={"last_at": now, "wait_until": func.greatest(SignInTrouble.wait_until, now) + allowed.every},
        where=SignInTrouble.wait_until < now + allowed.every * allowed.at_once,
    )
    with db.unit_of_work(Scope.platform()) as session:
        counted = session.scalar(again.returning(SignInTrouble.wait_until))
    if counted is None:
        raise Refused("sign-in-wait", wait=allowed.every)

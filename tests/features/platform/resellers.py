"""A reseller made in one go, for tests."""

from typing import Any

from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.platform import operations
from portal.features.platform.operations import Wish
from portal.features.resellers.models import Reseller
from portal.features.subscribers.models import Lock, Subscriber
from tests.cast import Cast

UNDER = "isar.localhost"
NORTH: dict[str, Any] = {
    "name": "Nordlicht",
    "admin_name": "Nora Lund",
    "admin_email": "nora@nordlicht.example",
    "host": "nordlicht",
    "languages": ["en"],
    "time_zone": "Europe/Berlin",
}


def make(cast: Cast, **otherwise: Any) -> tuple[Reseller, Account]:
    return operations.create_reseller(by=cast.olga.identity, wish=Wish(**{**NORTH, **otherwise}), under=UNDER)


def made(cast: Cast, **otherwise: Any) -> Reseller:
    """One that is committed, as it was then."""
    with db.unit_of_work(Scope.platform()) as session:
        reseller, _account = make(cast, **otherwise)
        session.flush()
        session.refresh(reseller)
        session.expunge(reseller)
        return reseller


def fresh(reseller: Reseller) -> Reseller:
    return (
        db.session().scalars(select(Reseller).where(Reseller.id == reseller.id).execution_options(populate_existing=True)).one()
    )


def lines(reseller_id: int) -> dict[str, tuple[int, str]]:
    """Lock level and state of each line, by user name."""
    with db.unit_of_work(Scope.platform()) as session:
        rows = session.execute(
            select(Subscriber.username, Subscriber.lock_level, Subscriber.status).where(Subscriber.reseller_id == reseller_id)
        )
        return {row[0]: (row[1], row[2]) for row in rows}


def sources(reseller_id: int) -> dict[str, int]:
    """How many locks there are of each source."""
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(Lock.source).where(Lock.reseller_id == reseller_id)))
        return {one: found.count(one) for one in set(found)}

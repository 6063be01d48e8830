"""Telephones that are signed in, as a switch would have written them: there is none in the demo, unless it makes real calls.

They stay for a week, and for another one each time the demo is started. Real phones sign in for an hour or less.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, func, insert, select, update
from sqlalchemy.orm import Session

from portal.core import clock, db
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Kind, Registration, Status, Subscriber
from portal.features.subscribers.rules import LockLevel

STAYS = timedelta(days=7)
DESK = ("Yealink SIP-T46U 108.86.0.90", "Yealink SIP-T54W 96.86.0.70", "snomD785/10.1.169.16", "Grandstream GXP2170 1.0.11.79")
SECOND = {"alice": "LinphoneiOS/5.2.3 (Alice’s iPhone) LinphoneSDK/5.3.30", "bob": "Zoiper rv2.10.20.4"}
AT_HOME = "AVM FRITZ!Box 7590 AX 259.08.03 (Jan 28 2026)"
SWITCHED_OFF = frozenset({"118", "134", "151"})
OFFICE = "198.51.100.23"

TABLE = cast("Table", Registration.__table__)
JOBS = cast("Table", Job.__table__)
OURS = TABLE.c.ruid.startswith("demo-")


@contextmanager
def _as_its_owner() -> Iterator[Session]:
    """A page must not write them."""
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(select(func.set_config("role", "none", True)))
        yield session
        session.execute(select(func.set_config("role", db.WEB, True)))


def sign_in() -> None:
    """A phone for nearly everybody, and a second one for some."""
    lines = (
        select(Subscriber.id, Subscriber.username, Subscriber.kind, Subscriber.extension, SipDomain.domain)
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .where(
            Subscriber.status != Status.TERMINATED,
            Subscriber.kind.in_([Kind.EXTENSION, Kind.PILOT, Kind.REGULAR]),
            Subscriber.lock_level != LockLevel.GLOBAL,
        )
    )
    with _as_its_owner() as session:
        found = [row for row in session.execute(lines.order_by(Subscriber.id)) if row.extension not in SWITCHED_OFF]
        session.execute(insert(TABLE), [phone for place, row in enumerate(found) for phone in _phones(place, row)])
        session.execute(delete(JOBS).where(JOBS.c.kind == "device-new", JOBS.c.done_at.is_(None)))  # nobody is surprised


def _phones(place: int, row: Any) -> list[dict[str, object]]:
    usual = AT_HOME if row.kind == Kind.REGULAR else DESK[place % len(DESK)]
    second = [SECOND[row.username]] if row.username in SECOND else []
    return [_phone(place, number, row, user_agent) for number, user_agent in enumerate([usual, *second])]


def _phone(place: int, number: int, row: Any, user_agent: str) -> dict[str, object]:
    out_of_office = number > 0 or user_agent == AT_HOME
    heard = f"sip:203.0.113.{20 + place % 200}:{40000 + place};transport=tls" if out_of_office else f"sip:{OFFICE}:{5060 + place}"
    seen = clock.now() - timedelta(minutes=place % 50)
    return {
        "ruid": f"demo-{place}-{number}",
        "username": row.username,
        "domain": row.domain,
        "contact": f"sip:{row.username}@192.168.20.{10 + place % 200}:5060",
        "received": heard,
        "user_agent": user_agent,
        "socket": "udp:192.0.2.10:5060",
        "expires": (seen + STAYS).replace(tzinfo=None),
        "last_modified": seen.replace(tzinfo=None),
        "since": seen - timedelta(hours=1 + place * 37 % 120, minutes=place * 7 % 60),
    }


def stay() -> None:
    """Those that are still signed in are so for another week."""
    seen = func.timezone("UTC", func.now()) - func.make_interval(0, 0, 0, 0, 0, TABLE.c.id % 50)
    with _as_its_owner() as session:
        session.execute(update(TABLE).where(OURS).values(expires=seen + STAYS, last_modified=seen))


def leave() -> None:
    """Where real calls are made, a phone that is not there would ring."""
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(delete(TABLE).where(OURS))

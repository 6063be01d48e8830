"""Three months of calls until now, taken in as a file, the way a switch’s calls are."""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import fields, replace
from datetime import date, datetime, timedelta
from io import BytesIO, TextIOWrapper

from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.demo import partners, rhythm, traffic, world
from portal.demo.traffic import OUTGOING, ZONE, Household, Leg, Office, company_day, private_day
from portal.features.calls import operations
from portal.features.calls.models import CallVolume
from portal.features.calls.queries import intake

REACHES_BACK = timedelta(days=92)
BUENOS_AIRES = "541143265500"
BY = Identity.system("Demo")
COLUMNS = [field.name for field in fields(Leg)]

LANTERN = Office(
    "lantern",
    "lantern.telephone.example",
    world.BASE.digits,
    usual=380,
    colleagues=world.LANTERN,
    groups=world.GROUPS,
    forwarding={"117": "cfu", "108": "cft", "120": "cft", "131": "cfu", "144": "cfb", "155": "cft"},
)
BANK = Office("citybank", "telephone.example", world.BANK_BASE.digits, usual=8, colleagues=world.BANK, regulars=40)
RYLIC = Household("rylic", "rylic@sip.isar.example", world.RYLIC.number.digits, usual=5)
CHARLIE = Household("charlie", "charlie@cheapcall.example", world.CHARLIE.number.digits, usual=4)


def bring_up_to_now() -> None:
    """Takes in what was telephoned since the last call that is known, three months at most. Done twice, it changes nothing."""
    now = clock.now()
    legs = [found for found in _legs(_first_day(now), now) if found.ended <= now]
    for _step in operations.take_file(_file(legs), name="demo.csv", by=BY):
        pass


def _first_day(now: datetime) -> date:
    """The day before the last call: what was going on then may have ended since."""
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        last = session.scalar(select(func.max(CallVolume.bucket)))
    oldest = now - REACHES_BACK
    return (max(last - timedelta(days=1), oldest) if last else oldest).astimezone(ZONE).date()


def _legs(first: date, now: datetime) -> Iterator[Leg]:
    today = now.astimezone(ZONE).date()
    for day in (first + timedelta(days=n) for n in range((today - first).days + 1)):
        yield from company_day(LANTERN, day)
        yield from company_day(BANK, day)
        yield from private_day(RYLIC, day)
        yield from private_day(CHARLIE, day)
    yield from _to_buenos_aires(rhythm.working_day_before(today))


def _to_buenos_aires(day: date) -> Iterator[Leg]:
    """Alice’s 300 seconds, once: the call that tests, docs and pictures speak of."""
    call_id = "lantern-buenos-aires"
    with db.unit_of_work(Scope.platform(), read_only=True):
        known = intake.known_legs({(call_id, 1)})
    if not known:
        at = timedelta(hours=15, minutes=12)
        call = traffic.leg(
            day,
            at,
            OUTGOING,
            "ok",
            rhythm.chance_of(call_id),
            call_id=call_id,
            caller=LANTERN.address("101"),
            callee=f"+{BUENOS_AIRES}",
            caller_number=f"+{LANTERN.number('101')}",
            dialled=partners.dialled(BUENOS_AIRES),
        )
        yield replace(call, duration=300.0)


def _file(legs: Iterable[Leg]) -> BytesIO:
    file = BytesIO()
    text = TextIOWrapper(file, "utf-8", newline="")
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    rows.writerows([getattr(found, column) for column in COLUMNS] for found in sorted(legs, key=_begun))
    text.flush()
    text.detach()
    file.seek(0)
    return file


def _begun(found: Leg) -> tuple[datetime, str, int]:
    return found.init_time, found.call_id, found.leg

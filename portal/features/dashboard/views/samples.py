"""A pilot's dashboard of a made-up company on a made-up day: for the preview of a brand."""

from datetime import datetime, time, timedelta

from portal.core import clock, ids
from portal.features.calls.queries import Call, MissedCall, Person
from portal.features.calls.rules.words import Direction, Result, Side
from portal.features.dashboard import rules
from portal.features.dashboard.queries import CompanyFacts, Quiet
from portal.features.dashboard.rules import Hour, Today
from portal.features.dashboard.views.home import Calls, bars, missed, now
from portal.features.pbx.rules import LOCK_WORDS
from portal.features.subscribers.rules import LockLevel
from portal.web.samples import COMPANY, PERSON, Sample, digits
from portal.web.templating import zone

ANSWERED = (4, 11, 18, 14, 9, 16, 12, 6, 3, 2)
MISSED = (0, 1, 2, 1, 3, 1, 0, 1, 0, 0)
USUAL = (5, 10, 15, 15, 10, 13, 14, 10, 6, 3)
CALLERS = (("204", "Atelier Moreau", 2), ("318", "Ben Ortiz", 1), ("442", "Haddad & Daughters", 1))


def dashboard() -> Sample:
    hours = [Hour(8 + at, answered, MISSED[at], USUAL[at]) for at, answered in enumerate(ANSWERED)]
    day = Today(sum(ANSWERED) + sum(MISSED), sum(MISSED), 98.0, 11.0, hours)
    not_returned = missed([MissedCall(_call(*caller), caller[2]) for caller in CALLERS])
    context = {
        "now": now(),
        "facts": CompanyFacts(COMPANY, digits("0"), True, 20, 11, 8, 2, 1, 1, 20, 7, PERSON),
        "calls": Calls(day, rules.SENTENCES[day.pace], bars(day), not_returned),
        "quiet": [
            Quiet(ids.new(), "Samir Haddad", "105", LockLevel.FOREIGN),
            Quiet(ids.new(), "Kim Sato", "103", LockLevel.NONE),
        ],
        "changes": [],
        "lock_words": LOCK_WORDS,
    }
    return Sample("dashboard/company.html", context, "dashboard.show")


def _call(number: str, name: str, back: int) -> Call:
    morning = datetime.combine(clock.today(zone()), time(10, 12), zone())
    return Call(
        id=0,
        start_time=morning - timedelta(minutes=37 * back),
        side=Side.CALLEE,
        direction=Direction.IN,
        result=Result.NOANSWER,
        duration_ms=0,
        own=Person(ids.new(), PERSON, "101"),
        own_number=digits("101"),
        other=None,
        other_number=digits(number),
        other_name=name,
        goal=None,
        forwarded_to=None,
        goal_name=None,
        cost=None,
        currency=None,
    )

"""Intake of the calls that ended at the switch: each batch is a transaction, in which they are taken and deleted there.

Several workers may do that at once. Whatever dies in between leaves the calls where they were, and a call that was taken
before is known.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from itertools import islice
from typing import Any

import structlog
from sqlalchemy import delete, func, select

from portal.core import clock, db
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.features.calls.models import CallImport
from portal.features.calls.operations.intake import (
    LOCK,
    Intake,
    Reject,
    begin,
    finish,
    set_aside,
    take,
    without_search_for_cycles,
)
from portal.features.calls.queries import ended as queries
from portal.features.calls.queries.ended import CALL, CDR, CDR_COLUMNS
from portal.features.calls.queries.intake import homes, known_legs
from portal.features.calls.rules.files import Line
from portal.features.calls.rules.legs import BadLine, Fields
from portal.features.calls.rules.switched import Course, Ended, Party, legs, lines_of
from portal.features.calls.rules.switchlog import ended_in

BATCH = 1000
KEPT = timedelta(days=7)  # a call that began before and never ended; so long its end can be found in the log
GONE = "Nothing is known any more of who called whom."
log = structlog.get_logger()


def take_ended() -> bool:
    """Takes ended calls that no other worker has in hand, the oldest first. False when there was none."""
    try:
        with without_search_for_cycles(), db.unit_of_work(Scope.platform()):
            return _take_rows(select(CDR.c.id).order_by(CDR.c.id).limit(BATCH)) > 0
    except db.Unavailable:
        raise
    except Exception as error:  # noqa: BLE001 - one call that nobody expected must not keep the others waiting
        log.warning("ended calls are taken one by one", trouble=_said(error))
        return _one_by_one()


def forget_lost() -> int:
    """Deletes calls whose end was never written; how many."""
    old = CALL.c.parent_id.is_(None) & (CALL.c.began_at < clock.now() - KEPT)
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(delete(CALL).where(old, ~queries.still_to_be_taken(CALL.c.id)).returning(CALL.c.id)).all()
    if found:
        log.warning("calls whose end was never written are forgotten", calls=len(found))
    return len(found)


def _one_by_one() -> bool:
    with db.unit_of_work(Scope.platform()):
        waiting = queries.waiting(BATCH)
    done = 0
    for key in waiting:
        only = select(CDR.c.id).where(CDR.c.id == key)
        try:
            with db.unit_of_work(Scope.platform()):
                done += _take_rows(only)
        except db.Unavailable:
            raise
        except Exception as error:  # noqa: BLE001 - as above
            with db.unit_of_work(Scope.platform()):
                done += _give_up(only, _said(error))
    return done > 0


def _take_rows(which: Any) -> int:
    rows = _taken_out(which)
    if rows:
        calls = [queries.ended(row) for row in rows]
        courses = queries.courses({one.call for one in calls})
        intake = Intake(import_id=None, homes=homes())
        _keep(_take(intake, list(enumerate(calls)), courses), calls, courses)
    return len(rows)


def _taken_out(which: Any) -> Sequence[Any]:
    done = db.session().execute(delete(CDR).where(CDR.c.id.in_(which.with_for_update(skip_locked=True))).returning(*CDR_COLUMNS))
    return sorted(done.all(), key=lambda row: row.id)


def _give_up(which: Any, trouble: str) -> int:
    rows = _taken_out(which)
    calls = [queries.ended(row) for row in rows]
    courses = queries.courses({one.call for one in calls})
    _forget(courses)
    _keep([Reject(place, "", trouble) for place in range(len(calls))], calls, courses)
    return len(rows)


def _take(intake: Intake, calls: Sequence[tuple[int, Ended]], courses: Mapping[str, list[Course]]) -> list[Reject]:
    """Takes calls, each with its number; what is set aside has that number."""
    parties = queries.parties(lines_of(course for found in courses.values() for course in found))
    rejects: list[Reject] = []
    lines: list[Line] = []
    for number, one in calls:
        if one.call in courses:
            made, trouble = _legs(one, courses[one.call], parties)
            lines += [Line(number, 0, "", leg) for leg in made]
            rejects += [Reject(number, "", trouble)] if trouble else []
    rejects += take(intake, lines)
    rejects += _gone([(number, one) for number, one in calls if one.call and one.call not in courses])
    _forget(courses)
    return rejects


def _legs(ended: Ended, courses: Sequence[Course], parties: Mapping[int, Party]) -> tuple[list[Fields], str]:
    root, *within = courses
    try:
        return legs(ended, root, within, parties), ""
    except BadLine as error:
        return [], str(error)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one call, it is set aside and the others are taken
        return [], f"What the switch wrote of it contradicts itself: {_said(error)}"


def _gone(calls: Sequence[tuple[int, Ended]]) -> list[Reject]:
    """Calls that the switch knows nothing more of are those that were taken before, or were lost."""
    known = known_legs([(one.call, 1) for _number, one in calls]) if calls else {}
    return [Reject(number, "", GONE) for number, one in calls if (one.call, 1) not in known]


def _forget(courses: Mapping[str, object]) -> None:
    if courses:
        db.session().execute(delete(CALL).where(CALL.c.id.in_(courses)))


def _keep(rejects: Sequence[Reject], calls: Sequence[Ended], courses: Mapping[str, list[Course]]) -> None:
    """What was set aside is kept as the lines of a file are: one “file” for each day on which there was something."""
    if not rejects:
        return
    session = db.session()
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    name = f"kamailio {clock.now():%Y-%m-%d}"
    made = session.scalars(select(CallImport).where(CallImport.file_name == name).with_for_update()).first()
    if made is None:
        made = CallImport(file_name=name, started_at=clock.now(), lines=0, set_aside=0)
        session.add(made)
        session.flush()
    set_aside(
        made.id,
        [
            replace(reject, line=made.set_aside + place, raw=_raw(calls[reject.line], courses))
            for place, reject in enumerate(rejects, start=1)
        ],
    )
    made.lines += len(rejects)
    made.set_aside += len(rejects)
    made.finished_at = clock.now()
    session.flush()
    log.warning("ended calls are set aside", calls=len(rejects), why=rejects[0].reason)


def _raw(ended: Ended, courses: Mapping[str, list[Course]]) -> str:
    return json.dumps([asdict(ended), *map(asdict, courses.get(ended.call, ()))], ensure_ascii=False, default=str)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {str(error).partition(chr(10))[0]}"[:300]


# --- from the log ----------------------------------------------------------------------------------------------------------


@dataclass
class Recovered:
    """`missing`: calls that are taken now; `known`: those taken before, of nobody here, or too old to be known."""

    calls: int = 0
    missing: int = 0
    known: int = 0
    set_aside: int = 0
    records: int = 0


def recover(lines: Iterable[str], *, name: str, by: Identity) -> Recovered:
    """Takes the calls of Kamailio's log that are missing here: those that ended while the database was away."""
    done = Recovered()
    with db.unit_of_work(Scope.platform()):
        intake = begin(file_name=name)
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, BATCH * 10)):
        with db.unit_of_work(Scope.platform()):
            _recover(intake, batch, done)
    with db.unit_of_work(Scope.platform()):
        intake.totals.lines, intake.totals.taken, intake.totals.known = done.calls, done.missing, done.known
        intake.totals.not_ours, intake.totals.set_aside = 0, done.set_aside
        finish(intake, by=by)
    done.records = intake.totals.records
    return done


def _recover(intake: Intake, batch: Sequence[tuple[int, str]], done: Recovered) -> None:
    told: list[tuple[int, Ended]] = []
    rejects: list[Reject] = []
    for number, line in batch:
        try:
            found = ended_in(line)
        except BadLine as error:
            rejects.append(Reject(number, line, str(error)))
        else:
            told += [(number, found)] if found and found.call else []
    courses = queries.courses({one.call for _number, one in told})
    there = [(number, one) for number, one in told if one.call in courses]
    texts = dict(batch)
    rejects += [replace(reject, raw=texts[reject.line]) for reject in _take(replace(intake, import_id=None), there, courses)]
    if rejects:
        set_aside(intake.import_id or 0, list({reject.line: reject for reject in rejects}.values()))
    done.calls += len(told)
    done.missing += len(there)
    done.known += len(told) - len(there)
    done.set_aside += len({reject.line for reject in rejects})


def numbered(lines: Iterable[bytes]) -> Iterator[str]:
    """Lines of a log, whatever is in them."""
    return (line.decode("utf-8", "replace") for line in lines)

"""The life of a time set."""

from collections.abc import Sequence

from sqlalchemy import delete

from portal.core import clock, db, i18n
from portal.core.audit import Event
from portal.core.identity import Identity
from portal.features.callhandling import queries, rules
from portal.features.callhandling.models import TimeSet, TimeSpan
from portal.features.callhandling.operations import conditions
from portal.features.callhandling.operations.reference import tell_holidays
from portal.features.callhandling.rules import Dates, Holidays, Span, Weekly
from portal.features.subscribers.models import Subscriber


def add_times(*, by: Identity, line: Subscriber | None, name: str, spans: Sequence[Span]) -> TimeSet:
    """Times by name, for all lines of the company (`line` None) or for one."""
    whose = conditions.owner(by, line)
    name = conditions.check_name(TimeSet, whose, name)
    rules.check_spans(spans)
    made = TimeSet(
        reseller_id=whose.reseller_id,
        customer_id=whose.customer_id,
        subscriber_id=whose.line_id,
        name=name,
        name_sort=i18n.sort_key(name),
    )
    db.session().add(made)
    db.session().flush()
    _write(made, spans)
    conditions.told(Event.TIME_SET_ADDED, by, made)
    return made


def change_times(*, by: Identity, times: TimeSet, version: int, name: str, spans: Sequence[Span]) -> TimeSet:
    """Forwarding that depends on them follows at once. Raises Conflict."""
    whose = conditions.owner_of(by, times)
    conditions.at_version(times, version)
    name = conditions.check_name(TimeSet, whose, name, besides=times)
    rules.check_spans(spans)
    if (name, tuple(spans)) == (times.name, queries.time_set(times.public_id, whose.line_id).times.spans):
        return times
    db.session().execute(delete(TimeSpan).where(TimeSpan.time_set_id == times.id))
    _write(times, spans)
    times.name, times.name_sort = name, i18n.sort_key(name)
    conditions.renewed(times)
    conditions.told(Event.TIME_SET_CHANGED, by, times)
    return times


def remove_times(*, by: Identity, times: TimeSet) -> None:
    """Refused while a line's forwarding depends on them."""
    conditions.owner_of(by, times)
    conditions.remove(times, "time-set-used", queries.lines_with_times)
    conditions.told(Event.TIME_SET_REMOVED, by, times)


def _write(times: TimeSet, spans: Sequence[Span]) -> None:
    owned = {"time_set_id": times.id, "reseller_id": times.reseller_id, "customer_id": times.customer_id}
    db.session().add_all(TimeSpan(position=place, **owned, **_columns(span)) for place, span in enumerate(spans))
    db.session().flush()
    tell_holidays([(span.country, span.region or "") for span in spans if isinstance(span, Holidays)], clock.now().year)


def _columns(span: Span) -> dict[str, object]:
    match span:
        case Weekly():
            kind = {
                "kind": "weekly",
                "weekdays": sum(1 << day for day in span.weekdays),
                "begins": span.begins,
                "ends": span.ends,
            }
        case Dates():
            kind = {"kind": "dates", "first": span.first, "last": span.last}
        case _:
            kind = {"kind": "holidays", "country": span.country, "region": span.region}
    return {**kind, "excluded": span.excluded}

"""Where calls go at Clare’s company, as she and her people have set it up. Every step is a real operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from portal.core import clock
from portal.core.identity import Identity
from portal.core.ids import PublicId
from portal.demo.actors import identity_of
from portal.features.accounts import queries as account_queries
from portal.features.callhandling import operations, queries
from portal.features.callhandling.rules import Destination, Plan, When
from portal.features.subscribers.models import Subscriber

# Mobile numbers of the range that is kept free for films.
ALICES, HANNAS, CLARES = "491713920010", "491713920037", "491713920001"


@dataclass(frozen=True)
class Forwards:
    """`lines` by extension, as far as they have joined by the moment of a step."""

    clare: Identity
    lines: Mapping[str, Subscriber]

    def steps(self, moment: Callable[[int, str], datetime]) -> Sequence[tuple[datetime, Callable[[], object]]]:
        busy_or_away = (When.BUSY, When.NO_ANSWER)
        return [
            (moment(60, "09:40"), partial(self.set_up, "600", When.NO_ANSWER, self._to("602"), by_clare=True)),
            (moment(60, "09:44"), partial(self.set_up, "601", When.NO_ANSWER, self._to("602"), by_clare=True)),
            (moment(60, "09:52"), partial(self.after_hours, "602", self._to(CLARES), by_clare=True)),
            (moment(39, "17:20"), partial(self.set_up, "101", When.NO_ANSWER, self._to(ALICES, "102", seconds=25))),
            (moment(39, "17:24"), partial(self.set_up, "101", When.UNREACHABLE, self._to(ALICES))),
            (moment(38, "08:55"), partial(self.after_hours, "101", self._to("102"), besides="Family")),
            (moment(36, "11:10"), partial(self.set_up, "103", When.BUSY, self._to("101"))),
            *(
                (moment(28, f"10:1{n}"), partial(self.set_up, "107", when, self._to(HANNAS)))
                for n, when in enumerate(busy_or_away)
            ),
            (moment(21, "15:31"), partial(self.set_up, "112", When.BUSY, self._to("113"))),
            (moment(4, "09:34"), partial(self.for_days, "152", 0, 120, self._to("139"), by_clare=True)),
            (moment(2, "16:48"), partial(self.for_days, "119", 18, 14, self._to("120"))),
        ]

    def _to(self, *places: str, seconds: int = 20) -> Callable[[], list[Destination]]:
        """Extensions and numbers; who has them is known when it comes to pass."""

        def destinations() -> list[Destination]:
            lines = {place: self.lines.get(place) for place in places}
            return [
                Destination(line=line.public_id, ring_seconds=seconds)
                if line
                else Destination(number=place, ring_seconds=seconds)
                for place, line in lines.items()
            ]

        return destinations

    def _add(self, extension: str, plan: Plan, *, by_clare: bool) -> None:
        line = self.lines[extension]
        account = None if by_clare else account_queries.of_subscriber(line.id)
        operations.add_forward(by=identity_of(account) if account else self.clare, line=line, plan=plan)

    def set_up(self, extension: str, when: When, to: Callable[[], list[Destination]], *, by_clare: bool = False) -> None:
        self._add(extension, Plan(when=when, destinations=to()), by_clare=by_clare)

    def after_hours(
        self, extension: str, to: Callable[[], list[Destination]], *, besides: str | None = None, by_clare: bool = False
    ) -> None:
        line = self.lines[extension]
        times = {kept.row.name: kept.row.public_id for kept in queries.time_sets(line.customer_id, line.id)}
        callers: dict[str | None, PublicId] = {
            kept.row.name: kept.row.public_id for kept in queries.caller_lists(line.customer_id, line.id)
        }
        plan = Plan(
            when=When.ALWAYS,
            destinations=to(),
            times=times["After hours"],
            callers=callers.get(besides),
            callers_except=besides is not None,
        )
        self._add(extension, plan, by_clare=by_clare)

    def for_days(
        self, extension: str, begins_in: int, days: int, to: Callable[[], list[Destination]], *, by_clare: bool = False
    ) -> None:
        starts = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=begins_in)
        plan = Plan(when=When.ALWAYS, destinations=to(), starts=starts, ends=starts + timedelta(days=days))
        self._add(extension, plan, by_clare=by_clare)

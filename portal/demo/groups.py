"""What was changed about the groups of Clare’s company since they were set up. Every step is a real operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from portal.core.identity import Identity
from portal.features.pbx import operations as pbx
from portal.features.pbx.models import CancelMode, RingingPolicy
from portal.features.subscribers.models import Subscriber


@dataclass(frozen=True)
class Groups:
    """`lines` by extension. In the end everything is as it was set up."""

    clare: Identity
    lines: Mapping[str, Subscriber]

    def steps(self, moment: Callable[[int, str], datetime]) -> Sequence[tuple[datetime, Callable[[], object]]]:
        return [
            (moment(52, "14:02"), partial(self.order, "602", "113", "112", "101")),
            (moment(47, "10:20"), partial(self.order, "602", "112", "113", "101")),
            (moment(30, "09:05"), partial(self.ring, "601", 20)),
            (moment(12, "11:46"), partial(self.ring, "601", 15)),
        ]

    def order(self, extension: str, *members: str) -> None:
        group = self.lines[extension]
        people = [self.lines[member].public_id for member in members]
        pbx.set_members(by=self.clare, group=group, version=group.version, members=people)

    def ring(self, extension: str, seconds: int) -> None:
        group = self.lines[extension]
        pbx.change_ringing(
            by=self.clare,
            group=group,
            version=group.version,
            policy=RingingPolicy.CIRCULAR,
            ring_seconds=seconds,
            cancel_mode=CancelMode.CANCEL,
            ignore_forwards=False,
        )

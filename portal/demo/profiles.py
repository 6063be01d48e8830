"""What Clare lets her people change on their own lines. Every step is a real operation."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from portal.core.identity import Identity
from portal.features.subscribers import operations
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Feature, Level

APPRENTICES = {Feature.FORWARDING: Level.OFF, Feature.BLOCK_OUTGOING: Level.USE, Feature.PRIVACY: Level.USE}


@dataclass(frozen=True)
class Profiles:
    """`lines` by extension."""

    clare: Identity
    lines: Mapping[str, Subscriber]

    def steps(self, moment: Callable[[int, str], datetime]) -> Sequence[tuple[datetime, Callable[[], object]]]:
        return [(moment(44, "11:12"), partial(self.apprentices, "156", "157"))]

    def apprentices(self, *extensions: str) -> None:
        customer_id = self.lines[extensions[0]].customer_id
        own = operations.add_profile(by=self.clare, customer_id=customer_id, name="Apprentices", levels=APPRENTICES)
        for extension in extensions:
            operations.give_profile(by=self.clare, line=self.lines[extension], profile=own)

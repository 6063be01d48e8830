"""What is known of the nodes of the switch."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Pending:
    """What a node has to read anew, and has not yet. `trouble`: why the last try failed."""

    what: str
    since: datetime
    tries: int
    trouble: str | None


@dataclass(frozen=True)
class Node:
    """`asked_at`: None for one that no worker has asked yet. `trouble`: the code, and the words of the last silence."""

    name: str
    asked_at: datetime | None = None
    answered_at: datetime | None = None
    up_since: datetime | None = None
    trouble: str | None = None
    reloaded_at: datetime | None = None
    pending: Sequence[Pending] = ()

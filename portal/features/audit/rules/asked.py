"""What a reader of the log asks for: which entries, from which place on."""

from dataclasses import dataclass
from datetime import datetime

from portal.core import places
from portal.features.audit.rules.kinds import Kind


@dataclass(frozen=True)
class Asked:
    """Entries of [start, end). `words` may stand in what it was about, in names and in addresses; `who` in names of who acted."""

    start: datetime
    end: datetime
    kind: Kind | None = None
    who: str | None = None
    words: str | None = None
    reseller_id: int | None = None
    without: frozenset[str] = frozenset()  # events that are none of the reader's business

    @property
    def filtered(self) -> bool:
        return any(asked is not None for asked in (self.kind, self.who, self.words, self.reseller_id))

    @property
    def by_words(self) -> bool:
        """Whether each entry must be looked at: no index knows words."""
        return self.who is not None or self.words is not None


@dataclass(frozen=True)
class Place:
    """Between two entries of the log, which has the newest first."""

    at: datetime
    id: int
    back: bool = False

    def __str__(self) -> str:
        return places.text(self.at, self.id)


def place(text: str, *, back: bool = False) -> Place | None:
    """The place that a text stands for; None for anything else."""
    found = places.read(text, numbers=1)
    return None if found is None else Place(found[0], found[1][0], back)

"""Files that can be imported again."""

from collections.abc import Iterable, Iterator

from portal.features.pbx.queries.snapshot import snapshot
from portal.features.pbx.rules import exports
from portal.features.pbx.rules.files import exported


def header(kind: str) -> str:
    """The first line, in the reader's language."""
    return exported.header(kind)


def pieces(kind: str, customer_id: int, chosen: Iterable[str] | None = None) -> Iterator[str]:
    """All other lines, as they stand now, some at a time. Reads at once, so that nobody waits for a slow reader.

    `chosen`: extensions, or digits of numbers, in the order in which they are wanted.
    """
    return exports.pieces(kind, snapshot(customer_id), chosen)

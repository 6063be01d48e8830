"""What is exported about a company: each line and number by the fields of its file."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from portal.features.pbx.rules.files import exported
from portal.features.pbx.rules.files.fields import FIELDS, ImportKind
from portal.features.pbx.rules.plan_rows import LineNow, Snapshot


def pieces(kind: str, now: Snapshot, chosen: Iterable[str] | None = None) -> Iterator[str]:
    """The lines of the file, below its header, some at a time. `chosen`: some extensions or digits, in their order."""
    return exported.pieces(kind, _things(kind, now, chosen), lambda digits: now.pool[digits].text)


def _things(kind: str, now: Snapshot, chosen: Iterable[str] | None) -> Iterator[Mapping[str, Any]]:
    if kind == ImportKind.NUMBERS:
        for digits in now.pool if chosen is None else chosen:
            if digits in now.pool:
                yield {"number": digits, "owner": now.pool[digits].owner}
        return
    wanted = "group" if kind == ImportKind.GROUPS else "extension"
    for handle in now.lines if chosen is None else chosen:
        if handle in now.lines and now.lines[handle].kind == wanted:
            yield _values(kind, now.lines[handle])


def _values(kind: str, line: LineNow) -> Mapping[str, Any]:
    names = {"extension": line.handle, "display_name": line.name}
    return {field.name: names[field.name] if field.name in names else getattr(line, field.name) for field in FIELDS[kind]}

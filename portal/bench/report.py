"""Measured things, with their budgets, as a table and as JSON."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Row:
    """One measured thing. `value` and `budget` are in `unit`; `good` says whether the budget is kept."""

    what: str
    value: float
    budget: float
    unit: str
    at_most: bool = True

    @property
    def good(self) -> bool:
        return self.value <= self.budget if self.at_most else self.value >= self.budget


@dataclass(frozen=True)
class Missing:
    """What could not be measured here; one sentence says why."""

    what: str
    why: str


def report(rows: Sequence[Row | Missing], target: Path | None) -> None:
    table = Table(title="What has a budget")
    for title in ("what", "measured", "budget", ""):
        table.add_column(title, justify="right" if title in {"measured", "budget"} else "left")
    for row in rows:
        table.add_row(*_cells(row))
    Console().print(table)
    if target is not None:
        target.write_text(json.dumps([_kept(row) for row in rows], indent=2) + "\n", encoding="utf-8")


def _cells(row: Row | Missing) -> tuple[str, str, str, str]:
    if isinstance(row, Missing):
        return row.what, "–", "", row.why
    sign = "≤" if row.at_most else "≥"
    return row.what, f"{row.value:,.2f} {row.unit}", f"{sign} {row.budget:,.10g} {row.unit}", "kept" if row.good else "missed"


def _kept(row: Row | Missing) -> dict[str, Any]:
    return asdict(row) if isinstance(row, Missing) else {**asdict(row), "good": row.good}

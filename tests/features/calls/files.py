"""Files of call records for tests: a leg is a row of columns, with sensible values for what a test does not care about."""

import csv
import io
import itertools
from typing import Any

COLUMNS = (
    "call_id",
    "leg",
    "init_time",
    "start_time",
    "duration",
    "caller",
    "caller_number",
    "caller_hidden",
    "callee",
    "dialled",
    "type",
    "result",
    "code",
)
LANTERN = "lantern.telephone.example"
ALICE, BOB, CAROL = (f"{name}@{LANTERN}" for name in ("alice", "bob", "carol"))
SALES = f"600@{LANTERN}"
TRUNK = "trunk.carrier.example"
_ids = itertools.count(1)


def leg(**values: Any) -> dict[str, str]:
    usual = {
        "call_id": f"call-{next(_ids)}",
        "leg": 1,
        "init_time": "2026-11-20T10:00:00Z",
        "start_time": values.get("init_time", "2026-11-20T10:00:05Z"),
        "duration": "60.5" if values.get("result", "ok") == "ok" else "0",
        "caller": f"4930441287@{TRUNK}",
        "callee": ALICE,
        "result": "ok",
    }
    return {name: str(value) for name, value in (dict.fromkeys(COLUMNS, "") | usual | values).items()}


def as_csv(*legs: dict[str, str], separator: str = ",", encoding: str = "utf-8", columns: tuple[str, ...] = COLUMNS) -> bytes:
    text = io.StringIO()
    write = csv.writer(text, delimiter=separator)
    write.writerow(columns)
    write.writerows([one[name] for name in columns] for one in legs)
    return text.getvalue().encode(encoding)

"""How the nodes of the switch are, and what they still have to be told."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import groupby

from sqlalchemy import func, select

from portal.core import db
from portal.features.switch.models import SwitchNode
from portal.features.switch.rules.nodes import Node, Pending

_RELOADS = func.waiting_reloads().table_valued("node", "what", "since", "tries", "trouble")
_FACTS = (
    SwitchNode.name,
    SwitchNode.asked_at,
    SwitchNode.answered_at,
    SwitchNode.up_since,
    SwitchNode.trouble,
    SwitchNode.reloaded_at,
)
_OWN = len(_FACTS)


def nodes(named: Collection[str] = ()) -> list[Node]:
    """By name; also those that are `named` in the settings and that nobody has asked yet. One statement."""
    wanted = select(*_FACTS, _RELOADS.c.what, _RELOADS.c.since, _RELOADS.c.tries, _RELOADS.c.trouble)
    rows = db.session().execute(
        wanted.outerjoin(_RELOADS, _RELOADS.c.node == SwitchNode.name).order_by(SwitchNode.name, _RELOADS.c.since)
    )
    found = []
    for facts, of_one in groupby(rows, key=lambda row: tuple(row[:_OWN])):
        pending = _pending([Pending(*row[_OWN:]) for row in of_one if row.what is not None])
        found.append(replace(Node(*facts), pending=pending))
    known = {one.name for one in found}
    return sorted([*found, *(Node(name) for name in named if name not in known)], key=lambda one: one.name)


def _pending(jobs: Sequence[Pending]) -> Sequence[Pending]:
    """The oldest of each kind: what came after it is the same to a node."""
    return tuple({job.what: job for job in reversed(jobs)}.values())

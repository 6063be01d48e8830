"""Names of resellers. They are a feature that knows this one, so only their table is known here."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import column, select, table

from portal.core import db
from portal.core.ids import PublicId

_RESELLER = table("reseller", column("id"), column("public_id"), column("name"))


class Named(NamedTuple):
    id: int
    public_id: PublicId
    name: str


def resellers() -> Sequence[Named]:
    """All that the scope shows, by name. One statement."""
    rows = db.session().execute(select(_RESELLER.c.id, _RESELLER.c.public_id, _RESELLER.c.name).order_by(_RESELLER.c.name))
    return [Named._make(row) for row in rows]

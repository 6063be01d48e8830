"""What files are written from, besides a company as it stands: rows of an import, and who is in a list."""

from collections.abc import Collection, Iterator, Sequence

from sqlalchemy import select

from portal.core import db
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.numbers.models import Number
from portal.features.pbx.models import ImportRow
from portal.features.pbx.queries import listing, pool
from portal.features.subscribers.models import Status, Subscriber

CHUNK = 2_000


def row_chunks(scope: Scope, import_id: int) -> Iterator[Sequence[ImportRow]]:
    """All rows, each chunk in a unit of work of its own: a slow reader keeps no connection."""
    line = -1
    while True:
        with db.unit_of_work(scope, read_only=True) as session:
            wanted = select(ImportRow).where(ImportRow.import_id == import_id, ImportRow.line > line)
            found = session.scalars(wanted.order_by(ImportRow.line).limit(CHUNK)).all()
            session.expunge_all()
        if found:
            yield found
        if len(found) < CHUNK:
            return
        line = found[-1].line


def extensions(customer_id: int, filters: listing.Filters, home: Home, *, sort: str, descending: bool) -> list[str]:
    """The extensions of a list as it is filtered and sorted. One statement."""
    order = [column.desc() if descending else column for column in listing.SORTS[sort]]
    wanted = listing.matching(select(Subscriber.extension), customer_id, filters, home)
    return [str(one) for one in db.session().scalars(wanted.order_by(*order))]


def numbers(customer_id: int, filters: pool.PoolFilters, home: Home, *, sort: str, descending: bool) -> list[str]:
    """The digits of a list as it is filtered and sorted. One statement."""
    order = [column.desc() if descending else column for column in pool.POOL_SORTS[sort]]
    wanted = select(Number.digits).join(Subscriber, Subscriber.id == Number.subscriber_id)
    return list(db.session().scalars(pool.matching(wanted, customer_id, filters, home).order_by(*order)))


def names(customer_id: int, handles: Collection[str]) -> dict[str, str]:
    """Extension -> name of those that there are. One statement, or none."""
    if not handles:
        return {}
    wanted = select(Subscriber.extension, Subscriber.display_name).where(
        Subscriber.customer_id == customer_id, Subscriber.extension.in_(handles), Subscriber.status != Status.TERMINATED
    )
    return {str(handle): name for handle, name in db.session().execute(wanted)}

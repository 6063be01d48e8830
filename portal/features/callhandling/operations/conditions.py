"""What holds for time sets and caller lists alike: who may change them, their names, their versions."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from portal.core import audit, db, i18n
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.core.permissions import P
from portal.features.callhandling import queries, rules
from portal.features.callhandling.models import CallerList, TimeSet
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.operations import check_may_change
from portal.features.subscribers.queries import ceiling_of
from portal.features.subscribers.rules import Feature

Condition = TimeSet | CallerList


@dataclass(frozen=True)
class Owner:
    """Whose a condition is: a line's, or (None) the company's."""

    reseller_id: int
    customer_id: int
    line: Subscriber | None = None

    @property
    def line_id(self) -> int | None:
        return None if self.line is None else self.line.id


def owner(by: Identity, line: Subscriber | None) -> Owner:
    """What the company shares is kept by whoever runs it, what is a line's by its own person. Raises NotFound or Refused."""
    if by.reseller_id is None or by.customer_id is None:
        raise NotFound
    if line is None:
        if not by.can(P.CALL_HANDLING_COMPANY):
            raise NotFound
        if by.role is not None:
            ceiling_of(by.customer_id).check_sold(Feature.FORWARDING)
    elif by.role is not None:
        if line.id != by.subscriber_id:
            raise NotFound
        check_may_change(by=by, line=line, feature=Feature.FORWARDING)
    return Owner(by.reseller_id, by.customer_id, line)


def owner_of(by: Identity, kept: Condition) -> Owner:
    return owner(by, None if kept.subscriber_id is None else db.session().get_one(Subscriber, kept.subscriber_id))


def check_name(kind: type[TimeSet] | type[CallerList], whose: Owner, typed: str, *, besides: Condition | None = None) -> str:
    name = rules.check_condition_name(typed)
    taken = queries.condition_names(kind, whose.customer_id, whose.line_id)
    if any(sort == i18n.sort_key(name) for key, sort in taken.items() if besides is None or key != besides.id):
        raise Refused("condition-name-taken", field="name", name=name)
    if besides is None and len(taken) >= rules.MOST_CONDITIONS:
        raise Refused("conditions-full", most=rules.MOST_CONDITIONS)
    return name


def at_version(kept: Condition, version: int) -> None:
    """Held, if nobody has changed it since it was at this version. Raises Conflict, or NotFound when it is gone."""
    hold(kept)
    if kept.version != version:
        raise Conflict(kept.version)


def hold(kept: Condition) -> None:
    """As it is stored now, kept from others until the end of the transaction. Raises NotFound when it is gone."""
    kind = type(kept)
    wanted = select(kind).where(kind.id == kept.id).with_for_update()
    if db.session().scalars(wanted, execution_options={"populate_existing": True}).first() is None:
        raise NotFound


def remove(kept: Condition, code: str, using: Callable[[int], list[Subscriber]]) -> None:
    """Refused with the names of the lines whose forwarding depends on it."""
    hold(kept)
    lines = using(kept.id)
    if lines:
        raise Refused(code, name=kept.name, lines=rules.listed([line.display_name for line in lines]))
    db.session().delete(kept)
    db.session().flush()


def renewed(kept: Condition) -> None:
    """A new version, also where only the rows beside it have changed."""
    flag_modified(kept, "name")
    db.session().flush()


def told(event: Event, by: Identity, kept: Condition) -> None:
    audit.record(
        event, by=by, subject=kept.public_id, label=kept.name, reseller_id=kept.reseller_id, customer_id=kept.customer_id
    )

"""Trunks: from which addresses calls may come without a password, and where calls to them go."""

from collections.abc import Sequence

from sqlalchemy.orm.attributes import flag_modified

from portal.core import db
from portal.core.audit import Event
from portal.core.errors import Conflict, Refused
from portal.core.identity import Identity
from portal.core.phone import Parts
from portal.features.customers.models import Customer
from portal.features.resellers.models import SipDomain
from portal.features.subscribers import queries, rules
from portal.features.subscribers.models import Kind, Subscriber, TrustedSource
from portal.features.subscribers.operations.lines import Draft, NewLine, create_line, record


def create_trunk(
    *, by: Identity, customer: Customer, domain: SipDomain, draft: Draft, number: Parts, sources: Sequence[tuple[str, str]] = ()
) -> NewLine:
    """A trunk that registers or, with `sources` (address, protocol) and the draft's next hop, one that does not.

    Raises Refused.
    """
    known = [(rules.source(network), rules.protocol(protocol)) for network, protocol in sources]
    if known and not draft.next_hop:
        raise Refused("hop-needed", field="next_hop")
    if draft.next_hop and not known:
        raise Refused("source-needed", field="network")
    new = create_line(by=by, customer=customer, domain=domain, draft=draft, number=number)
    for network, protocol in known:
        _add(by, new.subscriber, network, protocol)
    return new


def add_source(*, by: Identity, line: Subscriber, network: str, protocol: str, callers: str = "") -> TrustedSource:
    """`callers`: a pattern of those that it may send. Raises Refused.

    Also for what is no public address, and for one of somebody’s trunk: whose, is not said.
    """
    network, protocol, pattern = rules.source(network), rules.protocol(protocol), rules.callers(callers)
    line = _trunk(line)
    if len(queries.sources_of(line.id)) >= rules.MOST_SOURCES:
        raise Refused("sources-full", field="network", most=rules.MOST_SOURCES)
    flag_modified(line, "display_name")
    return _add(by, line, network, protocol, pattern)


def _add(by: Identity, line: Subscriber, network: str, protocol: str, callers: str | None = None) -> TrustedSource:
    made = TrustedSource(
        reseller_id=line.reseller_id,
        customer_id=line.customer_id,
        subscriber_id=line.id,
        network=network,
        protocol=protocol,
        from_pattern=callers,
    )
    db.session().add(made)
    db.session().flush()
    record(Event.SOURCE_ADDED, by=by, line=line, network=network, protocol=protocol, callers=callers)
    return made


def change_source(
    *, by: Identity, line: Subscriber, source: TrustedSource, version: int, network: str, protocol: str, callers: str
) -> TrustedSource:
    """`version`: that of the line. Raises Refused, and Conflict."""
    wanted = {"network": rules.source(network), "protocol": rules.protocol(protocol), "from_pattern": rules.callers(callers)}
    line = _trunk(line)
    if line.version != version:
        raise Conflict(line.version)
    was = source.network
    changed = {what: (getattr(source, what), now) for what, now in wanted.items() if getattr(source, what) != now}
    if changed:
        for what, now in wanted.items():
            setattr(source, what, now)
        flag_modified(line, "display_name")
        db.session().flush()
        told = {("callers" if what == "from_pattern" else what): pair for what, pair in changed.items()}
        record(Event.SOURCE_CHANGED, by=by, line=line, trusted=was, **told)
    return source


def remove_source(*, by: Identity, line: Subscriber, source: TrustedSource) -> None:
    """Raises Refused for the last one of a trunk that does not register."""
    line = _trunk(line)
    if line.next_hop and len(queries.sources_of(line.id)) == 1:
        raise Refused("source-last")
    facts = {"network": source.network, "protocol": source.protocol, "callers": source.from_pattern}
    record(Event.SOURCE_REMOVED, by=by, line=line, **facts)
    db.session().delete(source)
    flag_modified(line, "display_name")
    db.session().flush()


def change_next_hop(*, by: Identity, line: Subscriber, version: int, next_hop: str) -> Subscriber:
    """Where calls go; empty for a trunk that registers. Raises Refused."""
    now = rules.next_hop(next_hop) if next_hop.strip() else None
    line = _trunk(line)
    if line.version != version:
        raise Conflict(line.version)
    if now and not queries.sources_of(line.id):
        raise Refused("source-needed", field="next_hop")
    if now != line.next_hop:
        was, line.next_hop = line.next_hop, now
        record(Event.LINE_CHANGED, by=by, line=line, next_hop=(was, now))
        db.session().flush()
    return line


def _trunk(line: Subscriber) -> Subscriber:
    line = queries.hold(line)
    if line.kind != Kind.TRUNK:
        raise Refused("not-a-trunk")
    return line

"""What the worker does for names: it looks at each in the DNS, soon after it was set up and then every day.

A look leads to the next one, in the transaction that ends it: there is always one to come, as long as the name is there.
"""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy.exc import IntegrityError

from portal.core import clock, db, outbox
from portal.core.errors import NotFound, Refused
from portal.core.identity import Identity
from portal.core.outbox import Handler
from portal.core.tenancy import Scope
from portal.features.resellers import operations, queries, rules
from portal.features.resellers.models import SipDomain, WebHost
from portal.features.resellers.operations import LOOK_AT_DOMAIN, LOOK_AT_HOST, Watch
from portal.features.resellers.rules import Points

BY = "DNS"
log = structlog.get_logger()


def handlers(watch: Watch) -> Mapping[str, Handler]:
    return {
        LOOK_AT_DOMAIN: lambda payload: _look_at_domain(watch, payload),
        LOOK_AT_HOST: lambda payload: _look_at_host(watch, payload),
    }


def _look_at_domain(watch: Watch, payload: Mapping[str, Any]) -> None:
    domain = db.session().get(SipDomain, payload["domain"])
    if domain is None or domain.removed_at is not None:
        return
    sight = watch.at_domain(domain)
    _write(domain, lambda: operations.keep_domain_sight(domain=queries.hold_domain(domain.id), sight=sight))
    _again(LOOK_AT_DOMAIN, domain, payload, settled=sight.points is Points.HERE)


def _look_at_host(watch: Watch, payload: Mapping[str, Any]) -> None:
    host = db.session().get(WebHost, payload["host"])
    if host is None:
        return
    sight = watch.at_host(host)
    by = Identity.system(BY, reseller_id=host.reseller_id)
    _write(host, lambda: operations.keep_host_sight(by=by, host=host, sight=sight))
    settled = sight.points is Points.HERE and (host.proved_at is not None or bool(sight.proof))
    _again(LOOK_AT_HOST, host, payload, settled=settled)


def _write(row: SipDomain | WebHost, write: Callable[[], object]) -> None:
    """In a transaction of its provider's own. What somebody else was given first, or is gone, is no failure of the look."""
    try:
        with db.unit_of_work(Scope.reseller(row.reseller_id)):
            write()
    except (NotFound, Refused, IntegrityError) as refusal:
        log.info("not kept", name=row.public_id, reason=str(refusal).partition("\n")[0] or "gone")


def _again(kind: str, row: SipDomain | WebHost, payload: Mapping[str, Any], *, settled: bool) -> None:
    days = (clock.now() - row.created_at) / timedelta(days=1)
    turn = int(payload["turn"]) + 1
    key = "host" if kind == LOOK_AT_HOST else "domain"
    after = rules.next_look(turn, days=days, settled=settled)
    outbox.enqueue(kind, {key: row.id, "turn": turn}, after=timedelta(seconds=after))

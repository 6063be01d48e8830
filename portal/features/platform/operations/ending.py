"""The end of a reseller, with all that it had: a few statements, however much that is."""

from sqlalchemy import Table, delete, func, select, update

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.tenancy import OfReseller
from portal.features.accounts import operations as accounts
from portal.features.customers.models import Customer, Status as CustomerStatus
from portal.features.numbers.models import NumberBlock
from portal.features.platform import queries, rules
from portal.features.platform.operations.contracts import follow
from portal.features.platform.rules import State
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.subscribers import operations as subscribers

# What papers, call records and the log still speak of. All else that belongs to a reseller is removed with it.
KEPT = frozenset(
    {
        "account",
        "audit_chain",
        "audit_entry",
        "audit_link",
        "call_record",
        "call_volume",
        "contact",
        "contract",
        "customer",
        "mail",
        "number_block",  # goes back to the platform
        "reseller",
        "sip_domain",  # for the lines that have ended in it; its name is free
        "subscriber",
    }
)


def terminate_reseller(*, by: Identity, reseller: Reseller, typed: str, with_customers: bool) -> None:
    """Irreversible. Its name, numbers, domains and hosts are free at once. Raises Refused, with nothing ended.

    `typed`: its name, to be sure; `with_customers`: those that have not ended yet end now.
    """
    rules.check_may_end(operator=reseller.operator, own=by.reseller_id == reseller.id)
    rules.check_typed(typed, reseller.name)
    queries.hold_customers(reseller.id)
    reseller = queries.hold(reseller, whole=True)
    rules.check_follows(reseller.status, State.TERMINATED)
    customers = _end_customers(reseller, allowed=with_customers)
    gone = queries.belongings(reseller.id)
    subscribers.end_everywhere(reseller_id=reseller.id)
    accounts.terminate_everywhere(reseller.id)
    _sweep(reseller)
    reseller.status, reseller.terminated_at = State.TERMINATED.value, clock.now()
    contract = queries.contract_of(reseller.id)
    if contract is not None:
        follow(by=by, contract=contract, state=State.TERMINATED)
    audit.record(
        Event.RESELLER_TERMINATED,
        by=by,
        subject=reseller.public_id,
        label=reseller.name,
        reseller_id=reseller.id,
        customers=customers,
        all_lines=gone.lines,
        released=gone.numbers,
    )
    db.session().flush()


def _end_customers(reseller: Reseller, *, allowed: bool) -> int:
    living = Customer.reseller_id == reseller.id, Customer.status != CustomerStatus.TERMINATED
    count = db.session().scalar(select(func.count()).select_from(Customer).where(*living)) or 0
    if count and not allowed:
        raise Refused("reseller-customers", field="with_customers", number=count)
    now = clock.now()
    ended = {"status": CustomerStatus.TERMINATED.value, "terminated_at": now, "changed_at": now, "version": Customer.version + 1}
    db.session().execute(update(Customer).where(*living).values(ended), execution_options=_UNSEEN)
    nothing = {"service_class_id": None, "default_profile_id": None, "domain_id": None}
    db.session().execute(update(Customer).where(Customer.reseller_id == reseller.id).values(nothing), execution_options=_UNSEEN)
    return count


_UNSEEN = {"synchronize_session": False}


def _sweep(reseller: Reseller) -> None:
    reseller.theme_version_id = None
    db.session().flush()
    granted = update(NumberBlock).where(NumberBlock.reseller_id == reseller.id)
    db.session().execute(granted.values(reseller_id=None, version=NumberBlock.version + 1), execution_options=_UNSEEN)
    for table in swept():
        db.session().execute(delete(table).where(table.c.reseller_id == reseller.id))
    domains = update(SipDomain).where(SipDomain.reseller_id == reseller.id, SipDomain.removed_at.is_(None))
    removed = domains.values(removed_at=clock.now(), version=SipDomain.version + 1)
    db.session().execute(removed, execution_options=_UNSEEN)
    db.session().expire_all()


def swept() -> list[Table]:
    """Every table of things that belong to a reseller but those kept, what points to others first."""
    theirs = {mapper.local_table for mapper in db.Base.registry.mappers if issubclass(mapper.class_, OfReseller)}
    return [table for table in reversed(db.Base.metadata.sorted_tables) if table in theirs and table.name not in KEPT]

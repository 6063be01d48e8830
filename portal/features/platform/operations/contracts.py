"""What was agreed with resellers and peering partners."""

from typing import Any

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Conflict, NotFound, Refused
from portal.core.identity import Identity
from portal.features.contacts import queries as contacts
from portal.features.contacts.models import Contact
from portal.features.customers.models import Contract, ContractProduct
from portal.features.platform import rules
from portal.features.platform.rules import State
from portal.features.resellers.models import Reseller


def add_contract(
    *,
    by: Identity,
    product: ContractProduct,
    name: str,
    contact: Contact,
    external_id: str | None = None,
    reseller: Reseller | None = None,
) -> Contract:
    contract = Contract(
        reseller_id=reseller.id if reseller else None,
        contact_id=_held(contact).id,
        product=product.value,
        name=rules.check_contract_name(name),
        external_id=external_id or None,
    )
    db.session().add(contract)
    db.session().flush()
    _record(Event.CONTRACT_ADDED, by, contract)
    return contract


def change_contract(
    *, by: Identity, contract: Contract, version: int, name: str, external_id: str | None, contact: Contact
) -> Contract:
    contract = hold(contract, version)
    wanted = {"name": rules.check_contract_name(name), "external_id": external_id or None}
    changed: dict[str, Any] = {
        what: (getattr(contract, what), now) for what, now in wanted.items() if getattr(contract, what) != now
    }
    if contract.contact_id != contact.id:
        was = db.session().get(Contact, contract.contact_id)
        changed["contact"] = (was.name if was else None, _held(contact).name)
        contract.contact_id = contact.id
    if changed:
        contract.name, contract.external_id = str(wanted["name"]), wanted["external_id"]
        contract.changed_at = clock.now()
        _record(Event.CONTRACT_CHANGED, by, contract, **changed)
        db.session().flush()
    return contract


def set_state(*, by: Identity, contract: Contract, state: State) -> Contract:
    """Of a contract with a peering partner; that of a reseller goes where its reseller goes. Raises Refused."""
    contract = hold(contract)
    if contract.product == ContractProduct.RESELLER:
        raise Refused("contract-of-reseller")
    follow(by=by, contract=contract, state=state)
    return contract


def follow(*, by: Identity, contract: Contract, state: State) -> None:
    rules.check_follows(contract.status, state)
    was, contract.status = contract.status, state.value
    contract.changed_at = clock.now()
    if state is State.TERMINATED:
        contract.terminated_at = contract.changed_at
    _record(Event.CONTRACT_STATE_CHANGED, by, contract, state=(was, state.value))
    db.session().flush()


def hold(contract: Contract, version: int | None = None) -> Contract:
    """As it is stored now, until the end of the transaction. Raises Conflict, and Refused for one that has ended."""
    db.session().refresh(contract, with_for_update={"key_share": True})
    if contract.status == State.TERMINATED:
        raise Refused("is-terminated")
    if version is not None and contract.version != version:
        raise Conflict(contract.version)
    return contract


def _held(contact: Contact) -> Contact:
    """Kept from being removed meanwhile, and of nobody but the platform."""
    try:
        held = contacts.hold(contact)
    except NotFound:
        raise Refused("system-contact-gone", field="contact") from None
    if held.reseller_id is not None:
        raise Refused("system-contact-gone", field="contact")
    return held


def _record(event: Event, by: Identity, contract: Contract, **details: Any) -> None:
    """In the log of the platform's own reseller: what was agreed with a reseller is not among the reseller's own affairs."""
    audit.record(event, by=by, subject=contract.public_id, label=contract.name, **details)

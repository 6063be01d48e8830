"""Contracts of resellers and peering partners."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.queries import last_change
from portal.features.audit.rules import told
from portal.features.customers.models import ContractProduct
from portal.features.platform import operations, queries
from portal.features.platform.forms import ContractForm, NewContractForm, PlainForm
from portal.features.platform.forms.contracts import PRODUCTS
from portal.features.platform.queries import ContractFilters, ContractSheet
from portal.features.platform.rules import State
from portal.features.platform.views.door import bp
from portal.features.platform.views.resellers import STATES
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LIST = "platform.contracts"
LATEST = 10


@bp.get("/contracts")
@within(LIST)
@requires(P.CONTRACTS)
def contracts() -> Response:
    asked = read_leafing(LIST, filters={"state": STATES, "product": PRODUCTS})
    filters = ContractFilters(asked.words, asked.values.get("product", ""), asked.values.get("state", ""))
    page = queries.contracts(filters, size=asked.size, place=asked.place)
    near: dict[str, Any] = asked.neighbours(page)
    return render("platform/contracts.html", asked=asked, filters=filters, page=page, products=PRODUCTS, **near)


@bp.route("/contracts/new", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTRACTS)
def add_contract() -> Response:
    offered = queries.system_contacts_offered()
    form = NewContractForm().offer(offered)
    if form.validate_on_submit():
        contact = queries.system_contact(PublicId(form.contact.data))
        if contact is None:
            raise NotFound
        with form.refusals():
            contract = operations.add_contract(
                by=me(),
                product=ContractProduct(form.product.data),
                name=form.name.data,
                contact=contact,
                external_id=form.external_id.data,
            )
            return done(
                _("The contract with %(name)s is there.", name=contract.name), ".contract", contract_id=contract.public_id
            )
    return render("platform/contract_new.html", form=form, offered=offered)


@bp.get("/contracts/<public_id:contract_id>")
@within(LIST)
@requires(P.CONTRACTS)
def contract(contract_id: PublicId) -> Response:
    return _page(queries.contract(contract_id))


def _page(sheet: ContractSheet, **editing: Any) -> Response:
    entries = audit.history([sheet.contract.public_id], LATEST).entries
    history = told(entries, reader=me().public_id, home_cc=tenant().home.cc)
    return render("platform/contract.html", sheet=sheet, products=PRODUCTS, history=history, **editing)


@bp.route("/contracts/<public_id:contract_id>/details", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTRACTS)
def contract_details(contract_id: PublicId) -> Response:
    sheet = _living(contract_id)
    form = ContractForm().offer(queries.system_contacts_offered(), sheet.contact)

    def save(sheet: ContractSheet, version: int) -> object:
        contact = queries.system_contact(PublicId(form.contact.data)) or sheet.contact
        return operations.change_contract(
            by=me(),
            contract=sheet.contract,
            version=version,
            name=form.name.data,
            external_id=form.external_id.data,
            contact=contact,
        )

    section = Section(
        read=lambda: _living(contract_id),
        stored=lambda sheet: (form.stored(sheet), sheet.contract.version),
        save=save,
        show=lambda sheet, **more: _page(sheet, editing=True, form=form, **more),
        last=lambda: last_change(contract_id),
        done=lambda: done(_("Saved."), ".contract", contract_id=contract_id),
    )
    return edit(form, sheet, section)


@bp.post("/contracts/<public_id:contract_id>/lock")
@within(LIST)
@requires(P.CONTRACTS)
def lock_contract(contract_id: PublicId) -> Response:
    return _turn(contract_id, State.LOCKED, _("The contract is locked."))


@bp.post("/contracts/<public_id:contract_id>/unlock")
@within(LIST)
@requires(P.CONTRACTS)
def unlock_contract(contract_id: PublicId) -> Response:
    return _turn(contract_id, State.ACTIVE, _("The contract is active again."))


@bp.route("/contracts/<public_id:contract_id>/terminate", methods=["GET", "POST"])
@within(LIST)
@requires(P.CONTRACTS)
def terminate_contract(contract_id: PublicId) -> Response:
    if request.method == "POST":
        return _turn(contract_id, State.TERMINATED, _("The contract has ended."))
    sheet = _living(contract_id)
    if sheet.reseller is not None:
        raise NotFound
    return render("platform/contract_end.html", sheet=sheet)


def _turn(contract_id: PublicId, state: State, text: str) -> Response:
    sheet, form = _living(contract_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.set_state(by=me(), contract=sheet.contract, state=state)
            return done(text, ".contract", contract_id=contract_id)
    return _page(sheet, form=form)


def _living(contract_id: PublicId) -> ContractSheet:
    """What has ended cannot be changed."""
    sheet = queries.contract(contract_id)
    if sheet.contract.status == State.TERMINATED:
        raise NotFound
    return sheet

"""How a customer goes into service, is locked, and ends."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.customers import operations, queries
from portal.features.customers.forms import LockForm, PlainForm, TerminateForm
from portal.features.customers.models import Customer, Status
from portal.features.customers.rules import LIFE
from portal.features.customers.views.door import LIST, bp
from portal.features.customers.views.sheet import page
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import Undo, done, render


@bp.post("/customers/<public_id:customer_id>/activate")
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def activate(customer_id: PublicId) -> Response:
    """Into service, or out of a lock."""
    customer, form = queries.customer(customer_id), PlainForm()
    if form.validate_on_submit():
        locked = customer.status == Status.LOCKED
        try:
            operations.activate(by=me(), customer=customer)
        except Refused as refusal:
            return done(refusal.sentence(), ".show", kind="bad", customer_id=customer_id)
        text = _("%(name)s is unlocked.", name=customer.name) if locked else _("%(name)s is in service now.", name=customer.name)
        return done(text, ".show", customer_id=customer_id)
    return page(queries.sheet(customer_id), form=form)


@bp.route("/customers/<public_id:customer_id>/lock", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT)
def lock(customer_id: PublicId) -> Response:
    """Not asked again: it says how to lift it."""
    sheet, form = queries.sheet(customer_id), LockForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.lock_customer(by=me(), customer=sheet.customer, reason=form.reason.data)
            undo = Undo("customers.activate", {"customer_id": customer_id})
            text = _("%(name)s is locked: no calls, and nobody is signed in.", name=sheet.customer.name)
            return done(text, ".show", undo=undo, customer_id=customer_id)
    elif not form.is_submitted() and Status.LOCKED not in LIFE[sheet.status]:
        raise NotFound
    return page(queries.sheet(customer_id) if form.errors else sheet, editing="life", form=form)


@bp.route("/customers/<public_id:customer_id>/terminate", methods=["GET", "POST"])
@within(LIST)
@requires(P.CUSTOMERS_EDIT, in_person=True)
def terminate(customer_id: PublicId) -> Response:
    """Says what goes with it, and asks once."""
    customer, form = _living(customer_id), TerminateForm()
    if form.validate_on_submit():
        with form.refusals():
            if not form.sure.data:
                raise Refused("customer-end-sure", field="sure")
            operations.terminate_customer(by=me(), customer=customer)
            return done(_("The contract of %(name)s has ended.", name=customer.name), ".show", customer_id=customer_id)
    goes = queries.above().belongings(customer.id)
    return render("customers/terminate.html", form=form, customer=customer, goes=goes)


def _living(customer_id: PublicId) -> Customer:
    customer = queries.customer(customer_id)
    if customer.status == Status.TERMINATED:
        raise NotFound
    return customer

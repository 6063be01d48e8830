"""A new extension of a customer, by the same rules as its pilot adds one."""

import json

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.customers import queries as customers
from portal.features.customers.models import Customer
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import CreateForm
from portal.features.pbx.views.door import bp, within
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import OutgoingNumber
from portal.features.subscribers.queries import Company
from portal.web import once
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.route("/customers/<public_id:customer_id>/lines/new-extension", methods=["GET", "POST"])
@within("customers.index")
@requires(P.LINES_EDIT, in_person=True)
def new_extension(customer_id: PublicId) -> AnyResponse:
    customer = customers.customer(customer_id)
    company = _company(customer)
    if company is None:
        return redirect(url_for("subscribers.new_line", customer_id=customer_id), code=303)
    facts, form = queries.facts(customer.id), CreateForm()
    if request.method == "GET":
        form.extension.data = str(facts.next_free or "")
    form.email.description = _("An invitation to choose a web password goes there. Left empty, nobody is invited.")
    form.offer(facts, tenant().languages, company.base.digits, tenant().home.cc, ())
    if form.validate_on_submit():
        with form.refusals():
            return _added(customer, form)
    return render("pbx/staff/new_extension.html", form=form, facts=facts, company=company, customer=customer)


def _company(customer: Customer) -> Company | None:
    """None for one that has no pilot yet."""
    try:
        return subscriber_queries.company(customer.id)
    except Refused:
        return None


def _added(customer: Customer, form: CreateForm) -> AnyResponse:
    new = operations.create_extension(
        by=me(),
        customer_id=customer.id,
        display_name=form.display_name.data,
        extension=form.extension.data,
        username=form.username.data,
        email=form.email.data,
        web_username=form.web_username.data,
        invite=bool(form.email.data),
        language=form.language.data or None,
        outgoing=OutgoingNumber(form.outgoing.data),
    )
    line = new.subscriber
    once.keep("line", json.dumps({"sip": new.sip_password}), subject=line.public_id)
    text = _("%(name)s is added.", name=line.display_name)
    if form.email.data:
        text = _("%(name)s is added, and invited by mail to %(email)s.", name=line.display_name, email=form.email.data)
    return done(text, "subscribers.line", staff_line_id=line.public_id)

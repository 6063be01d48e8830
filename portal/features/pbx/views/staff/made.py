"""What happens next with a company that has just been set up."""

import json
from urllib.parse import quote

from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.links import link
from portal.core.permissions import P
from portal.features.customers import queries as customers
from portal.features.pbx.views.door import bp, within
from portal.features.resellers import queries as resellers
from portal.features.subscribers import queries
from portal.features.subscribers.models import Kind
from portal.web import once
from portal.web.access import requires
from portal.web.qr import qr_code
from portal.web.templating import render


@bp.get("/customers/<public_id:customer_id>/set-up")
@within("customers.index")
@requires(P.CUSTOMERS_EDIT)
def company_made(customer_id: PublicId) -> AnyResponse:
    customer = customers.customer(customer_id)
    pilot = queries.first_line(customer.id)
    if pilot is None or pilot.kind != Kind.PILOT:
        raise NotFound
    sheet = queries.line_sheet(pilot.public_id)
    home = resellers.home_of(customer.reseller_id, pilot.domain_id)
    waiting = once.take("company", customer_id)
    sip = json.loads(waiting)["sip"] if waiting else None
    address = f"sip:{quote(pilot.username, safe='')}:{sip}@{sheet.domain.domain}"
    return render(
        "pbx/staff/made.html",
        customer=customer,
        sheet=sheet,
        home=home,
        sign_in_url=link(home.host, "/login"),
        unproved=[host for host in resellers.domain_sheet(sheet.domain.public_id).hosts if host.proved_at is None],
        sip=sip,
        qr=qr_code(address) if sip else None,
    )

"""A customer's calls, for the provider's staff: as the company sees them itself."""

from flask import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.calls.queries import Whose, of_customer
from portal.features.calls.views.door import bp
from portal.features.calls.views.download import file_of
from portal.features.calls.views.listing import about
from portal.features.calls.views.query import Query, read
from portal.features.customers import queries as customers
from portal.features.customers.queries import Sheet
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import render, zone
from portal.web.tenant import tenant


@bp.get("/customers/<public_id:customer_id>/calls", endpoint="of_customer")
@within("customers.index")
@requires(P.CUSTOMER_CALLS)
def calls(customer_id: PublicId) -> Response:
    sheet, seen, query = _asked(customer_id)
    return render("calls/customer.html", **about(seen, query), sheet=sheet, may_block=False, may_add=False)


@bp.get("/customers/<public_id:customer_id>/calls.csv", endpoint="customers_file")
@requires(P.CUSTOMER_CALLS)
def download(customer_id: PublicId) -> Response:
    _sheet, seen, query = _asked(customer_id)
    return file_of(seen, query)


def _asked(customer_id: PublicId) -> tuple[Sheet, Whose, Query]:
    """Raises NotFound for another provider's."""
    sheet = customers.sheet(customer_id)
    seen = of_customer(me(), sheet.customer)
    return sheet, seen, read(seen, zone(), tenant().home, customer_id=customer_id)

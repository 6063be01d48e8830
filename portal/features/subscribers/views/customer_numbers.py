"""The numbers of one customer: who has what, giving more, taking back."""

from collections.abc import Sequence

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import phone
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.customers import queries as customers
from portal.features.customers.models import Customer
from portal.features.numbers import rules as numbers
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import GiveNumbersForm, TakeBackForm
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.queries import NumberFilters
from portal.features.subscribers.views.customer_lines import home_of
from portal.features.subscribers.views.door import PLACE, bp, suggested_numbers, within
from portal.features.subscribers.views.words import KIND_WORDS
from portal.web.access import requires
from portal.web.listing import Query, page_of, read_query
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

MOST_RECEIVERS = 500


@bp.get("/customers/<public_id:customer_id>/numbers")
@within(PLACE)
@requires(P.LINES_VIEW)
def numbers_of(customer_id: PublicId) -> AnyResponse:
    customer = customers.customer(customer_id)
    found = read_query("subscribers.numbers_of", sorts=queries.NUMBER_SORTS, filters={"state": ("free", "given")})
    query = Query(found.endpoint, {**found.values, "customer_id": customer_id}, found.usual_sort)
    state = query.values.get("state")
    filters = NumberFilters(query.words, None if state is None else state == "free")
    home = tenant().home
    query, page = page_of(query, lambda asked: queries.number_page(customer.id, filters, home, **asked.window))
    return render(
        "subscribers/numbers.html",
        customer=customer,
        tab="numbers",
        query=query,
        page=page,
        filters=filters,
        counts=queries.number_counts(customer.id),
        kinds=KIND_WORDS,
    )


@bp.route("/customers/<public_id:customer_id>/numbers/give", methods=["GET", "POST"])
@within(PLACE)
@requires(P.LINES_EDIT)
def give_numbers(customer_id: PublicId) -> AnyResponse:
    customer = customers.customer(customer_id)
    lines = queries.receivers(customer.id, MOST_RECEIVERS)
    form = GiveNumbersForm().offer(lines)
    if request.method == "GET":
        form.to.data = request.args.get("to", "")
    if form.validate_on_submit():
        with form.refusals():
            return _given(customer, lines, form)
    return render(
        "subscribers/give_numbers.html",
        customer=customer,
        form=form,
        lines=lines,
        suggested=suggested_numbers(customer.reseller_id),
    )


def _given(customer: Customer, lines: Sequence[Subscriber], form: GiveNumbersForm) -> AnyResponse:
    domain = queries.line_facts(customer).domain
    parts = numbers.numbers(form.numbers.data or "", home_of(domain), field="numbers")
    to = next((one for one in lines if one.public_id == form.to.data), None)
    added = operations.give_numbers(by=me(), customer=customer, parts=parts, to=to)
    text = ngettext(
        "%(num)s number is given to %(name)s.", "%(num)s numbers are given to %(name)s.", len(added), name=customer.name
    )
    return done(text, ".numbers_of", customer_id=customer.public_id)


@bp.post("/customers/<public_id:customer_id>/numbers/take-back")
@within(PLACE)
@requires(P.LINES_EDIT)
def take_numbers_back(customer_id: PublicId) -> AnyResponse:
    """Asks first; with `go`, it is done."""
    customer = customers.customer(customer_id)
    form = TakeBackForm()
    ticked = [PublicId(one) for one in form.number.data or () if PATTERN.fullmatch(one)]
    if form.validate_on_submit():
        with form.refusals():
            if "go" in request.form or not ticked:
                gone = operations.take_numbers_back(by=me(), customer=customer, public_ids=ticked)
                return done(_taken(gone), ".numbers_of", customer_id=customer_id)
    if form.summary:
        return done(" ".join(sentence for _field, sentence in form.summary), ".numbers_of", kind="bad", customer_id=customer_id)
    return render("subscribers/take_back.html", customer=customer, numbers=queries.numbers_held(customer.id, ticked))


def _taken(digits: Sequence[str]) -> str:
    if len(digits) == 1:
        return _("%(number)s is taken back.", number=phone.spoken(digits[0], tenant().home.cc))
    return ngettext("%(num)s number is taken back.", "%(num)s numbers are taken back.", len(digits))

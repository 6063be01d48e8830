"""The numbers of the company: who has which, giving them, moving them, taking them back."""

from collections.abc import Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import phone
from portal.core.errors import Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.numbers import rules as number_rules
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import GiveForm, PlainForm
from portal.features.pbx.operations import Move
from portal.features.pbx.queries import PoolFilters, PoolNumber, PoolPage
from portal.features.pbx.views.door import bp, customer_id, told, within
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from portal.web.access import requires
from portal.web.listing import Query, read_query
from portal.web.session import me
from portal.web.templating import Undo, done, render
from portal.web.tenant import tenant

MOST_UNDONE = 30  # moves that fit into the address of a way back
LATEST = 5
LISTED = 10  # names in a message, which travels in a cookie


@bp.get("/numbers")
@within("pbx.numbers")
@requires(P.NUMBERS_VIEW)
def numbers() -> AnyResponse:
    return _list(GiveForm(formdata=None), ())


def _list(form: GiveForm, ticked: Sequence[str]) -> AnyResponse:
    query = read_query("pbx.numbers", sorts=queries.POOL_SORTS, filters={"state": ("free", "given"), "owner": None})
    owners = queries.owners(customer_id())
    owner = next((one for one in owners if one.public_id == query.values.get("owner")), None)
    state = query.values.get("state")
    filters = PoolFilters(query.words, None if state is None else state == "free", owner.public_id if owner else None)
    query, page = _page(query, filters)
    return render(
        "pbx/numbers.html",
        query=query,
        page=page,
        filters=filters,
        owner=owner,
        owners=owners,
        facts=queries.pool_facts(customer_id()),
        blocks=_blocks(queries.map_of(customer_id())) if not filters else [],
        form=form.offer(owners),
        ticked=ticked,
    )


def _page(query: Query, filters: PoolFilters) -> tuple[Query, PoolPage]:
    for wanted in (query, Query(query.endpoint, query.kept(), query.usual_sort)):
        page = queries.pool_page(
            customer_id(),
            filters,
            tenant().home,
            sort=wanted.sort,
            descending=wanted.descending,
            limit=wanted.size,
            offset=wanted.offset,
        )
        if page.numbers or wanted.page == 1:
            break
    return wanted, page


def _blocks(every: Sequence[PoolNumber]) -> list[tuple[str, str, list[PoolNumber]]]:
    """What the numbers of a block share, as it is dialled here, once plain and once for sentences; and the numbers."""
    known = {number.digits: number for number in every}
    prefixes = [(phone.display(block.numbers[0], tenant().home.cc)[:-2].rstrip(), block) for block in number_rules.blocks(known)]
    return [(prefix, f"\u2066{prefix}\u2069", [known[digits] for digits in block.numbers]) for prefix, block in prefixes]


@bp.post("/numbers")
@within("pbx.numbers")
@requires(P.NUMBERS_EDIT)
def give() -> AnyResponse:
    """What was ticked goes to somebody, or back to the pool."""
    form = GiveForm().offer(queries.owners(customer_id()))
    ticked = request.form.getlist("number")
    if form.validate_on_submit():
        with form.refusals():
            return _given(_wanted(ticked), _receiver(form))
    return _list(form, ticked)


def _wanted(ticked: Sequence[str]) -> list[PublicId]:
    return [PublicId(one) for one in ticked if PATTERN.fullmatch(one)]


def _receiver(form: GiveForm) -> Subscriber | None:
    """Who gets the numbers; None for the pool."""
    if request.form.get("return"):
        return None
    if not form.to.data:
        raise Refused("number-receiver", field="to")
    return subscriber_queries.line(PublicId(form.to.data))


def _given(wanted: Sequence[PublicId], to: Subscriber | None, back_to: str = ".numbers", **params: Any) -> AnyResponse:
    if to is None:
        moves = operations.return_numbers(by=me(), customer_id=customer_id(), numbers=wanted)
        return done(_returned(moves), back_to, undo=_undo(moves, subscriber_queries.company(customer_id()).pilot), **params)
    moves = operations.assign_numbers(by=me(), customer_id=customer_id(), numbers=wanted, to=to)
    return done(_assigned(moves, to), back_to, undo=_undo(moves, to), **params)


def _undo(moves: Sequence[Move], holder: Subscriber) -> Undo | None:
    if not 0 < len(moves) <= MOST_UNDONE:
        return None
    return Undo("pbx.undo_move", {"holder": holder.public_id, "back": [f"{move.number}.{move.was}" for move in moves]})


def _assigned(moves: Sequence[Move], to: Subscriber) -> str:
    if not moves:
        return _("%(name)s has these numbers already.", name=to.display_name)
    text = ngettext(
        "%(numbers)s now rings %(name)s.",
        "%(numbers)s now ring %(name)s.",
        len(moves),
        numbers=_named(moves),
        name=to.display_name,
    )
    return " ".join([text, *_before(moves)])


def _returned(moves: Sequence[Move]) -> str:
    if not moves:
        return _("These numbers are free already.")
    text = ngettext("%(numbers)s is back in the pool.", "%(numbers)s are back in the pool.", len(moves), numbers=_named(moves))
    return " ".join([text, *_before(moves)])


def _named(moves: Sequence[Move]) -> str:
    if len(moves) > 3:
        return ngettext("%(num)s number", "%(num)s numbers", len(moves))
    return ", ".join(phone.spoken(move.digits, tenant().home.cc) for move in moves)


def _before(moves: Sequence[Move]) -> list[str]:
    names = sorted({move.was_name for move in moves if not move.was_free})
    return [_("Before: %(names)s.", names=", ".join(names[:LISTED]) + (" …" if len(names) > LISTED else ""))] if names else []


@bp.post("/numbers/undo")
@within("pbx.numbers")
@requires(P.NUMBERS_EDIT)
def undo_move() -> AnyResponse:
    """The way back from giving or returning: where each number was stands in the address."""
    form = PlainForm()
    with form.refusals():
        moves = operations.take_back(by=me(), customer_id=customer_id(), holder=_id(request.args.get("holder", "")), back=_back())
        return done(ngettext("The number is back where it was.", "The numbers are back where they were.", len(moves)), ".numbers")
    return done(" ".join(sentence for _field, sentence in form.summary), ".numbers", kind="bad")


def _back() -> dict[PublicId, PublicId]:
    pairs = (one.partition(".") for one in request.args.getlist("back")[:MOST_UNDONE])
    return {_id(number): _id(owner) for number, _dot, owner in pairs}


def _id(typed: str) -> PublicId:
    if not PATTERN.fullmatch(typed):
        raise Refused("number-moved")
    return PublicId(typed)


@bp.route("/numbers/<public_id:number_id>", methods=["GET", "POST"])
@within("pbx.numbers")
@requires(P.NUMBERS_EDIT)
def number(number_id: PublicId) -> AnyResponse:
    found = queries.number(customer_id(), number_id)
    form = GiveForm(to="" if found.free else found.owner.public_id).offer(queries.owners(customer_id()))
    if form.validate_on_submit():
        with form.refusals():
            return _given([number_id], _receiver(form), ".number", number_id=number_id)
    before = audit_queries.of_number(customer_id(), found.digits, LATEST)
    return render(
        "pbx/number.html",
        form=form,
        number=found,
        spoken=phone.spoken(found.digits, tenant().home.cc),
        history=told(before.entries),
    )

"""The numbers of the company: who has which, giving them, moving them, taking them back."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import clock, i18n, phone
from portal.core.errors import Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries as callhandling
from portal.features.callhandling.rules import Effect, Names, effect_of_number
from portal.features.numbers import rules as number_rules
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import GiveForm, PlainForm
from portal.features.pbx.operations import Move
from portal.features.pbx.queries import Owner, PoolFilters, PoolNumber
from portal.features.pbx.views.door import bp, customer_id, told, within
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from portal.web.access import requires
from portal.web.listing import Query, page_of, read_query
from portal.web.session import me
from portal.web.templating import Undo, done, render
from portal.web.tenant import tenant

MOST_UNDONE = 100  # moves that fit into the message that offers a way back
LATEST = 5
HISTORY_SIZE = 50
LISTED = 10  # names in a message, which travels in a cookie


@bp.get("/numbers")
@within("pbx.numbers")
@requires(P.NUMBERS_VIEW)
def numbers() -> AnyResponse:
    return _list(GiveForm(formdata=None), ())


def asked(owners: Sequence[Owner]) -> tuple[Query, PoolFilters, Owner | None]:
    """The list as its address asks for it."""
    query = read_query("pbx.numbers", sorts=queries.POOL_SORTS, filters={"state": ("free", "given"), "owner": None})
    owner = next((one for one in owners if one.public_id == query.values.get("owner")), None)
    state = query.values.get("state")
    filters = PoolFilters(query.words, None if state is None else state == "free", owner.public_id if owner else None)
    return query, filters, owner


def _list(form: GiveForm, ticked: Sequence[str]) -> AnyResponse:
    owners = queries.owners(customer_id())
    query, filters, owner = asked(owners)
    query, page = page_of(query, lambda asked: queries.pool_page(customer_id(), filters, tenant().home, **asked.window))
    return render(
        "pbx/numbers.html",
        query=query,
        page=page,
        filters=filters,
        owner=owner,
        owners=owners,
        facts=queries.pool_facts(customer_id()),
        blocks=blocks_of(queries.map_of(customer_id())) if not filters else [],
        form=form.offer(owners),
        ticked=ticked,
    )


def blocks_of(every: Sequence[PoolNumber]) -> list[tuple[str, str, list[PoolNumber]]]:
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
            return given(_wanted(ticked), receiver(form))
    return _list(form, ticked)


def _wanted(ticked: Sequence[str]) -> list[PublicId]:
    return [PublicId(one) for one in ticked if PATTERN.fullmatch(one)]


def receiver(form: GiveForm) -> Subscriber | None:
    """Who gets the numbers; None for the pool."""
    if request.form.get("return"):
        return None
    if not form.to.data:
        raise Refused("number-receiver", field="to")
    return subscriber_queries.line(PublicId(form.to.data))


WayBack = Callable[[Sequence[Move], Subscriber], Undo | None]


def way_back(moves: Sequence[Move], holder: Subscriber) -> Undo | None:
    """Offered unless there is too much to carry."""
    if not 0 < len(moves) <= MOST_UNDONE:
        return None
    bundles: dict[PublicId, list[PublicId]] = defaultdict(list)
    for move in moves:
        bundles[move.was].append(move.number)
    back = " ".join(".".join([was, *together]) for was, together in bundles.items())
    return Undo("pbx.undo_move", {}, {"holder": holder.public_id, "back": back})


def given(
    wanted: Sequence[PublicId],
    to: Subscriber | None,
    back_to: str = "pbx.numbers",
    undo: WayBack = way_back,
    **params: Any,
) -> AnyResponse:
    """Gives numbers to somebody, or back to the pool, and says what was done."""
    if to is None:
        moves = operations.return_numbers(by=me(), customer_id=customer_id(), numbers=wanted)
        return done(_returned(moves), back_to, undo=undo(moves, subscriber_queries.company(customer_id()).pilot), **params)
    moves = operations.assign_numbers(by=me(), customer_id=customer_id(), numbers=wanted, to=to)
    return done(_assigned(moves, to), back_to, undo=undo(moves, to), **params)


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
    return i18n.listed(phone.spoken(move.digits, tenant().home.cc) for move in moves)


def _before(moves: Sequence[Move]) -> list[str]:
    names = sorted({move.was_name for move in moves if not move.was_free})
    return [_("Before: %(names)s.", names=i18n.listed(names[:LISTED]) + (" …" if len(names) > LISTED else ""))] if names else []


@bp.post("/numbers/undo")
@within("pbx.numbers")
@requires(P.NUMBERS_EDIT)
def undo_move() -> AnyResponse:
    """The way back from giving or returning: where each number was travels in the form of the message."""
    form = PlainForm()
    with form.refusals():
        moves = operations.take_back(by=me(), customer_id=customer_id(), holder=_id(request.form.get("holder", "")), back=_back())
        return done(ngettext("The number is back where it was.", "The numbers are back where they were.", len(moves)), ".numbers")
    return done(" ".join(sentence for _field, sentence in form.summary), ".numbers", kind="bad")


def _back() -> dict[PublicId, PublicId]:
    """Whose each number was: the owner stands before what was theirs."""
    bundles = (bundle.split(".") for bundle in request.form.get("back", "").split())
    return {_id(one): _id(owner) for owner, *together in bundles for one in together}


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
            return given([number_id], receiver(form), "pbx.number", number_id=number_id)
    before = audit_queries.of_number(customer_id(), found.digits, LATEST)
    return render(
        "pbx/number.html",
        form=form,
        number=found,
        effect_now=None if found.free else _effect(found.owner.public_id, found.digits),
        spoken=phone.spoken(found.digits, tenant().home.cc),
        history=told(before.entries),
        changes=before.total,
    )


def _effect(line_id: PublicId, digits: str) -> Effect:
    exchange = callhandling.exchange(customer_id(), [line_id])
    return effect_of_number(Names(exchange), line_id, digits, clock.now())


@bp.get("/numbers/<public_id:number_id>/history")
@within("pbx.numbers")
@requires(P.NUMBERS_VIEW)
def number_history(number_id: PublicId) -> AnyResponse:
    """Who has had it since the company has it, people and groups that are gone included."""
    found = queries.number(customer_id(), number_id)
    typed = request.args.get("page", "1")
    at = max(1, int(typed)) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    before = audit_queries.of_number(customer_id(), found.digits, HISTORY_SIZE, offset=(at - 1) * HISTORY_SIZE)
    pages = Query("pbx.number_history", {"number_id": number_id, "rows": str(HISTORY_SIZE), "page": str(at)}, "")
    return render("pbx/number_history.html", number=found, history=told(before.entries), total=before.total, query=pages)

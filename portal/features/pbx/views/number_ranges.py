"""All numbers of a range at once: looked at, given, returned."""

from collections import Counter
from collections.abc import Sequence

from flask import request
from flask_babel import ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from portal.core import phone
from portal.core.errors import Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries, rules
from portal.features.pbx.forms import NumberRangeForm, PlainForm
from portal.features.pbx.operations import Move
from portal.features.pbx.queries import Owner, PoolNumber
from portal.features.pbx.rules import Bounds
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.numbers import WayBack, blocks_of, given, receiver, way_back
from portal.features.subscribers.models import Subscriber
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import Undo, done, render
from portal.web.tenant import tenant


@bp.get("/numbers/range")
@within("pbx.numbers")
@requires(P.NUMBERS_VIEW)
def number_range() -> AnyResponse:
    """Asked for by its bounds, the page says what stands there, and offers to give it."""
    asked = "first" in request.args
    form = NumberRangeForm(MultiDict(request.args) if asked else None, meta={"csrf": False}).offer(queries.owners(customer_id()))
    if not (asked and form.validate()):
        return _page(form, ())
    with form.refusals():
        return _page(form, _numbers(form))
    return _page(form, ())


@bp.post("/numbers/range")
@within("pbx.numbers")
@requires(P.NUMBERS_EDIT)
def give_range() -> AnyResponse:
    form = NumberRangeForm().offer(queries.owners(customer_id()))
    found: Sequence[PoolNumber] = ()
    if form.validate_on_submit():
        with form.refusals():
            found = _numbers(form)
            return given([one.public_id for one in found], receiver(form), undo=_way_back(found))
    return _page(form, found)


def _bounds(form: NumberRangeForm) -> Bounds:
    return rules.bounds(form.first.data, form.last.data, tenant().home)


def _numbers(form: NumberRangeForm) -> list[PoolNumber]:
    found = queries.numbers_between(customer_id(), _bounds(form))
    if not found:
        raise Refused("range-empty", field="first")
    return found


def _page(form: NumberRangeForm, found: Sequence[PoolNumber]) -> AnyResponse:
    owners = Counter(one.owner for one in found if not one.free)
    return render(
        "pbx/number_range.html",
        form=form,
        numbers=found,
        blocks=blocks_of(found),
        bounds=_said(found),
        free=sum(one.free for one in found),
        owners=sorted(owners.items(), key=_by_count),
    )


def _said(found: Sequence[PoolNumber]) -> tuple[str, str]:
    home_cc = tenant().home.cc
    return (phone.spoken(found[0].digits, home_cc), phone.spoken(found[-1].digits, home_cc)) if found else ("", "")


def _by_count(pair: tuple[Owner, int]) -> tuple[int, str]:
    return -pair[1], pair[0].name


def _way_back(found: Sequence[PoolNumber]) -> WayBack:
    """By the bounds when all came from one, which holds for any number of them; else number by number."""

    def undo(moves: Sequence[Move], holder: Subscriber) -> Undo | None:
        was = {move.was for move in moves}
        if len(moves) != len(found) or len(was) != 1:
            return way_back(moves, holder)
        back = {"first": f"+{found[0].digits}", "last": f"+{found[-1].digits}", "holder": holder.public_id, "was": was.pop()}
        return Undo("pbx.undo_range", {}, back)

    return undo


@bp.post("/numbers/range/undo")
@within("pbx.numbers")
@requires(P.NUMBERS_EDIT)
def undo_range() -> AnyResponse:
    """The whole range goes back to who had it, if nobody has given any of it away meanwhile."""
    form = PlainForm()
    with form.refusals():
        found = queries.numbers_between(customer_id(), rules.bounds(_sent("first"), _sent("last"), tenant().home))
        moves = operations.take_back(
            by=me(), customer_id=customer_id(), holder=_owner("holder"), back={one.public_id: _owner("was") for one in found}
        )
        return done(ngettext("The number is back where it was.", "The numbers are back where they were.", len(moves)), ".numbers")
    return done(" ".join(sentence for _field, sentence in form.summary), ".numbers", kind="bad")


def _sent(name: str) -> str:
    return request.form.get(name, "")


def _owner(name: str) -> PublicId:
    if not PATTERN.fullmatch(_sent(name)):
        raise Refused("number-moved")
    return PublicId(_sent(name))

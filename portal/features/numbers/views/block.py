"""One number block: how full it is, and for the operator what is done with it."""

from typing import Any

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.numbers import operations, queries
from portal.features.numbers.forms import GrantForm, PlainForm, SplitForm, UseForm
from portal.features.numbers.queries import Cell, ListedBlock
from portal.features.numbers.views.door import bp, lines, told
from portal.features.numbers.views.listing import chosen
from portal.features.resellers import queries as resellers
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render

LATEST = 5


@bp.get("/number-blocks/<public_id:block_id>")
@requires(P.BLOCKS_VIEW)
def block(block_id: PublicId) -> AnyResponse:
    return page(queries.block(block_id))


def page(listed: ListedBlock, *, editing: str = "", **context: Any) -> AnyResponse:
    at = _at(listed)
    history = audit_queries.history([listed.block.public_id], LATEST)
    return render(
        "numbers/block.html",
        listed=listed,
        shape=listed.shape,
        at=at,
        way=_way(listed, at),
        cells=queries.cells(listed.shape, at, lines()),
        state_of=_state,
        editing=editing,
        history=told(history.entries),
        **context,
    )


def _at(listed: ListedBlock) -> str:
    """Which part of the block is looked at: all of it, or what the address says."""
    asked, shape = request.args.get("at", ""), listed.shape
    fits = asked.isascii() and asked.isdigit() and asked.startswith(shape.prefix) and len(asked) < shape.length
    return asked if fits and (len(asked) - len(shape.prefix)) % 2 == 0 else shape.prefix


def _way(listed: ListedBlock, at: str) -> list[str]:
    """From the whole block down to the part that is looked at."""
    return [at[:end] for end in range(len(listed.shape.prefix), len(at) + 1, 2)]


def _state(cell: Cell) -> str:
    if not cell.used:
        return "free"
    return "used" if cell.used >= cell.size else "own"


@bp.route("/number-blocks/<public_id:block_id>/grant", methods=["GET", "POST"])
@requires(P.BLOCKS_EDIT, in_person=True)
def grant_block(block_id: PublicId) -> AnyResponse:
    listed, providers = queries.block(block_id), resellers.resellers()
    form = GrantForm().offer(providers)
    if form.validate_on_submit():
        with form.refusals():
            reseller = chosen(providers, form.reseller.data)
            if reseller is None:
                raise Refused("block-receiver", field="reseller")
            operations.grant_block(by=me(), block=listed.block, reseller=reseller)
            return done(_("The block is granted to %(name)s.", name=reseller.name), ".block", block_id=block_id)
    return page(listed, editing="owner", form=form)


@bp.post("/number-blocks/<public_id:block_id>/take-back")
@requires(P.BLOCKS_EDIT, in_person=True)
def take_block_back(block_id: PublicId) -> AnyResponse:
    listed, form = queries.block(block_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.take_block_back(by=me(), block=listed.block)
            return done(_("The block is nobody’s again."), ".block", block_id=block_id)
    return page(queries.block(block_id), form=form)


@bp.route("/number-blocks/<public_id:block_id>/split", methods=["GET", "POST"])
@requires(P.BLOCKS_EDIT, in_person=True)
def split_block(block_id: PublicId) -> AnyResponse:
    listed = queries.block(block_id)
    form = SplitForm().offer(listed.shape)
    if form.validate_on_submit():
        with form.refusals():
            made = operations.split_block(by=me(), block=listed.block, count=form.count.data)
            text = ngettext("The block is now %(num)s block.", "The block is now %(num)s smaller blocks.", len(made))
            return done(text, ".blocks", q=f"+{listed.shape.prefix}")
    return page(listed, editing="split", form=form)


@bp.route("/number-blocks/<public_id:block_id>/use", methods=["GET", "POST"])
@requires(P.BLOCKS_EDIT, in_person=True)
def change_block(block_id: PublicId) -> AnyResponse:
    listed, form = queries.block(block_id), UseForm()
    if request.method == "GET":
        form.show(form.stored(listed.block), listed.block.version)
        return page(listed, editing="use", form=form)
    if form.validate_on_submit():
        with form.refusals():
            _save(listed, form)
            return done(_("Saved."), ".block", block_id=block_id)
    return page(listed, editing="use", form=form)


def _save(listed: ListedBlock, form: UseForm) -> None:
    """Two switches: whoever comes later sees what stands, and chooses again."""
    wanted = {"allocable": bool(form.allocable.data), "authoritative": bool(form.authoritative.data)}
    try:
        operations.change_block(by=me(), block=listed.block, version=form.version.number, **wanted)
    except Conflict as conflict:
        form.version.data = str(conflict.version)
        raise Refused("block-changed") from None


@bp.post("/number-blocks/<public_id:block_id>/remove")
@requires(P.BLOCKS_EDIT, in_person=True)
def remove_block(block_id: PublicId) -> AnyResponse:
    listed, form = queries.block(block_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_block(by=me(), block=listed.block)
            return done(_("The block is removed."), ".blocks")
    return page(listed, form=form)

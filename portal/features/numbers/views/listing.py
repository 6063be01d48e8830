"""Number blocks: those granted to a reseller; for the operator all of them, and new ones."""

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.numbers import operations, queries
from portal.features.numbers.forms import BlockForm
from portal.features.numbers.queries import BlockFilters
from portal.features.numbers.queries.blocks import SORTS
from portal.features.numbers.views.door import bp
from portal.features.resellers import queries as resellers
from portal.features.resellers.models import Reseller
from portal.web.access import requires
from portal.web.listing import page_of, read_query
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.get("/number-blocks")
@requires(P.BLOCKS_VIEW)
def blocks() -> AnyResponse:
    everybodys = me().can(P.BLOCKS_EDIT)
    providers = resellers.resellers() if everybodys else []
    query = read_query("numbers.blocks", sorts=SORTS, filters={"state": ("free", "granted"), "provider": None})
    provider = next((one for one in providers if one.public_id == query.values.get("provider")), None)
    state = query.values.get("state") if everybodys else None
    filters = BlockFilters(query.words, None if state is None else state == "free", provider.id if provider else None)
    query, page = page_of(query, lambda asked: queries.block_page(filters, tenant().home, **asked.window))
    return render(
        "numbers/blocks.html",
        query=query,
        page=page,
        filters=filters,
        providers=providers,
        provider=provider,
        everybodys=everybodys,
    )


@bp.route("/number-blocks/new", methods=["GET", "POST"])
@requires(P.BLOCKS_EDIT, in_person=True)
def new_block() -> AnyResponse:
    providers = resellers.resellers()
    form = BlockForm().offer(providers)
    if form.validate_on_submit():
        with form.refusals():
            block = operations.add_block(
                by=me(),
                first=form.first.data or "",
                size=form.size.data,
                home=tenant().home,
                reseller=chosen(providers, form.reseller.data),
                allocable=bool(form.allocable.data),
                authoritative=bool(form.authoritative.data),
            )
            return done(_("The number block is made."), ".block", block_id=block.public_id)
    return render("numbers/new_block.html", form=form)


def chosen(providers: list[Reseller], public_id: PublicId | str | None) -> Reseller | None:
    return next((one for one in providers if one.public_id == public_id), None)

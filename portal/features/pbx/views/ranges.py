"""Several extensions at once that follow one another: the same dry run as for a file."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import RangeForm, range_hint
from portal.features.pbx.rules.files import words
from portal.features.pbx.views.door import bp, customer_id, within
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import render
from portal.web.tenant import tenant

USUAL_COUNT = 10


@bp.route("/extensions/range", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.BULK, in_person=True)
def create_range() -> AnyResponse:
    facts = queries.facts(customer_id())
    form = RangeForm().offer(queries.owners(customer_id()), tenant().languages)
    if request.method == "GET":
        form.first.data, form.count.data = str(facts.next_free or ""), USUAL_COUNT
    if form.validate_on_submit():
        with form.refusals():
            return _begun(form)
    return render("pbx/range.html", form=form, hint=range_hint(facts))


def _begun(form: RangeForm) -> AnyResponse:
    run = operations.imports.create_range(
        by=me(),
        customer_id=customer_id(),
        first=form.first.data,
        count=form.count.data,
        pattern=form.pattern.data,
        common={
            "language": form.language.data,
            "outgoing": form.outgoing.data,
            "groups": words.joined(form.groups.data or ()),
            "music_on_hold": "on" if form.music_on_hold.data else "off",
        },
    )
    return redirect(url_for(".show_import", import_id=run.public_id), code=303)

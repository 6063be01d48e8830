"""The list of groups, and adding one."""

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import MOST_IN_SELECT, CreateGroupForm
from portal.features.pbx.rules import POLICY_WORDS, USUAL_RING, CancelMode, RingingPolicy
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.sections import FREE_OFFERED
from portal.web.access import requires
from portal.web.listing import page_of, read_query
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant


@bp.get("/groups")
@within("pbx.groups")
@requires(P.GROUPS_VIEW)
def groups() -> Response:
    query, page = page_of(
        read_query("pbx.groups", sorts=queries.GROUP_SORTS, filters={}),
        lambda asked: queries.group_page(customer_id(), asked.words, tenant().home, **asked.window),
    )
    facts = queries.group_facts(customer_id())
    return render("pbx/groups.html", query=query, page=page, facts=facts, policy_words=POLICY_WORDS)


@bp.route("/groups/new", methods=["GET", "POST"])
@within("pbx.groups")
@requires(P.GROUPS_EDIT)
def create_group() -> AnyResponse:
    facts = queries.group_facts(customer_id(), free=FREE_OFFERED)
    form = CreateGroupForm()
    if request.method == "GET":
        form.extension.data, form.ring_seconds.data = str(facts.next_free or ""), USUAL_RING
    people = queries.ringers(customer_id(), "", (), MOST_IN_SELECT)
    form.offer(facts, people, tenant().home.cc)
    if form.validate_on_submit():
        with form.refusals():
            return _create(form)
    return render("pbx/group_new.html", form=form, facts=facts)


def _create(form: CreateGroupForm) -> AnyResponse:
    chosen = {line.public_id: line for line in queries.lines(customer_id(), form.chosen)}
    group = operations.create_group(
        by=me(),
        customer_id=customer_id(),
        display_name=form.display_name.data,
        extension=form.extension.data,
        policy=RingingPolicy(form.policy.data),
        ring_seconds=form.ring_seconds.data,
        cancel_mode=CancelMode(form.cancel_mode.data),
        ignore_forwards=form.ignore_forwards.data,
        members=[chosen[one] for one in form.chosen if one in chosen],
        add=[PublicId(form.add.data)] if PATTERN.fullmatch(form.add.data or "") else [],
    )
    return done(_("%(name)s is added.", name=group.display_name), ".group", group_id=group.public_id)

"""The sections of a group: each is edited in place and saves on its own."""

from collections.abc import Callable

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries as handling
from portal.features.callhandling.rules import Exchange
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import GroupNumbersForm, GroupSheetForm, RingingForm, Shown
from portal.features.pbx.rules import CancelMode, RingingPolicy
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.groups.sheet import page, shown
from portal.features.pbx.views.sections import FREE_OFFERED
from portal.web.access import requires
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant

Save = Callable[[Shown, int], object]


@bp.route("/groups/<public_id:group_id>/ringing", methods=["GET", "POST"])
@within("pbx.groups")
@requires(P.GROUPS_EDIT)
def group_ringing(group_id: PublicId) -> AnyResponse:
    now = shown(group_id)
    directory = handling.directory(customer_id())
    form = RingingForm().offer(now, directory)
    return _edit(now, form, "ringing", lambda fresh, version: _ring(form, fresh, version, directory))


def _ring(form: RingingForm, now: Shown, version: int, directory: Exchange) -> None:
    operations.change_ringing(
        by=me(),
        group=now.sheet.line,
        version=version,
        policy=RingingPolicy(form.policy.data),
        ring_seconds=form.ring_seconds.data,
        cancel_mode=CancelMode(form.cancel_mode.data),
        ignore_forwards=form.ignore_forwards.data,
    )
    stored, seen = form.stored(now)["unanswered"], form.first_seen.get("unanswered")
    if now.unanswered.more or form.typed["unanswered"] == stored:
        return
    if seen != stored:  # its rule is no part of the group's own version
        raise Conflict(now.sheet.line.version)
    operations.answer_elsewhere(by=me(), group=now.sheet.line, rule=now.unanswered.rule, to=form.destination(directory))


@bp.route("/groups/<public_id:group_id>/numbers", methods=["GET", "POST"])
@within("pbx.groups")
@requires(P.GROUPS_EDIT)
def group_numbers(group_id: PublicId) -> AnyResponse:
    now = shown(group_id)
    form = GroupNumbersForm()
    form.offer(now.sheet, queries.group_facts(customer_id(), free=FREE_OFFERED), tenant().home.cc)

    def save(fresh: Shown, version: int) -> object:
        return operations.change_group(
            by=me(),
            group=fresh.sheet.line,
            version=version,
            display_name=form.display_name.data,
            extension=form.extension.data,
            keep=[PublicId(one) for one in form.keep.data or ()],
            add=[PublicId(form.add.data)] if form.add.data else [],
        )

    return _edit(now, form, "numbers", save)


def _edit(now: Shown, form: GroupSheetForm, editing: str, save: Save) -> AnyResponse:
    group_id = now.sheet.line.public_id
    if request.method == "GET":
        form.show(form.stored(now), now.sheet.line.version)
        return page(now, editing=editing, form=form, beside=False)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, now, save, lambda: again(group_id, form))
        if clashes:
            return conflict(group_id, form, editing, clashes)
        if not form.summary:
            return done(_("Saved."), ".group", group_id=group_id, _anchor=editing)
        now = shown(group_id)
    return page(now, editing=editing, form=form, beside=False)


def again(group_id: PublicId, form: GroupSheetForm) -> tuple[Shown, Values, int]:
    fresh = shown(group_id)
    return fresh, form.stored(fresh), fresh.sheet.line.version


def conflict(group_id: PublicId, form: GroupSheetForm, editing: str, clashes: tuple[str, ...]) -> AnyResponse:
    now = shown(group_id)
    theirs = form.stored(now)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, now.sheet.line.version)
    last = audit_queries.history([group_id], 1).entries
    return page(now, editing=editing, form=form, status=409, beside=False, clashes=rows, last=last[0] if last else None)

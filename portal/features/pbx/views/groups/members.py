"""Who rings in a group: order, adding, removing, and the way back."""

from collections.abc import Sequence

from flask import Response, request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import Conflict, Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.callhandling.rules import listed
from portal.features.pbx import operations, queries, rules
from portal.features.pbx.forms import MembersForm, PlainForm, Shown
from portal.features.pbx.queries import GroupSheet
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.groups.sections import again, conflict
from portal.features.pbx.views.groups.sheet import page, shown
from portal.web.access import requires
from portal.web.fields import stripped
from portal.web.listing import LONGEST_WORDS
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import Undo, done, render

MOST_UNDONE = 60  # people whose places fit into the cookie that a message travels in
MOST_OFFERED = 50
NAMED = 3
Order = Sequence[PublicId]


@bp.route("/groups/<public_id:group_id>/members", methods=["GET", "POST"])
@within("pbx.groups")
@requires(P.GROUPS_EDIT)
def group_members(group_id: PublicId) -> AnyResponse:
    now = shown(group_id)
    if request.method == "GET":
        return page(now)
    form = MembersForm().know(now.exchange)
    form.settle()
    form.arrange(request.form)
    return _save(now, form)


def _save(now: Shown, form: MembersForm) -> AnyResponse:
    before: list[Order] = []

    def write(fresh: Shown, version: int) -> None:
        before.append(operations.set_members(by=me(), group=fresh.sheet.line, version=version, members=form.order))

    if form.validate_on_submit():
        clashes = saved(form, now, write, lambda: _again(now, form))
        if clashes:
            return conflict(now.sheet.line.public_id, form, "members", clashes)
        if not form.summary:
            return _done(now.sheet, before[-1])
    return page(now, editing="members", form=form)


def _again(now: Shown, form: MembersForm) -> tuple[Shown, Values, int]:
    fresh, stored, version = again(now.sheet.line.public_id, form)
    form.know(fresh.exchange)
    form.settle_with(stored)
    return fresh, stored, version


def _done(was: GroupSheet, before: Order) -> AnyResponse:
    """`before`: what stood until now, which Undo brings back."""
    now = queries.group_sheet(was.line.public_id)
    names = {one.public_id: one.name for one in (*was.members, *now.members)}
    after = [one.public_id for one in now.members]
    params = {"group_id": was.line.public_id}
    fields = {"members": " ".join(before), "version": str(now.line.version)}
    undo = Undo("pbx.members_back", params, fields) if list(before) != after and len(before) <= MOST_UNDONE else None
    return done(_said(now.line.display_name, names, before, after), ".group", undo=undo, _anchor="members", **params)


def _said(group: str, names: dict[PublicId, str], before: Order, after: Order) -> str:
    change = rules.change(before, after)
    if change.joined and not change.left:
        people = _people(names, change.joined)
        return ngettext(
            "%(people)s now rings in %(group)s.",
            "%(people)s now ring in %(group)s.",
            len(change.joined),
            people=people,
            group=group,
        )
    if change.left and not change.joined:
        people = _people(names, change.left)
        return ngettext(
            "%(people)s no longer rings in %(group)s.",
            "%(people)s no longer ring in %(group)s.",
            len(change.left),
            people=people,
            group=group,
        )
    if change.mover:
        place = after.index(change.mover) + 1
        return _("%(name)s is now at place %(place)s in %(group)s.", name=names[change.mover], place=place, group=group)
    return _("The members of %(group)s are saved.", group=group)


def _people(names: dict[PublicId, str], who: Order) -> str:
    if len(who) > NAMED:
        return ngettext("%(num)s person", "%(num)s people", len(who))
    return listed([names.get(one, "…") for one in who])


@bp.post("/groups/<public_id:group_id>/members/back")
@within("pbx.groups")
@requires(P.GROUPS_EDIT)
def members_back(group_id: PublicId) -> AnyResponse:
    """The way back from a new order, or from adding or removing somebody, as long as nobody has changed the group since."""
    group, form = queries.group(group_id), PlainForm()
    order = [PublicId(one) for one in request.form.get("members", "").split()[:MOST_UNDONE] if PATTERN.fullmatch(one)]
    typed = request.form.get("version", "")
    version = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else 0
    try:
        with form.refusals():
            operations.set_members(by=me(), group=group, version=version, members=order)
            return done(_("The members of %(group)s are as they were.", group=group.display_name), ".group", group_id=group_id)
    except Conflict:
        text = _("Somebody has changed %(group)s in the meantime; nothing was undone.", group=group.display_name)
        return done(text, ".group", kind="bad", group_id=group_id)
    return done(" ".join(sentence for _field, sentence in form.summary), ".group", kind="bad", group_id=group_id)


@bp.route("/groups/<public_id:group_id>/members/add", methods=["GET", "POST"])
@within("pbx.groups")
@requires(P.GROUPS_EDIT)
def add_members(group_id: PublicId) -> AnyResponse:
    sheet = queries.group_sheet(group_id)
    form = PlainForm()
    ticked = [PublicId(one) for one in request.form.getlist("person") if PATTERN.fullmatch(one)]
    if form.validate_on_submit():
        with form.refusals():
            if not ticked:
                raise Refused("member-none")
            return _done(sheet, operations.join(by=me(), group=sheet.line, members=ticked))
    return _offer(sheet, form, ticked)


def _offer(sheet: GroupSheet, form: PlainForm, ticked: Order) -> Response:
    words = (stripped(request.args.get("q")) or "")[:LONGEST_WORDS]
    members = [one.public_id for one in sheet.members]
    people = queries.ringers(customer_id(), words, members, MOST_OFFERED + 1)
    return render(
        "pbx/group_add.html",
        sheet=sheet,
        form=form,
        people=people[:MOST_OFFERED],
        more=len(people) > MOST_OFFERED,
        words=words,
        ticked=ticked,
    )

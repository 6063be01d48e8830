"""Rules of forwarding: the editor, which works without JavaScript, and what the page of a line does with one press."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.core.zones import place_of
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import operations, queries
from portal.features.callhandling.forms import ForwardForm, stored
from portal.features.callhandling.models import Forward
from portal.features.callhandling.queries import Rule, Sheet
from portal.features.callhandling.rules import Exchange
from portal.features.callhandling.views.door import bp
from portal.features.callhandling.views.page import Rights, page, sheet_of
from portal.features.subscribers.rules import Feature
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import Undo, done, render, zone

MAKE = {"times": "callhandling.times_new", "callers": "callhandling.callers_new"}


@dataclass(frozen=True)
class Editor:
    """A rule that is being made or changed, with what is needed for it."""

    sheet: Sheet
    exchange: Exchange
    form: ForwardForm
    rule: Rule | None = None

    @property
    def url(self) -> str:
        line_id = self.sheet.line.public_id
        if self.rule is None:
            return url_for("callhandling.forward_new", line_id=line_id)
        return url_for("callhandling.forward", line_id=line_id, forward_id=self.rule.public_id)


def _editor(line_id: PublicId, forward_id: PublicId | None = None) -> Editor:
    """Raises NotFound, also where the profile of the line keeps the form from its person."""
    sheet = sheet_of(line_id)
    rule = next((one for one in sheet.rules if one.public_id == forward_id), None)
    if forward_id is not None and rule is None:
        raise NotFound
    if request.method == "GET" and not Rights.on(sheet).changes(Feature.FORWARDING):
        raise NotFound
    exchange = queries.directory(sheet.line.customer_id)
    form = ForwardForm(formdata=request.form if request.method == "POST" else None)
    times = queries.time_sets(sheet.line.customer_id, sheet.line.id)
    form.offer(sheet, exchange, times, queries.caller_lists(sheet.line.customer_id, sheet.line.id))
    return Editor(sheet, exchange, form, rule)


@bp.route("/call-handling/<public_id:line_id>/forwards/new", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def forward_new(line_id: PublicId) -> AnyResponse:
    editor = _editor(line_id)
    if request.method == "GET":
        editor.form.begin(request.args, zone())
        return _page(editor)
    return _rearranged(editor) or _added(editor) or _page(editor)


def _added(editor: Editor) -> AnyResponse | None:
    form = editor.form
    plan = form.plan(editor.exchange, zone()) if form.validate_on_submit() else None
    if plan is not None:
        with form.refusals():
            operations.add_forward(by=me(), line=editor.sheet.line, plan=plan, place=form.place_number)
            return done(_("Saved."), ".show", line_id=editor.sheet.line.public_id, _anchor="forwarding")
    return None


@bp.route("/call-handling/<public_id:line_id>/forwards/<public_id:forward_id>", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def forward(line_id: PublicId, forward_id: PublicId) -> AnyResponse:
    editor = _editor(line_id, forward_id)
    if request.method == "GET" and editor.rule is not None:
        editor.form.show_rule(stored(editor.rule, zone(), editor.exchange.home), editor.rule)
        return _page(editor)
    return _rearranged(editor) or _changed(editor)


def _changed(editor: Editor) -> AnyResponse:
    form, line = editor.form, editor.sheet.line
    form.settle()
    if not form.validate_on_submit() or form.plan(editor.exchange, zone()) is None:
        return _page(editor)

    def save(row: Forward, version: int) -> None:
        plan = form.plan(editor.exchange, zone())
        if plan is not None:
            operations.change_forward(by=me(), line=line, forward=row, version=version, plan=plan)

    row = queries.forward(line, editor.rule.public_id if editor.rule else PublicId(""))
    clashes = saved(form, row, save, lambda: _again(editor))
    if clashes:
        return _conflict(editor, clashes)
    if form.summary:
        return _page(editor)
    return done(_("Saved."), ".show", line_id=line.public_id, _anchor="forwarding")


def _again(editor: Editor) -> tuple[Forward, Values, int]:
    rule = _fresh(editor)
    return queries.forward(editor.sheet.line, rule.public_id), stored(rule, zone(), editor.exchange.home), rule.version


def _fresh(editor: Editor) -> Rule:
    wanted = editor.rule.public_id if editor.rule else None
    found = next((rule for rule in queries.sheet(editor.sheet.line.public_id).rules if rule.public_id == wanted), None)
    if found is None:
        raise NotFound
    return found


def _conflict(editor: Editor, clashes: tuple[str, ...]) -> AnyResponse:
    rule = _fresh(editor)
    theirs = stored(rule, zone(), editor.exchange.home)
    rows = editor.form.clashes(theirs, clashes)
    editor.form.remember(theirs, rule.version)
    last = audit_queries.history([editor.sheet.line.public_id], 1).entries
    return _page(editor, status=409, clashes=rows, last=last[0] if last else None)


def _rearranged(editor: Editor) -> AnyResponse | None:
    """Buttons of the form that do not save: another destination, another order, or off to make new times."""
    make = request.form.get("make")
    if make in MAKE:
        back = f"{editor.url}?{editor.form.as_query()}" if editor.rule is None else editor.url
        return redirect(url_for(MAKE[make], line=editor.sheet.line.public_id, next=back), code=303)
    for action in ("more", "drop", "up", "down"):
        if action in request.form:
            row = request.form[action]
            editor.form.rearrange(action, int(row) if row in {"1", "2", "3", "4", "5"} else 0)
            return _page(editor)
    return None


def _page(editor: Editor, *, status: int | None = None, **context: object) -> AnyResponse:
    return render(
        "callhandling/forward.html",
        status=status,
        form=editor.form,
        sheet=editor.sheet,
        line=editor.sheet.line,
        rule=editor.rule,
        zone_name=place_of(zone().key),
        **context,
    )


# --- with one press -------------------------------------------------------------------------------------------------------------


@bp.post("/call-handling/<public_id:line_id>/forwards/<public_id:forward_id>/switch")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def forward_switch(line_id: PublicId, forward_id: PublicId) -> AnyResponse:
    on = request.form.get("on") == "1"

    def act(sheet: Sheet, row: Forward) -> AnyResponse:
        operations.switch_forward(by=me(), line=sheet.line, forward=row, on=on)
        return _back(sheet, _("Forwarding is on.") if on else _("Forwarding is off."))

    return _pressed(line_id, forward_id, act)


@bp.post("/call-handling/<public_id:line_id>/forwards/<public_id:forward_id>/move")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def forward_move(line_id: PublicId, forward_id: PublicId) -> AnyResponse:
    def act(sheet: Sheet, row: Forward) -> AnyResponse:
        operations.move_forward(by=me(), line=sheet.line, forward=row, up=request.form.get("move") == "up")
        return _back(sheet, _("The order is changed."))

    return _pressed(line_id, forward_id, act)


@bp.post("/call-handling/<public_id:line_id>/forwards/<public_id:forward_id>/remove")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def forward_remove(line_id: PublicId, forward_id: PublicId) -> AnyResponse:
    def act(sheet: Sheet, row: Forward) -> AnyResponse:
        rule = next(one for one in sheet.rules if one.public_id == row.public_id)
        place = [one.public_id for one in (sheet.scheduled if rule.scheduled else sheet.of(rule.when))].index(row.public_id)
        operations.remove_forward(by=me(), line=sheet.line, forward=row)
        return _back(sheet, _("Forwarding is removed."), _way_back(sheet, rule, place))

    return _pressed(line_id, forward_id, act)


def _way_back(sheet: Sheet, rule: Rule, place: int) -> Undo:
    """The same rule once more, by the form that makes one."""
    typed: Mapping[str, str] = stored(rule, zone(), queries.directory(sheet.line.customer_id).home)
    more = {"scheduled": "1" if rule.scheduled else "", "place": str(place), "enabled": "" if rule.enabled else "off"}
    fields = {name: value for name, value in {**typed, **more}.items() if value}
    return Undo("callhandling.forward_new", {"line_id": sheet.line.public_id}, fields)


def _back(sheet: Sheet, text: str, undo: Undo | None = None) -> AnyResponse:
    return done(text, ".show", undo=undo, line_id=sheet.line.public_id, _anchor="forwarding")


def _pressed(line_id: PublicId, forward_id: PublicId, act: Callable[[Sheet, Forward], AnyResponse]) -> AnyResponse:
    sheet = sheet_of(line_id)
    row, form = queries.forward(sheet.line, forward_id), Form()
    if form.validate_on_submit():
        with form.refusals():
            return act(sheet, row)
    return page(queries.sheet(line_id), form=form)

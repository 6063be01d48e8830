"""Caller lists: the company's and one's own."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import operations, queries
from portal.features.callhandling.forms import CallersForm
from portal.features.callhandling.queries import KeptCallers
from portal.features.callhandling.rules import patterns
from portal.features.callhandling.views.conditions import back, may, may_change, owner_of, runs_company
from portal.features.callhandling.views.door import bp, told
from portal.features.subscribers.rules import Feature
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import customer_id, me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LATEST = 5
NAMED = 4  # numbers of a list, beside its name


@bp.get("/call-handling/callers")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def callers_list() -> AnyResponse:
    allowance = may()
    kept = queries.caller_lists(customer_id(), me().subscriber_id)
    return render(
        "callhandling/callers.html",
        shared=[one for one in kept if one.shared],
        own=[one for one in kept if not one.shared],
        in_words=_in_words,
        may_add=allowance.may_change(Feature.FORWARDING),
    )


def _in_words(kept: KeptCallers) -> str:
    """“0171 2044918, everything that starts with 0900, and colleagues”."""
    shown = [note or patterns.spoken(pattern, tenant().home) for pattern, note in list(kept.notes.items())[:NAMED]]
    more = len(kept.notes) - len(shown)
    parts = [
        *shown,
        *([_("%(count)s more numbers", count=more)] if more else []),
        *([_("hidden callers")] if kept.row.hidden else []),
        *([_("all colleagues")] if kept.row.colleagues else []),
    ]
    return i18n.listed(parts)


@bp.route("/call-handling/callers/new", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def callers_new() -> AnyResponse:
    if not may().may_change(Feature.FORWARDING):
        raise NotFound
    form = CallersForm()
    form.offer(company=runs_company())
    if form.validate_on_submit():
        with form.refusals():
            made = operations.add_callers(
                by=me(),
                line=owner_of(form),
                name=form.name.data,
                entries=form.entries.entries(tenant().home),
                hidden=form.hidden.data,
                colleagues=form.colleagues.data,
            )
            return back(_("“%(name)s” is added.", name=made.name), ".callers_list")
    return _page(form)


@bp.route("/call-handling/callers/<public_id:callers_id>", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def callers(callers_id: PublicId) -> AnyResponse:
    allowance = may()
    kept = queries.caller_list(callers_id, me().subscriber_id)
    if not may_change(kept, allowance):
        return _read_only(kept)
    form = CallersForm()
    form.settle_owner()
    if request.method == "GET":
        form.show(form.stored(kept, tenant().home), kept.row.version)
    else:
        form.settle()
        if form.validate_on_submit():
            return _save(kept, form)
    return _page(form, kept)


def _read_only(kept: KeptCallers) -> AnyResponse:
    if request.method == "POST":
        raise NotFound
    spoken = [(patterns.spoken(pattern, tenant().home), note) for pattern, note in kept.notes.items()]
    return render("callhandling/callers_shown.html", kept=kept, entries=spoken)


def _save(kept: KeptCallers, form: CallersForm) -> AnyResponse:
    def save(kept: KeptCallers, version: int) -> None:
        operations.change_callers(
            by=me(),
            callers=kept.row,
            version=version,
            name=form.name.data,
            entries=form.entries.entries(tenant().home),
            hidden=form.hidden.data,
            colleagues=form.colleagues.data,
        )

    def again() -> tuple[KeptCallers, Values, int]:
        fresh = queries.caller_list(kept.row.public_id, me().subscriber_id)
        return fresh, form.stored(fresh, tenant().home), fresh.row.version

    clashes = saved(form, kept, save, again)
    if clashes:
        return _conflict(kept.row.public_id, form, clashes)
    if form.summary:
        return _page(form, kept)
    return done(_("“%(name)s” is saved.", name=form.name.data), ".callers_list")


def _conflict(callers_id: PublicId, form: CallersForm, clashes: tuple[str, ...]) -> AnyResponse:
    kept = queries.caller_list(callers_id, me().subscriber_id)
    theirs = form.stored(kept, tenant().home)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, kept.row.version)
    last = audit_queries.history([callers_id], 1).entries
    return _page(form, kept, status=409, clashes=rows, last=last[0] if last else None)


@bp.route("/call-handling/callers/<public_id:callers_id>/remove", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def callers_remove(callers_id: PublicId) -> AnyResponse:
    allowance = may()
    kept = queries.caller_list(callers_id, me().subscriber_id)
    if not may_change(kept, allowance):
        raise NotFound
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_callers(by=me(), callers=kept.row)
            return done(_("“%(name)s” is removed.", name=kept.row.name), ".callers_list")
    return render("callhandling/callers_remove.html", form=form, kept=kept, lines_using=queries.lines_with_callers(kept.row.id))


def _page(form: CallersForm, kept: KeptCallers | None = None, *, status: int | None = None, **context: object) -> AnyResponse:
    history = audit_queries.history([kept.row.public_id], LATEST).entries if kept else []
    return render(
        "callhandling/callers_edit.html",
        status=status,
        form=form,
        kept=kept,
        history=told(history),
        lines_using=queries.lines_with_callers(kept.row.id) if kept else [],
        next=request.values.get("next", ""),
        **context,
    )

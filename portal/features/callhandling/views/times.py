"""Time sets: the company's and one's own, and the editor of their parts, which works without JavaScript."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import clock
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import operations, queries, rules
from portal.features.callhandling.forms import TimesForm
from portal.features.callhandling.queries import KeptTimes
from portal.features.callhandling.rules import Beginning, Span, Times, Typed, calendars
from portal.features.callhandling.rules.calendars import Holiday
from portal.features.callhandling.rules.overlaps import problems_of_times
from portal.features.callhandling.rules.times import next_change, on
from portal.features.callhandling.rules.timewords import moment_in_words
from portal.features.callhandling.views.conditions import back, hours_zone, may, may_change, owner_of, runs_company
from portal.features.callhandling.views.door import bp, told
from portal.features.subscribers.rules import Feature
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import customer_id, me
from portal.web.templating import done, render
from portal.web.tenant import tenant

COMING = 5  # holidays named beside a choice of them
LATEST = 5


@dataclass(frozen=True)
class State:
    """Whether times are on now, and when that changes, in words; nothing when it does not within two years."""

    on: bool
    until: str


def state_of(times: Times) -> State:
    now, zone = clock.now(), hours_zone()
    change = next_change(times, now, zone)
    return State(on(times, now, zone), moment_in_words(change, now, zone) if change else "")


@bp.get("/call-handling/times")
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def times_list() -> AnyResponse:
    allowance = may()
    kept = queries.time_sets(customer_id(), me().subscriber_id)
    return render(
        "callhandling/times.html",
        shared=[one for one in kept if one.shared],
        own=[one for one in kept if not one.shared],
        states={one.row.public_id: state_of(one.times) for one in kept},
        in_words=rules.times_in_words,
        may_add=allowance.may_change(Feature.FORWARDING),
        beginnings=_beginnings(),
    )


def _beginnings() -> list[tuple[str, str]]:
    return [
        (Beginning.OFFICE, _("Office hours")),
        (Beginning.AFTER_HOURS, _("After hours")),
        (Beginning.WEEKEND, _("Weekends")),
        (Beginning.HOLIDAYS, _("Public holidays")),
    ]


@bp.route("/call-handling/times/new", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def times_new() -> AnyResponse:
    if not may().may_change(Feature.FORWARDING):
        raise NotFound
    form = _form()
    form.offer(company=runs_company())
    if request.method == "GET":
        _begin(form)
    elif _finished(form):
        with form.refusals():
            made = operations.add_times(by=me(), line=owner_of(form), name=form.name.data, spans=_spans(form))
            return back(_("“%(name)s” is added: %(times)s.", name=made.name, times=_words(form)), ".times_list")
    return _page(form)


def _begin(form: TimesForm) -> None:
    """Empty, or with what is most often wanted."""
    which, names = request.args.get("like"), dict(_beginnings())
    if which in set(Beginning):
        spans = rules.beginning(Beginning(which), form.usual_country)
        form.take({"name": names[which], "spans": rules.spans_as_text(spans)})
    else:
        form.press("add-weekly")


@bp.route("/call-handling/times/<public_id:times_id>", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def times(times_id: PublicId) -> AnyResponse:
    allowance = may()
    kept = queries.time_set(times_id, me().subscriber_id)
    if not may_change(kept, allowance):
        return _read_only(kept)
    form = _form()
    form.settle_owner()
    if request.method == "GET":
        form.show(form.stored(kept), kept.row.version)
    else:
        form.settle()
        if _finished(form):
            return _save(kept, form)
    return _page(form, kept)


def _read_only(kept: KeptTimes) -> AnyResponse:
    if request.method == "POST":
        raise NotFound
    today = clock.today(hours_zone())
    return render(
        "callhandling/times_shown.html",
        kept=kept,
        state=state_of(kept.times),
        words=rules.times_in_words(kept.times),
        holidays=[holiday for span in kept.times.spans if not span.excluded for holiday in _coming(rules.typed_of(span), today)],
    )


def _save(kept: KeptTimes, form: TimesForm) -> AnyResponse:
    def save(kept: KeptTimes, version: int) -> None:
        operations.change_times(by=me(), times=kept.row, version=version, name=form.name.data, spans=_spans(form))

    def again() -> tuple[KeptTimes, Values, int]:
        fresh = queries.time_set(kept.row.public_id, me().subscriber_id)
        return fresh, form.stored(fresh), fresh.row.version

    clashes = saved(form, kept, save, again)
    if clashes:
        return _conflict(kept.row.public_id, form, clashes)
    if form.summary:
        return _page(form, kept)
    text = _("“%(name)s” is saved: %(times)s.", name=form.name.data, times=_words(form))
    return done(text, ".times_list")


def _conflict(times_id: PublicId, form: TimesForm, clashes: tuple[str, ...]) -> AnyResponse:
    kept = queries.time_set(times_id, me().subscriber_id)
    theirs = form.stored(kept)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, kept.row.version)
    last = audit_queries.history([times_id], 1).entries
    return _page(form, kept, status=409, clashes=rows, last=last[0] if last else None)


@bp.route("/call-handling/times/<public_id:times_id>/remove", methods=["GET", "POST"])
@within("callhandling.own")
@requires(P.CALL_HANDLING)
def times_remove(times_id: PublicId) -> AnyResponse:
    allowance = may()
    kept = queries.time_set(times_id, me().subscriber_id)
    if not may_change(kept, allowance):
        raise NotFound
    form = Form()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_times(by=me(), times=kept.row)
            return done(_("“%(name)s” is removed.", name=kept.row.name), ".times_list")
    return render("callhandling/times_remove.html", form=form, kept=kept, lines_using=queries.lines_with_times(kept.row.id))


# --- the form ----------------------------------------------------------------------------------------------------------------


def _form() -> TimesForm:
    form = TimesForm()
    form.usual_country = rules.country_of(tenant().home)
    return form


def _finished(form: TimesForm) -> bool:
    """Whether what was sent is to be saved and can be read; a button within the form only changes the form."""
    ticked = {place: frozenset(request.form.getlist(f"part_{place}_day")) for place in range(rules.MOST_SPANS + 1)}
    form.take_parts(request.form, ticked)
    pressed = request.form.get("do")
    if pressed is not None:
        form.press(pressed)
        return False
    valid = form.validate_on_submit()
    form.read()
    return valid and not form.wrong


def _spans(form: TimesForm) -> Sequence[Span]:
    return [typed.span() for typed in rules.typed_from_text(form.spans.data or "")]


def _words(form: TimesForm) -> str:
    return form.in_words("spans", form.spans.data or "")


def _page(form: TimesForm, kept: KeptTimes | None = None, *, status: int | None = None, **context: object) -> AnyResponse:
    today = clock.today(hours_zone())
    spans = [span for span in map(_readable, (part.typed for part in form.parts)) if span]
    whole = Times("", tuple(spans))
    history = audit_queries.history([kept.row.public_id], LATEST).entries if kept else []
    return render(
        "callhandling/times_edit.html",
        status=status or (422 if form.summary else 200),
        form=form,
        kept=kept,
        now=state_of(whole) if spans else None,
        words=rules.times_in_words(whole),
        findings=[one.sentence() for one in problems_of_times(whole, clock.now(), hours_zone())] if spans else [],
        week=[(str(day), rules.weekday(day), rules.weekday(day, "wide")) for day in range(7)],
        countries=calendars.countries(),
        regions=calendars.regions,
        coming=lambda typed: _coming(typed, today),
        usual_country=form.usual_country,
        beginnings=_beginnings(),
        history=told(history),
        lines_using=queries.lines_with_times(kept.row.id) if kept else [],
        next=request.values.get("next", ""),
        full=len(form.parts) >= rules.MOST_SPANS,
        **context,
    )


def _readable(typed: Typed) -> Span | None:
    try:
        return typed.span()
    except Refused:
        return None


def _coming(typed: Typed, today: date) -> list[Holiday]:
    """The next holidays of a part that is about them."""
    if typed.kind != rules.SpanKind.HOLIDAYS or not calendars.known(typed.country):
        return []
    region = typed.region if calendars.known(typed.country, typed.region or None) else ""
    return calendars.holidays_from(typed.country, region or None, today)[:COMING]

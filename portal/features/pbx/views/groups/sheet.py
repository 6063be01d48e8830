"""The page of one group, and its history."""

from typing import Any

from flask import Response, request

from portal.core import clock, i18n
from portal.core.i18n import N_
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries as handling, rules as calls
from portal.features.callhandling.rules import Call, Forwarded, Names, Outcome, Silent, Why
from portal.features.callhandling.rules.picture import SILENCE
from portal.features.pbx import queries
from portal.features.pbx.forms import MembersForm, Shown
from portal.features.pbx.rules import CANCEL_WORDS, POLICY_WORDS, unanswered
from portal.features.pbx.views.door import bp, customer_id, told, within
from portal.features.pbx.views.groups.moment import asked_moment
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.listing import Query
from portal.web.templating import render

LATEST = 5
HISTORY_SIZE = 50
FORWARDS = N_("Forwards calls")


@bp.get("/groups/<public_id:group_id>")
@within("pbx.groups")
@requires(P.GROUPS_VIEW)
def group(group_id: PublicId) -> Response:
    return page(shown(group_id))


def shown(group_id: PublicId) -> Shown:
    """Raises NotFound."""
    sheet = queries.group_sheet(group_id)
    exchange = handling.exchange(customer_id(), [group_id])
    return Shown(sheet, exchange, unanswered(exchange.lines[group_id].handling))


def page(
    now: Shown, *, editing: str = "", form: Form | None = None, status: int | None = None, beside: bool = True, **context: Any
) -> Response:
    """`beside`: with what was changed last."""
    group = now.sheet.line
    moment = asked_moment(now.exchange.zone)
    names = Names(now.exchange)
    outcome = calls.evaluate(Call(moment.at, str(group.extension)), now.exchange)
    history = audit_queries.history([group.public_id], LATEST) if beside else None
    return render(
        "pbx/group.html",
        status=status,
        form=form,
        sheet=now.sheet,
        unanswered=now.unanswered,
        unanswered_words=names.destination(now.unanswered.to) if now.unanswered.to else "",
        problems=_problems(now),
        editing=editing,
        moment=moment,
        effect_now=calls.effect(names, group.public_id, clock.now()),
        picture=calls.picture(outcome, names, group.public_id),
        told_steps=[step.whole for step in calls.told(outcome, names)],
        states=_states(outcome),
        order=form if isinstance(form, MembersForm) else _order(now),
        history=told(history.entries) if history else None,
        changes=history.total if history else 0,
        policy_words=POLICY_WORDS,
        cancel_words=CANCEL_WORDS,
        **context,
    )


def _problems(now: Shown) -> list[str]:
    """What is wrong with where its calls go; that nobody is in it shows by itself."""
    found = calls.problems_of_line(now.exchange, now.sheet.line.public_id, clock.now())
    return [one.sentence() for one in found if one.rule is not None]


def _order(now: Shown) -> MembersForm:
    form = MembersForm(formdata=None)
    form.show(form.stored(now), now.sheet.line.version)
    return form


def _states(outcome: Outcome) -> dict[PublicId, tuple[str, str]]:
    """Words and kind of state of those in a group whose phones do not simply ring."""
    states: dict[PublicId, tuple[str, str]] = {}
    for step in outcome.steps:
        if isinstance(step, Silent):
            states[step.line] = i18n.gettext(SILENCE[step.why]), "lock" if step.why is Why.LOCKED else "none"
        elif isinstance(step, Forwarded):
            states.setdefault(step.line, (i18n.gettext(FORWARDS), "none"))
    return states


@bp.get("/groups/<public_id:group_id>/history")
@within("pbx.groups")
@requires(P.GROUPS_VIEW)
def group_history(group_id: PublicId) -> Response:
    group = queries.group(group_id)
    typed = request.args.get("page", "1")
    number = max(int(typed), 1) if typed.isascii() and typed.isdigit() and len(typed) < 6 else 1
    found = audit_queries.history([group.public_id], HISTORY_SIZE, offset=(number - 1) * HISTORY_SIZE)
    pages = Query("pbx.group_history", {"group_id": group_id, "rows": str(HISTORY_SIZE), "page": str(number)}, "")
    return render("pbx/group_history.html", group=group, history=told(found.entries), total=found.total, query=pages)

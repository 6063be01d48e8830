"""“What happens if …?”: a call to think of, answered by the rules that real calls are served from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.core import clock, i18n, phone
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.callhandling import rules
from portal.features.callhandling.forms import TryForm
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Exchange, Names, Phones, Picture, Told
from portal.web.dates import full, weekday
from portal.web.session import me
from portal.web.templating import clock_time, zone


@dataclass(frozen=True)
class Trial:
    """`head`: when who calls whom. `steps`: what comes of it while nobody answers."""

    head: str
    steps: Sequence[Told]
    picture: Picture | None


def try_it(form: TryForm, sheet: Sheet, exchange: Exchange, known: Mapping[str, str]) -> Trial | None:
    """None when nothing was asked, or nothing that can be understood."""
    company = me().can(P.CALL_HANDLING_COMPANY)
    asked = form.call(exchange, zone(), any_line=company) if form.asked() else None
    line = exchange.at(asked[0].called) if asked else None
    if asked is None or line is None:
        return None
    call, caller = asked
    outcome = rules.evaluate(call, exchange, _phones(form.state, line.public_id, exchange))
    names = Names(exchange, known)
    if not company:
        own = exchange.lines[sheet.line.public_id].handling.forwards
        mine = rules.forward_numbers(own) | {call.caller or ""}
        names, outcome = rules.Discreet(exchange, known, shown=mine), rules.discreet(outcome, sheet.line.public_id)
    told = rules.told(outcome, names)
    local = call.at.astimezone(zone())
    head = _(
        "%(day)s, %(time)s: %(caller)s calls %(called)s.",
        day=_day(local),
        time=clock_time(call.at),
        caller=rules.shown_caller(caller, names, hidden=call.hidden),
        called=_called(call.called, line.public_id, names),
    )
    picture = rules.picture(outcome, names) if outcome.seconds else None
    return Trial(head, told, picture)


def _phones(state: Phones | None, line: PublicId, exchange: Exchange) -> Mapping[PublicId, Phones]:
    """Without a state, those that are signed in are free."""
    return rules.all_phones(line, state, exchange) if state else {}


def _day(local: datetime) -> str:
    spoken = i18n.current()
    today = clock.today(zone())
    return _("%(weekday)s, %(day)s", weekday=weekday(local.date(), spoken), day=full(local.date(), spoken, today.year))


def _called(dialled: str, line: PublicId, names: Names) -> str:
    """The line, and the number that was dialled where that is one of its further ones."""
    found = names.exchange.lines[line]
    if dialled in {found.extension, *found.numbers[:1]}:
        return names.place(line)
    number = phone.spoken(dialled, names.exchange.home.cc)
    return _("%(name)s at %(number)s", name=names.place(line), number=number)

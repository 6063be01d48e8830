"""The page of a line: what happens with its calls. Sections are edited in place, each by a view of its own."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, g

from portal.core import clock, i18n
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries
from portal.features.callhandling.forms import TryForm
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import Exchange, Names, effect, patterns, problems_of_line
from portal.features.callhandling.views.door import told
from portal.features.callhandling.views.shown import cases, changes
from portal.features.callhandling.views.trying import try_it
from portal.features.customers.rules import FEATURE_TEXTS
from portal.features.phonebook import queries as phonebook
from portal.features.subscribers.rules import Allowance, Feature, Level
from portal.web.forms import Form
from portal.web.nav import Card
from portal.web.session import me
from portal.web.templating import render, zone
from portal.web.tenant import tenant

LATEST = 5


@dataclass(frozen=True)
class Rights:
    """What whoever looks may see and change of a line.

    Whoever runs the company goes as far as its class of service, and is told what is idle.
    """

    company: bool
    allowance: Allowance
    ceiling: Allowance

    @classmethod
    def on(cls, sheet: Sheet) -> "Rights":
        """Of whoever is signed in."""
        return cls(me().can(P.CALL_HANDLING_COMPANY), sheet.allowance, sheet.ceiling)

    @property
    def _own(self) -> Allowance:
        return self.ceiling if self.company else self.allowance

    def sees(self, feature: str) -> bool:
        return self._own.may_use(Feature(feature))

    def changes(self, feature: str) -> bool:
        return self._own.may_change(Feature(feature))

    def idle(self, feature: str) -> bool:
        """Kept, but not in force: the profile of the line turns it off."""
        return not self.allowance.may_use(Feature(feature))

    def not_sold(self) -> list[str]:
        """What the class of service does without, for whoever runs the company."""
        return [i18n.gettext(FEATURE_TEXTS[feature].title) for feature in self.ceiling.at(Level.OFF)] if self.company else []


def sheet_of(line_id: PublicId | None) -> Sheet:
    """A line that whoever is signed in may look at; None for the own one. Raises NotFound for those of others."""
    sheet = queries.sheet(line_id, own=me().subscriber_id if line_id is None else None)
    if sheet.line.id != me().subscriber_id and not me().can(P.CALL_HANDLING_COMPANY):
        raise NotFound
    return sheet


def page(sheet: Sheet, *, editing: str = "", form: Form | None = None, status: int | None = None, **context: Any) -> Response:
    """`editing`: the section that `form` stands in."""
    history = audit_queries.history([sheet.line.public_id], LATEST)
    trying = TryForm.read(sheet, zone(), tenant().home.cc)
    exchange = queries.exchange(sheet.line.customer_id, None if trying.asked() else [sheet.line.public_id])
    known = phonebook.names(phonebook.reader(me()), _numbers(sheet, exchange, trying))
    names, own = Names(exchange, known), sheet.line.id == me().subscriber_id
    g.card = Card(sheet.company, sheet.base)
    return render(
        "callhandling/line.html",
        status=status,
        form=form,
        sheet=sheet,
        line=sheet.line,
        handling=sheet.handling,
        allowance=sheet.allowance,
        rights=Rights.on(sheet),
        own=own,
        effect_now=effect(names, sheet.line.public_id, clock.now(), own=own),
        editing=editing,
        trying=trying,
        trial=try_it(trying, sheet, exchange, known),
        problems=_problems(sheet, exchange),
        cases=cases(sheet, names),
        changes=changes(sheet, names),
        history=told(history.entries),
        home_cc=tenant().home.cc,
        spoken=partial(patterns.spoken, home=tenant().home),
        **context,
    )


def _numbers(sheet: Sheet, exchange: Exchange, trying: TryForm) -> set[str]:
    """The numbers outside that the page can speak of."""
    places = [place for rule in sheet.rules for place in rule.places] + [*sheet.speed_dials.values()]
    stored = {place.number for place in places if place.number}
    led_to = {one.number for line in exchange.lines.values() for rule in line.handling.forwards for one in rule.destinations}
    typed = {trying.caller_digits(exchange)} if trying.asked() else set()
    return {number for number in stored | (led_to if trying.asked() else set()) | typed if number}


def _problems(sheet: Sheet, exchange: Exchange) -> dict[PublicId | None, list[str]]:
    """What is wrong, by rule."""
    found: dict[PublicId | None, list[str]] = {}
    for one in problems_of_line(exchange, sheet.line.public_id, clock.now()):
        found.setdefault(one.rule, []).append(one.sentence())
    return found

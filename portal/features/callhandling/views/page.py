"""The page of a line: what happens with its calls. Sections are edited in place, each by a view of its own."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Response, g

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.callhandling import queries
from portal.features.callhandling.queries import Sheet
from portal.features.callhandling.rules import patterns
from portal.features.callhandling.views.door import told
from portal.features.callhandling.views.shown import cases, changes
from portal.features.subscribers.rules import Allowance, Feature
from portal.web.forms import Form
from portal.web.nav import Card
from portal.web.session import me
from portal.web.templating import render
from portal.web.tenant import tenant

LATEST = 5


@dataclass(frozen=True)
class Rights:
    """What whoever looks may see and change of a line. Whoever runs the company may change all, and is told what is idle."""

    company: bool
    allowance: Allowance

    def sees(self, feature: str) -> bool:
        return self.company or self.allowance.may_use(Feature(feature))

    def changes(self, feature: str) -> bool:
        return self.company or self.allowance.may_change(Feature(feature))

    def idle(self, feature: str) -> bool:
        """Kept, but not in force: the profile of the line turns it off."""
        return not self.allowance.may_use(Feature(feature))


def sheet_of(line_id: PublicId | None) -> Sheet:
    """A line that whoever is signed in may look at; None for the own one. Raises NotFound for those of others."""
    sheet = queries.sheet(line_id, own=me().subscriber_id if line_id is None else None)
    if sheet.line.id != me().subscriber_id and not me().can(P.CALL_HANDLING_COMPANY):
        raise NotFound
    return sheet


def page(sheet: Sheet, *, editing: str = "", form: Form | None = None, status: int | None = None, **context: Any) -> Response:
    """`editing`: the section that `form` stands in."""
    history = audit_queries.history([sheet.line.public_id], LATEST)
    exchange = queries.exchange(sheet.line.customer_id, [sheet.line.public_id])
    g.card = Card(sheet.company, sheet.base)
    return render(
        "callhandling/line.html",
        status=status,
        form=form,
        sheet=sheet,
        line=sheet.line,
        handling=sheet.handling,
        allowance=sheet.allowance,
        rights=Rights(me().can(P.CALL_HANDLING_COMPANY), sheet.allowance),
        editing=editing,
        cases=cases(sheet, exchange),
        changes=changes(sheet, exchange),
        history=told(history.entries),
        home_cc=tenant().home.cc,
        spoken=partial(patterns.spoken, home=tenant().home),
        **context,
    )

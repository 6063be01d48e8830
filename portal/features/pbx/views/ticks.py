"""What the pages about ticked people share: who was ticked, what is asked before, and what is said after."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n
from portal.core.errors import Refused
from portal.core.ids import PATTERN, PublicId
from portal.features.pbx import queries
from portal.features.pbx.operations.ticked import Left, Outcome
from portal.features.pbx.queries import TickedPerson
from portal.features.pbx.rules import why
from portal.features.pbx.views.door import customer_id
from portal.features.pbx.views.listing import list_query
from portal.web.forms import Form
from portal.web.listing import Query
from portal.web.templating import Undo, done, render

LISTED = 10  # names in a message, which travels in a cookie
MOST_BACK = 2400  # signs of a way back, which travels with it


@dataclass(frozen=True)
class Ticks:
    """Who was ticked on which page of the list."""

    query: Query
    ids: tuple[PublicId, ...]

    @property
    def going(self) -> bool:
        """Whether the page that asks before was answered; else the list has led there, and nothing is typed yet."""
        return "go" in request.form

    @property
    def typed(self) -> Any:
        return request.form if self.going else None

    @cached_property
    def people(self) -> Sequence[TickedPerson]:
        """Those who are still there."""
        return [one for one in queries.ticked(customer_id(), self.ids) if not one.gone]

    def page(self, template: str, form: Form, **context: Any) -> AnyResponse:
        if not self.people:
            return self.back(_("They have all been removed in the meantime."), kind="bad")
        return render(template, form=form, ticks=self, people=self.people, **context)

    def answer(self, outcome: Outcome[Any], text: str, undo: Undo | None = None) -> AnyResponse:
        """Back to the list, which says what was done and who was left out."""
        left = told(outcome.left)
        if not outcome.changed:
            return self.back(" ".join([_("Nothing was changed."), *left]), kind="bad")
        return self.back(" ".join([text, *left]), undo=undo)

    def back(self, text: str, *, undo: Undo | None = None, kind: str = "good") -> AnyResponse:
        return done(text, "pbx.extensions", undo=undo, kind=kind, **self.query.values)

    def undo(self, what: str, was: Mapping[PublicId, Any], **fields: str) -> Undo | None:
        """The way back, unless what stood before is too much to carry."""
        bundles: dict[str, list[PublicId]] = defaultdict(list)
        for public_id, value in was.items():
            bundles[json.dumps(value)].append(public_id)
        carried = json.dumps(bundles, separators=(",", ":"))
        if not was or len(carried) > MOST_BACK:
            return None
        return Undo("pbx.untick", self.query.values, {"do": what, "back": carried, **fields})


def read_ticks() -> Ticks:
    typed = request.form.getlist("extension")
    return Ticks(list_query(), tuple(dict.fromkeys(PublicId(one) for one in typed if PATTERN.fullmatch(one))))


def read_back() -> dict[PublicId, Any]:
    """What stood before, by whose it was. Raises Refused for what this page has not written itself."""
    try:
        bundles = json.loads(request.form.get("back", ""))
        return {PublicId(one): json.loads(value) for value, ids in bundles.items() for one in ids if PATTERN.fullmatch(one)}
    except (ValueError, TypeError, AttributeError, RecursionError):
        raise Refused("ticked-back") from None


def told(left: Sequence[Left]) -> list[str]:
    """Who was left out, a sentence for each reason."""
    names: dict[str, list[str]] = defaultdict(list)
    for one in left:
        names[why(one.refusal)].append(one.name)
    return [_("%(reason)s: %(names)s.", reason=reason, names=listed(who)) for reason, who in names.items()]


def listed(names: Sequence[str]) -> str:
    shown, more = i18n.listed(names[:LISTED]), len(names) - LISTED
    return ngettext("%(shown)s and %(num)s more", "%(shown)s and %(num)s more", more, shown=shown) if more > 0 else shown

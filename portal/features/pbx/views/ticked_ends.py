"""Ticked people are invited, or removed: only by the pilot in person."""

from collections.abc import Sequence

from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n, phone
from portal.core.permissions import P
from portal.features.pbx.forms import PlainForm
from portal.features.pbx.operations import ticked as operations
from portal.features.pbx.queries import TickedPerson
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.ticks import read_ticks
from portal.web.access import requires
from portal.web.session import me
from portal.web.tenant import tenant


@bp.post("/extensions/ticked/invite")
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, in_person=True)
def invite_ticked() -> AnyResponse:
    ticks, form = read_ticks(), PlainForm()
    if not ticks.ids:
        return ticks.back(_("Tick the people first."), kind="bad")
    if ticks.going and form.validate_on_submit():
        with form.refusals():
            outcome = operations.invite(by=me(), customer_id=customer_id(), people=ticks.ids)
            text = ngettext(
                "An invitation is on its way to %(address)s.",
                "%(num)s invitations are on their way.",
                len(outcome.changed),
                address=outcome.changed[0].was if outcome.changed else "",
            )
            return ticks.answer(outcome, text)
    return ticks.page("pbx/ticked_invite.html", form, invited=[one for one in ticks.people if invitable(one)])


def invitable(person: TickedPerson) -> bool:
    return bool(person.email) and person.account is not None and not person.has_password


@bp.post("/extensions/ticked/remove")
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT, in_person=True)
def remove_ticked() -> AnyResponse:
    ticks, form = read_ticks(), PlainForm()
    if not ticks.ids:
        return ticks.back(_("Tick the people first."), kind="bad")
    if ticks.going and form.validate_on_submit():
        with form.refusals():
            outcome = operations.remove(by=me(), customer_id=customer_id(), people=ticks.ids)
            text = ngettext("%(name)s is removed.", "%(num)s people are removed.", len(outcome.changed), name=_first(outcome))
            return ticks.answer(outcome, text)
    return ticks.page("pbx/ticked_remove.html", form, goes={one.public_id: _goes(one) for one in ticks.people})


def _first(outcome: operations.Outcome[None]) -> str:
    return outcome.changed[0].name if outcome.changed else ""


def _goes(person: TickedPerson) -> Sequence[str]:
    """What ends together with somebody, besides the extension and the own number."""
    sentences = []
    if person.numbers:
        listed = i18n.listed(phone.spoken(digits, tenant().home.cc) for digits in person.numbers)
        sentences.append(_("Back to the pool: %(numbers)s.", numbers=listed))
    if person.groups:
        sentences.append(_("Leaves %(groups)s.", groups=i18n.listed(person.groups)))
    if person.account:
        sentences.append(_("The sign-in ends: %(name)s.", name=person.account))
    return sentences

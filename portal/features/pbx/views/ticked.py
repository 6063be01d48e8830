"""The same for the people who were ticked in the list: a page asks what is to be known, then it is done for all of them."""

from collections.abc import Callable, Mapping
from typing import Any

from babel import UnknownLocaleError
from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n
from portal.core.errors import NotFound, Refused
from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.pbx import queries, rules
from portal.features.pbx.forms import GroupForm, LanguageForm, LockForm, PlainForm, ProfileChoiceForm
from portal.features.pbx.operations import ticked as operations
from portal.features.pbx.operations.ticked import Outcome, Wish
from portal.features.pbx.rules import LOCK_WORDS
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.profiles import agreement, to_ask, wanted_profile
from portal.features.pbx.views.ticks import Ticks, read_back, read_ticks
from portal.features.subscribers import queries as subscriber_queries
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import Allowance, LockLevel
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import Undo
from portal.web.tenant import tenant

LOCK = LockLevel.OUTGOING
ODD = (AttributeError, LookupError, TypeError, ValueError, UnknownLocaleError)  # a way back that this page has not written


@bp.post("/extensions/ticked")
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def ticked() -> AnyResponse:
    ticks, act = read_ticks(), ACTS.get(request.form.get("do", ""))
    if act is None:
        raise NotFound
    if not ticks.ids:
        return ticks.back(_("Tick the people first."), kind="bad")
    return act(ticks)


def _lock(ticks: Ticks) -> AnyResponse:
    form = LockForm(ticks.typed, level=str(LOCK.value)).offer()
    if ticks.going and form.validate_on_submit():
        with form.refusals():
            wish = Wish(LockLevel(int(form.level.data)), form.reason.data)
            outcome = operations.set_locks(by=me(), customer_id=customer_id(), wanted=dict.fromkeys(ticks.ids, wish))
            return ticks.answer(outcome, _locked(outcome, wish.level), _undo_locks(ticks, outcome))
    return ticks.page("pbx/ticked_lock.html", form)


def _locked(outcome: Outcome[Wish | None], level: LockLevel) -> str:
    return ngettext(
        "%(name)s is locked: %(level)s.",
        "%(num)s people are locked: %(level)s.",
        len(outcome.changed),
        name=_name(outcome),
        level=i18n.gettext(LOCK_WORDS[level].title),
    )


def _unlock(ticks: Ticks) -> AnyResponse:
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            outcome = operations.set_locks(by=me(), customer_id=customer_id(), wanted=dict.fromkeys(ticks.ids))
            text = ngettext("%(name)s is unlocked.", "%(num)s people are unlocked.", len(outcome.changed), name=_name(outcome))
            return ticks.answer(outcome, text, _undo_locks(ticks, outcome))
    return ticks.back(" ".join(sentence for _field, sentence in form.summary), kind="bad")


def _undo_locks(ticks: Ticks, outcome: Outcome[Wish | None]) -> Undo | None:
    return ticks.undo("lock", {one.public_id: one.was and [one.was.level, one.was.reason] for one in outcome.changed})


def _join(ticks: Ticks) -> AnyResponse:
    form = GroupForm(ticks.typed).offer(queries.groups(customer_id()))
    if ticks.going and form.validate_on_submit():
        with form.refusals():
            group = _group(form.group.data)
            outcome = operations.join_group(by=me(), customer_id=customer_id(), people=ticks.ids, group=group)
            text = ngettext(
                "%(name)s now rings in %(group)s, as the last one.",
                "%(num)s people now ring in %(group)s, as the last ones.",
                len(outcome.changed),
                name=_name(outcome),
                group=group.display_name,
            )
            return ticks.answer(outcome, text, ticks.undo("leave", _was(outcome), group=group.public_id))
    return ticks.page("pbx/ticked_group.html", form, joining=True)


def _leave(ticks: Ticks) -> AnyResponse:
    form = GroupForm(ticks.typed).offer(queries.groups(customer_id()))
    if ticks.going and form.validate_on_submit():
        with form.refusals():
            group = _group(form.group.data)
            outcome = operations.leave_group(by=me(), customer_id=customer_id(), people=ticks.ids, group=group)
            text = ngettext(
                "%(name)s no longer rings in %(group)s.",
                "%(num)s people no longer ring in %(group)s.",
                len(outcome.changed),
                name=_name(outcome),
                group=group.display_name,
            )
            return ticks.answer(outcome, text, ticks.undo("join", _was(outcome), group=group.public_id))
    return ticks.page("pbx/ticked_group.html", form, joining=False)


def _group(chosen: str | None) -> Subscriber:
    if not chosen or not PATTERN.fullmatch(chosen):
        raise Refused("ticked-group", field="group")
    return queries.group(PublicId(chosen))


def _language(ticks: Ticks) -> AnyResponse:
    form = LanguageForm(ticks.typed).offer(tenant().languages)
    if ticks.going and form.validate_on_submit():
        with form.refusals():
            chosen = form.language.data or None
            outcome = operations.set_languages(by=me(), customer_id=customer_id(), wanted=dict.fromkeys(ticks.ids, chosen))
            text = ngettext(
                "%(name)s has another language: %(language)s.",
                "%(num)s people have another language: %(language)s.",
                len(outcome.changed),
                name=_name(outcome),
                language=i18n.own_name(chosen) if chosen else _("as the company"),
            )
            return ticks.answer(outcome, text, ticks.undo("language", _was(outcome)))
    return ticks.page("pbx/ticked_language.html", form)


def _profile(ticks: Ticks) -> AnyResponse:
    form = ProfileChoiceForm(ticks.typed).offer(subscriber_queries.profiles(customer_id()))
    if not (me().can(P.PROFILES_EDIT) and ticks.people):
        raise NotFound
    if ticks.going and form.validate_on_submit():
        wanted = wanted_profile(form.profile.data)
        counts = wanted or subscriber_queries.default_profile(customer_id())
        lost = queries.losing(customer_id(), queries.these(ticks.ids), Allowance(counts.levels if counts else None))
        if to_ask(lost):
            return ticks.page("pbx/ticked_profile.html", form, lost=rules.losses(lost), agreed=agreement(lost))
        with form.refusals():
            outcome = operations.set_profiles(by=me(), customer_id=customer_id(), wanted=dict.fromkeys(ticks.ids, wanted))
            text = ngettext(
                "%(name)s has the profile “%(profile)s”.",
                "%(num)s people have the profile “%(profile)s”.",
                len(outcome.changed),
                name=_name(outcome),
                profile=wanted.name if wanted else _("as the company"),
            )
            return ticks.answer(outcome, text, ticks.undo("profile", _was(outcome)))
    return ticks.page("pbx/ticked_profile.html", form)


def _name(outcome: Outcome[Any]) -> str:
    return outcome.changed[0].name if outcome.changed else ""


def _was(outcome: Outcome[Any]) -> dict[PublicId, Any]:
    return {one.public_id: one.was for one in outcome.changed}


ACTS: Mapping[str, Callable[[Ticks], AnyResponse]] = {
    "lock": _lock,
    "unlock": _unlock,
    "join": _join,
    "leave": _leave,
    "language": _language,
    "profile": _profile,
}


@bp.post("/extensions/ticked/undo")
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def untick() -> AnyResponse:
    """The way back: what stood before travels in the form of the message."""
    form, ticks = PlainForm(), read_ticks()
    if form.validate_on_submit():
        with form.refusals():
            outcome = _back(request.form.get("do", ""), read_back())
            return ticks.answer(outcome, _("Everything is as it was before."))
    return ticks.back(" ".join(sentence for _field, sentence in form.summary), kind="bad")


def _back(what: str, was: dict[PublicId, Any]) -> Outcome[Any]:
    try:
        return BACK[what](was)
    except (NotFound, *ODD):
        raise Refused("ticked-back") from None


def _locks_back(was: dict[PublicId, Any]) -> Outcome[Any]:
    wanted = {one: Wish(LockLevel(value[0]), str(value[1])) if value else None for one, value in was.items()}
    return operations.set_locks(by=me(), customer_id=customer_id(), wanted=wanted)


def _languages_back(was: dict[PublicId, Any]) -> Outcome[Any]:
    for code in filter(None, was.values()):
        i18n.own_name(code)  # raises for what is none
    return operations.set_languages(by=me(), customer_id=customer_id(), wanted=was)


def _profiles_back(was: dict[PublicId, Any]) -> Outcome[Any]:
    before = {chosen: wanted_profile(chosen) for chosen in set(was.values())}
    wanted = {one: before[chosen] for one, chosen in was.items()}
    return operations.set_profiles(by=me(), customer_id=customer_id(), wanted=wanted)


def _left_again(was: dict[PublicId, Any]) -> Outcome[Any]:
    group = _group(request.form.get("group"))
    return operations.leave_group(by=me(), customer_id=customer_id(), people=was.keys(), group=group)


def _joined_again(was: dict[PublicId, Any]) -> Outcome[Any]:
    places, group = {one: int(place) for one, place in was.items()}, _group(request.form.get("group"))
    return operations.return_to_group(by=me(), customer_id=customer_id(), places=places, group=group)


BACK: Mapping[str, Callable[[dict[PublicId, Any]], Outcome[Any]]] = {
    "lock": _locks_back,
    "language": _languages_back,
    "profile": _profiles_back,
    "leave": _left_again,
    "join": _joined_again,
}

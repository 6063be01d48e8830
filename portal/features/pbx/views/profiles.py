"""Profiles: what people may use and change on their lines, and who has which."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.pbx import queries, rules
from portal.features.pbx.forms import PlainForm, ProfileForm
from portal.features.pbx.rules import LEVEL_WORDS
from portal.features.pbx.views.door import bp, customer_id, told, within
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Profile
from portal.features.subscribers.queries import ProfileUse
from portal.features.subscribers.rules import Allowance, Feature, Level
from portal.web.access import requires
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import Undo, done, render

LATEST = 5
Lost = Mapping[Feature, int]


def to_ask(lost: Lost) -> bool:
    """Whether something goes out of force that whoever saves was not told of yet."""
    return not {feature.value for feature in lost} <= set(request.form.get("agreed", "").split())


def wanted_profile(chosen: str | None) -> Profile | None:
    """The one of this public id. Raises NotFound when there is none; nothing chosen is none."""
    return subscriber_queries.profile(customer_id(), PublicId(chosen)) if chosen and PATTERN.fullmatch(chosen) else None


def agreement(lost: Iterable[Feature]) -> str:
    """What a form sends back when its person was told, and saves all the same."""
    return " ".join(feature.value for feature in lost)


@bp.get("/profiles")
@within("pbx.extensions")
@requires(P.PROFILES_EDIT)
def profiles() -> Response:
    every = subscriber_queries.profiles(customer_id())
    default = next((one for one in every if one.default), None)
    return render(
        "pbx/profiles.html",
        profiles=every,
        default=default,
        fixed={one.profile.id: rules.titles(one.allowance, Level.USE) for one in every},
        absent={one.profile.id: rules.titles(one.allowance, Level.OFF) for one in every},
    )


@bp.route("/profiles/new", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.PROFILES_EDIT)
def new_profile() -> AnyResponse:
    form = _form()
    if form.validate_on_submit():
        with form.refusals():
            made = subscribers.add_profile(by=me(), customer_id=customer_id(), name=form.name.data, levels=form.levels)
            return done(_("“%(name)s” is added. Nobody has it yet.", name=made.name), ".profile", profile_id=made.public_id)
    return render("pbx/profile_new.html", form=form, level_words=LEVEL_WORDS)


@bp.route("/profiles/<public_id:profile_id>", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.PROFILES_EDIT)
def profile(profile_id: PublicId) -> AnyResponse:
    use, form = _use(profile_id), _form()
    if request.method == "GET":
        form.show(form.stored(use.profile), use.profile.version)
        return _page(use, form)
    form.settle()
    if not form.validate_on_submit():
        return _page(use, form)
    lost = queries.losing(customer_id(), queries.under(customer_id(), profile_id), Allowance.of(form.levels))
    if to_ask(lost):
        return _page(use, form, lost=lost)
    return _save(use, form)


def _form() -> ProfileForm:
    return ProfileForm().under(subscriber_queries.ceiling_of(customer_id()))


def _use(profile_id: PublicId) -> ProfileUse:
    wanted = subscriber_queries.profile(customer_id(), profile_id)
    return next(one for one in subscriber_queries.profiles(customer_id()) if one.profile.id == wanted.id)


def _save(use: ProfileUse, form: ProfileForm) -> AnyResponse:
    def save(profile: Profile, version: int) -> object:
        return subscribers.change_profile(by=me(), profile=profile, version=version, name=form.name.data, levels=form.levels)

    clashes = saved(form, use.profile, save, lambda: _again(use.profile.public_id, form))
    if clashes:
        return _conflict(use.profile.public_id, form, clashes)
    if not form.summary:
        return done(_("Saved."), ".profile", profile_id=use.profile.public_id)
    return _page(_use(use.profile.public_id), form)


def _again(profile_id: PublicId, form: ProfileForm) -> tuple[Profile, Values, int]:
    fresh = subscriber_queries.held_profile(subscriber_queries.profile(customer_id(), profile_id))
    return fresh, form.stored(fresh), fresh.version


def _conflict(profile_id: PublicId, form: ProfileForm, clashes: tuple[str, ...]) -> AnyResponse:
    use = _use(profile_id)
    theirs = form.stored(use.profile)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, use.profile.version)
    last = audit_queries.history([profile_id], 1).entries
    return _page(use, form, status=409, clashes=rows, last=last[0] if last else None)


def _page(use: ProfileUse, form: ProfileForm, *, lost: Lost | None = None, **context: Any) -> AnyResponse:
    history = audit_queries.history([use.profile.public_id], LATEST)
    return render(
        "pbx/profile.html",
        form=form,
        use=use,
        level_words=LEVEL_WORDS,
        lost=rules.losses(lost or {}),
        agreed=agreement(lost or {}),
        history=told(history.entries),
        **context,
    )


@bp.post("/profiles/default")
@within("pbx.extensions")
@requires(P.PROFILES_EDIT)
def default_profile() -> AnyResponse:
    """What counts for everybody without a profile of their own: one of the profiles, or none."""
    wanted, form = wanted_profile(request.form.get("profile")), PlainForm()
    if wanted is not None and form.validate_on_submit():
        lost = queries.losing(customer_id(), queries.without_own(), Allowance(wanted.levels))
        if to_ask(lost):
            return render("pbx/profile_default.html", form=form, profile=wanted, lost=rules.losses(lost), agreed=agreement(lost))
    with form.refusals():
        was = subscribers.make_default(by=me(), customer_id=customer_id(), profile=wanted)
        back = {"profile": was.public_id if was else "", "agreed": agreement(Feature)}
        return done(_now(wanted), ".profiles", undo=Undo("pbx.default_profile", {}, back))
    return done(" ".join(sentence for _field, sentence in form.summary), ".profiles", kind="bad")


def _now(profile: Profile | None) -> str:
    if profile is None:
        return _("Everybody without a profile of their own may use and change everything.")
    return _("Everybody without a profile of their own now has “%(name)s”.", name=profile.name)


@bp.route("/profiles/<public_id:profile_id>/remove", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.PROFILES_EDIT)
def remove_profile(profile_id: PublicId) -> AnyResponse:
    use, form = _use(profile_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            subscribers.remove_profile(by=me(), profile=use.profile)
            return done(_("“%(name)s” is removed.", name=use.profile.name), ".profiles")
    return render("pbx/profile_remove.html", form=form, use=use)

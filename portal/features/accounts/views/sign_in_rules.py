"""What the reseller asks of those who sign in, and its provider for single sign-on."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import links
from portal.core.errors import Conflict, NotFound
from portal.core.permissions import P
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.forms import CheckForm, ExpiryForm, FactorForm, ProviderForm, SectionForm
from portal.features.accounts.queries import Asked
from portal.features.accounts.views.single_sign_on import gateway
from portal.features.resellers import queries as resellers
from portal.web.access import requires
from portal.web.nav import Group, Place
from portal.web.session import me
from portal.web.templating import done, render

bp = Blueprint("sign_in_rules", __name__)
PLACES = [
    Place(
        "accounts.sign_in_rules.show", _l("Sign-in rules"), "shield-check", 85, permission=P.SIGN_IN_RULES, group=Group.PROVIDER,
    )
]
TRIES = 3
Save = Callable[[int], object]


@bp.get("/sign-in-rules")
@requires(P.SIGN_IN_RULES)
def show() -> Response:
    return _page(queries.asked(_own()))


def _own() -> int:
    """The reseller of whoever is signed in: staff have one, the operator the platform's."""
    own = me().reseller_id
    if own is None:
        raise NotFound
    return own


def _may_set_up(asked: Asked) -> bool:
    return rules.may_set_up(me().role, operator=asked.operators)


def _page(asked: Asked, **editing: Any) -> Response:
    back = [(host, links.link(host, url_for("accounts.return_from_provider"))) for host in resellers.hosts(_own())]
    return render(
        "accounts/sign_in_rules.html",
        asked=asked,
        groups=rules.groups_of(asked.roles),
        group_words=rules.GROUP_WORDS,
        concerned=queries.concerned(_own(), asked.password_days),
        back=back,
        may_set_up=_may_set_up(asked),
        **editing,
    )


@bp.route("/sign-in-rules/second-factor", methods=["GET", "POST"])
@requires(P.SIGN_IN_RULES, confirmed=True, in_person=True)
def second_factor() -> Response:
    form = FactorForm()

    def save(version: int) -> object:
        return operations.change_factor_groups(by=me(), reseller_id=_own(), version=version, groups=form.groups.data or ())

    return _edit(form, "second-factor", save)


@bp.route("/sign-in-rules/passwords", methods=["GET", "POST"])
@requires(P.SIGN_IN_RULES, confirmed=True, in_person=True)
def passwords() -> Response:
    form = ExpiryForm()

    def save(version: int) -> object:
        return operations.change_password_days(by=me(), reseller_id=_own(), version=version, days=form.days.data)

    return _edit(form, "passwords", save)


@bp.route("/sign-in-rules/provider", methods=["GET", "POST"])
@requires(P.SIGN_IN_RULES, confirmed=True, in_person=True)
def provider() -> Response:
    asked = queries.asked(_own())
    if not _may_set_up(asked):
        raise NotFound
    form = ProviderForm().offer(asked)

    def save(version: int) -> object:
        return operations.change_provider(
            by=me(),
            reseller_id=_own(),
            version=version,
            gateway=gateway(),
            name=form.name.data,
            issuer=form.issuer.data,
            client_id=form.client_id.data,
            client_secret=form.client_secret.data or None,
            opens_for=form.opens_for.data,
            active=form.active.data,
        )

    return _edit(form, "provider", save)


@bp.post("/sign-in-rules/provider/check")
@requires(P.SIGN_IN_RULES, in_person=True)
def check() -> Response:
    asked, form = queries.asked(_own()), CheckForm()
    if asked.provider is None:
        raise NotFound
    if form.validate_on_submit():
        with form.refusals():
            return _page(asked, found=operations.check_issuer(gateway(), asked.provider.issuer))
    return _page(asked, form=form, summary_title=_("The provider cannot be used as it is"))


def _edit(form: SectionForm, editing: str, save: Save) -> Response:
    if request.method == "GET":
        form.show(queries.asked(_own()))
    elif form.validate_on_submit():
        changed = _save(form, save)
        if changed:
            asked = queries.asked(_own())
            form.remember(asked)
            return _page(asked, editing=editing, form=form, status=409, changed=changed)
        if not form.summary:
            return done(_("Saved."), ".show", _anchor=editing)
    return _page(queries.asked(_own()), editing=editing, form=form)


def _save(form: SectionForm, save: Save) -> Any:
    """Saves. What somebody else has saved in another section does not matter; of this one, says what is different now."""
    version = form.version.number
    for _attempt in range(TRIES):
        try:
            with form.refusals():
                save(version)
        except Conflict:
            asked = queries.asked(_own())
            changed = form.changed_meanwhile(asked)
            if changed:
                return changed
            version = form.stored_version(asked)
        else:
            return ()
    raise Conflict(version)

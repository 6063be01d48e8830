"""One reseller: what it is and has, in sections that are edited in place."""

from collections.abc import Callable
from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n, zones
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.queries import last_change
from portal.features.audit.rules import told
from portal.features.platform import operations, queries
from portal.features.platform.forms import AdministratorForm, BasicsForm, LimitsForm
from portal.features.platform.queries import Sheet
from portal.features.platform.rules import State
from portal.features.platform.views.door import bp
from portal.features.platform.views.resellers import LIST
from portal.features.resellers.models import Reseller
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LATEST = 10
Save = Callable[[Reseller, int], object]


@bp.get("/resellers/<public_id:reseller_id>")
@within(LIST)
@requires(P.RESELLERS_VIEW)
def reseller(reseller_id: PublicId) -> Response:
    return page(queries.sheet(reseller_id))


def page(sheet: Sheet, **editing: Any) -> Response:
    one, contract = sheet.reseller, sheet.contract
    subjects = [one.public_id, *([contract.public_id] if contract else [])]
    return render(
        "platform/reseller.html",
        sheet=sheet,
        staff=queries.staff(one.id),
        time_zone=zones.place_of(one.time_zone),
        own_name=i18n.own_name,
        history=told(audit.history(subjects, LATEST).entries, reader=me().public_id, home_cc=tenant().home.cc),
        may_edit=me().can(P.RESELLERS_EDIT) and one.status != State.TERMINATED,
        may_end=me().can(P.RESELLERS_EDIT) and not one.operator and one.id != me().reseller_id,
        **editing,
    )


@bp.route("/resellers/<public_id:reseller_id>/basics", methods=["GET", "POST"])
@within(LIST)
@requires(P.RESELLERS_EDIT)
def basics(reseller_id: PublicId) -> Response:
    form = BasicsForm().offer()

    def save(reseller: Reseller, version: int) -> object:
        return operations.change_reseller(
            by=me(), reseller=reseller, version=version, name=form.name.data, time_zone=form.time_zone.data
        )

    return _edit(reseller_id, form, "basics", save)


@bp.route("/resellers/<public_id:reseller_id>/limits", methods=["GET", "POST"])
@within(LIST)
@requires(P.RESELLERS_EDIT)
def limits(reseller_id: PublicId) -> Response:
    form = LimitsForm().offer()

    def save(reseller: Reseller, version: int) -> object:
        return operations.change_limits(
            by=me(),
            reseller=reseller,
            version=version,
            max_subscribers=form.max_subscribers.data,
            blocks_only=form.blocks_only.data,
        )

    return _edit(reseller_id, form, "limits", save)


@bp.route("/resellers/<public_id:reseller_id>/administrators/new", methods=["GET", "POST"])
@within(LIST)
@requires(P.RESELLERS_EDIT)
def invite(reseller_id: PublicId) -> Response:
    one, form = living(reseller_id), AdministratorForm()
    if form.validate_on_submit():
        with form.refusals():
            account = operations.invite_administrator(by=me(), reseller=one, name=form.admin.data, email=form.email.data or "")
            return done(
                _("An invitation is on its way to %(address)s.", address=account.email), ".reseller", reseller_id=reseller_id
            )
    return render("platform/reseller_invite.html", form=form, reseller=one)


def living(reseller_id: PublicId) -> Reseller:
    """What has ended cannot be changed, so there is nothing to change it with."""
    found = queries.reseller(reseller_id)
    if found.status == State.TERMINATED:
        raise NotFound
    return found


def _edit(reseller_id: PublicId, form: BasicsForm | LimitsForm, editing: str, save: Save) -> Response:
    section = Section(
        read=lambda: living(reseller_id),
        stored=lambda one: (form.stored(one), one.version),
        save=save,
        show=lambda _one, **more: page(queries.sheet(reseller_id), editing=editing, form=form, **more),
        last=lambda: last_change(reseller_id),
        done=lambda: done(_("Saved."), ".reseller", reseller_id=reseller_id, _anchor=editing),
    )
    return edit(form, living(reseller_id), section)

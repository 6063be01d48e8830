"""One member of the staff: what they may do, and whether they can sign in at all."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P, Role
from portal.features.accounts import operations, queries
from portal.features.accounts.forms import PlainForm, RightsForm
from portal.features.accounts.forms.staff import hints
from portal.features.accounts.queries import StaffMember
from portal.features.accounts.views.person import may_help
from portal.features.accounts.views.staff import bp, less, may_change, own, roles
from portal.features.audit import queries as audit
from portal.features.audit.queries import last_change
from portal.features.audit.rules import told
from portal.web.access import requires
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LATEST = 10


@bp.get("/staff/<public_id:staff_id>")
@requires(P.STAFF_VIEW)
def show(staff_id: PublicId) -> Response:
    return _page(queries.staff_member(own(), staff_id))


@bp.route("/staff/<public_id:staff_id>/rights", methods=["GET", "POST"])
@requires(P.STAFF_EDIT, confirmed=True, in_person=True)
def rights(staff_id: PublicId) -> Response:
    member, form = _changeable(staff_id), RightsForm().offer(roles(), me().withheld)

    def save(member: StaffMember, version: int) -> object:
        role, chosen = Role(form.role.data), form.rights.data or ()
        return operations.change_staff(by=me(), account=member.account, version=version, role=role, rights=chosen)

    section = Section(
        read=lambda: queries.staff_member(own(), staff_id),
        stored=lambda member: (form.stored(member), member.account.version),
        save=save,
        show=lambda member, **more: _page(member, editing="rights", form=form, **more),
        last=lambda: last_change(staff_id),
        done=lambda: done(_("Saved. It counts from the next page on."), ".show", staff_id=staff_id, _anchor="may-do"),
    )
    return edit(form, member, section)


@bp.route("/staff/<public_id:staff_id>/lock", methods=["GET", "POST"])
@requires(P.STAFF_EDIT, confirmed=True, in_person=True)
def lock(staff_id: PublicId) -> Response:
    member, form = _changeable(staff_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.lock_staff(by=me(), account=member.account)
            return done(_("%(name)s is locked, and signed out everywhere.", name=member.account.name), ".show", staff_id=staff_id)
    return render("accounts/staff_lock.html", form=form, member=member)


@bp.route("/staff/<public_id:staff_id>/unlock", methods=["GET", "POST"])
@requires(P.STAFF_EDIT, confirmed=True, in_person=True)
def unlock(staff_id: PublicId) -> Response:
    member, form = _changeable(staff_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.unlock_staff(by=me(), account=member.account)
            return done(_("%(name)s can sign in again.", name=member.account.name), ".show", staff_id=staff_id)
    return render("accounts/staff_unlock.html", form=form, member=member)


@bp.route("/staff/<public_id:staff_id>/end", methods=["GET", "POST"])
@requires(P.STAFF_EDIT, confirmed=True, in_person=True)
def end(staff_id: PublicId) -> Response:
    member, form = _changeable(staff_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.terminate_staff(by=me(), account=member.account)
            return done(_("The account of %(name)s has ended.", name=member.account.name), ".index")
    return render("accounts/staff_end.html", form=form, member=member)


def _changeable(staff_id: PublicId) -> StaffMember:
    """Whom somebody may not change, for them there is nothing to change."""
    member = queries.staff_member(own(), staff_id)
    if not may_change(member.account):
        raise NotFound
    return member


def _page(member: StaffMember, *, editing: str = "", **more: Any) -> Response:
    account = member.account
    history = audit.history([account.public_id], LATEST)
    return render(
        "accounts/staff_member.html",
        member=member,
        editing=editing,
        hints=hints(),
        less=less(account),
        changeable=may_change(account),
        help=may_help(account),
        history=told(history.entries, reader=me().public_id, home_cc=tenant().home.cc),
        **more,
    )

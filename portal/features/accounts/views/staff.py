"""The provider's own staff: the list, and inviting somebody."""

from typing import Any

from flask import Blueprint
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core.errors import NotFound
from portal.core.permissions import STAFF, P, Role
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.forms import InviteForm
from portal.features.accounts.forms.staff import hints
from portal.features.accounts.models import Account
from portal.features.accounts.queries import StaffFilters
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import Group, Place as NavPlace
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

bp = Blueprint("staff", __name__)
PLACES = [NavPlace("accounts.staff.index", _l("Staff"), "headset", 50, permission=P.STAFF_VIEW, group=Group.PROVIDER)]


FILTERS = {"role": sorted(STAFF), "locked": ("1",)}


def own() -> int:
    """The provider whose staff it is: that of whoever is signed in, the platform's for operators."""
    reseller_id = me().reseller_id
    if reseller_id is None:
        raise NotFound
    return reseller_id


def roles() -> tuple[Role, ...]:
    """Which roles whoever is signed in can give here."""
    return rules.roles_given(me().role, operator=tenant().operator)


def may_change(account: Account) -> bool:
    """Nobody changes what they may do themselves."""
    who = me()
    return who.can(P.STAFF_EDIT) and account.id != who.account_id and account.role in roles()


@bp.get("/staff")
@requires(P.STAFF_VIEW)
def index() -> Response:
    asked = read_leafing("accounts.staff.index", filters=FILTERS)
    role = asked.values.get("role")
    filters = StaffFilters(asked.words, Role(role) if role else None, "locked" in asked.values)
    page = queries.staff(own(), filters, size=asked.size, place=asked.place)
    near: dict[str, Any] = asked.neighbours(page)
    return render(
        "accounts/staff.html",
        asked=asked,
        filters=filters,
        page=page,
        total=queries.count_staff(own(), filters),
        roles=[role for role in rules.ROLE_WORDS if role is not Role.OPERATOR or tenant().operator],
        less=less,
        **near,
    )


def less(account: Account) -> list[str]:
    """What somebody does not have of what the role has, in words."""
    return [_(rules.RIGHT_WORDS[one][1]) for one in rules.missed(account.role, account.withheld)]


@bp.route("/staff/new", methods=["GET", "POST"])
@requires(P.STAFF_EDIT, confirmed=True, in_person=True)
def invite() -> Response:
    form = InviteForm().offer(roles(), me().withheld)
    if form.validate_on_submit():
        with form.refusals():
            email = form.email.data or ""
            account = operations.invite_staff(
                by=me(),
                reseller_id=own(),
                role=Role(form.role.data),
                name=form.name.data,
                email=email,
                rights=form.rights.data or (),
            )
            sent = _(
                "%(name)s is invited: a mail with a link is on its way to %(address)s.", name=account.name, address=account.email
            )
            return done(sent, ".show", staff_id=account.public_id)
    return render("accounts/staff_new.html", form=form, hints=hints())

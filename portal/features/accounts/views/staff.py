"""The provider's own staff: the list, and inviting somebody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response

from portal.core import ids
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import STAFF, P, Role
from portal.features.accounts import operations, queries, rules
from portal.features.accounts.forms import InviteForm
from portal.features.accounts.forms.staff import hints
from portal.features.accounts.models import Account
from portal.features.accounts.queries import Place, StaffFilters
from portal.web.access import requires
from portal.web.listing import LONGEST_WORDS, SIZES, USUAL_SIZE
from portal.web.nav import Group, Place as NavPlace
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

bp = Blueprint("staff", __name__)
PLACES = [NavPlace("accounts.staff.index", _l("Staff"), "headset", 50, permission=P.STAFF_VIEW, group=Group.PROVIDER)]


@dataclass(frozen=True)
class Asked:
    """What the address of the list says; what is not offered is left out."""

    values: Mapping[str, str]

    @property
    def filters(self) -> StaffFilters:
        role = self.values.get("role")
        return StaffFilters(self.values.get("q", ""), Role(role) if role else None, "locked" in self.values)

    @property
    def size(self) -> int:
        return int(self.values.get("rows", USUAL_SIZE))

    @property
    def place(self) -> Place | None:
        for name in ("before", "after"):
            if name in self.values:
                return Place(PublicId(self.values[name]), back=name == "before")
        return None

    def kept(self, *without: str) -> dict[str, str]:
        return {name: value for name, value in self.values.items() if name not in {"before", "after", *without}}

    def url(self, **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted: dict[str, Any] = {**self.kept(), **changes}
        return url_for(".index", **{name: value for name, value in wanted.items() if value is not None})

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=None if size == USUAL_SIZE else size), size == self.size) for size in SIZES]


def _is_id(value: str) -> bool:
    return ids.PATTERN.fullmatch(value) is not None


OFFERED = {
    "role": lambda value: value in set(STAFF),
    "locked": lambda value: value == "1",
    "rows": lambda value: value in {str(size) for size in SIZES if size != USUAL_SIZE},
    "before": _is_id,
    "after": _is_id,
}


def _asked() -> Asked:
    values = {name: value for name, offered in OFFERED.items() if (value := request.args.get(name)) and offered(value)}
    words = request.args.get("q", "").strip()[:LONGEST_WORDS].replace("\0", "")
    return Asked({**values, "q": words} if words else values)


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
    asked = _asked()
    page = queries.staff(own(), asked.filters, size=asked.size, place=asked.place)
    return render(
        "accounts/staff.html",
        asked=asked,
        page=page,
        roles=[role for role in rules.ROLE_WORDS if role is not Role.OPERATOR or tenant().operator],
        less=less,
        earlier=asked.url(before=page.rows[0].account.public_id) if page.rows and page.earlier else "",
        further=asked.url(after=page.rows[-1].account.public_id) if page.rows and page.further else "",
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

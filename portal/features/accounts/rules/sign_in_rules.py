"""What a reseller may ask of those who sign in."""

from collections.abc import Collection, Mapping

from portal.core.errors import declare
from portal.core.i18n import N_
from portal.core.permissions import Role

MOST_PASSWORD_DAYS = 3650

declare("changed-meanwhile", N_("Somebody else has just saved this. Load the page again to see it."))

# Who is asked together: the operator's own administrators are administrators too.
GROUPS: Mapping[str, tuple[Role, ...]] = {
    "administrators": (Role.OPERATOR, Role.RESELLER),
    "care": (Role.CARE,),
    "pilots": (Role.PILOT,),
    "subscribers": (Role.SUBSCRIBER,),
}
GROUP_WORDS: Mapping[str, str] = {
    "administrators": N_("Administrators"),
    "care": N_("Customer care"),
    "pilots": N_("Pilots"),
    "subscribers": N_("Subscribers"),
}


def groups_of(roles: Collection[str]) -> list[str]:
    return [name for name, members in GROUPS.items() if all(role in roles for role in members)]


def roles_of(groups: Collection[str]) -> list[str]:
    return [role.value for name, members in GROUPS.items() if name in groups for role in members]

"""Who may look after the accounts of a provider's staff, and which of their rights each has."""

from collections.abc import Collection, Mapping

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.core.permissions import GRANTS, WITHHOLDS, P, Role, Withheld, granted

declare("staff-role", N_("This role cannot be given here."))
declare("staff-self", N_("Somebody else has to do this: nobody changes what they may do themselves."))
declare("staff-above", N_("Operators are looked after by operators."))
declare(
    "last-administrator",
    N_("Nobody would be left who can look after the staff here. Make somebody else an administrator first."),
)
declare("staff-locked", N_("This account is locked already."))
declare("mail-not-moved", N_("Links to new passwords go to this address. Ask somebody who helps with passwords to change it."))
declare("staff-not-locked", N_("This account is not locked."))

# Of the staff, by the role of whoever gives it.
GIVES: Mapping[Role, tuple[Role, ...]] = {
    Role.OPERATOR: (Role.OPERATOR, Role.RESELLER, Role.CARE),
    Role.RESELLER: (Role.RESELLER, Role.CARE),
}
ROLE_WORDS: Mapping[Role, str] = {
    Role.OPERATOR: N_("Operator"),
    Role.RESELLER: N_("Administrator"),
    Role.CARE: N_("Customer care"),
}
ROLE_HINTS: Mapping[Role, str] = {
    Role.OPERATOR: N_("Runs the platform: resellers, their contracts and number blocks, and all that an administrator does."),
    Role.RESELLER: N_("Brand, domains, customers and their lines, sign-in rules, and who else works here."),
    Role.CARE: N_("Helps customers: sees them and their lines, looks after contacts, locks lines, helps with signing in."),
}
# What somebody may, and what it says when they may not.
RIGHT_WORDS: Mapping[Withheld, tuple[str, str]] = {
    Withheld.CHANGES: (N_("Changes things"), N_("Only looks, changes nothing")),
    Withheld.CALLS: (N_("Sees calls"), N_("Sees no calls")),
    Withheld.BILLING: (N_("Sees billing and costs"), N_("Sees no billing and no costs")),
    Withheld.PASSWORDS: (N_("Helps with passwords and lost factors"), N_("Does not help with passwords and lost factors")),
}
RIGHTS = tuple(RIGHT_WORDS)


def roles_given(giver: Role | None, *, operator: bool) -> tuple[Role, ...]:
    """`operator`: at the reseller that runs the platform; operators are nowhere else."""
    given = GIVES.get(giver, ()) if giver is not None else tuple(ROLE_WORDS)
    return tuple(role for role in given if operator or role is not Role.OPERATOR)


def check_role(role: Role, giver: Role | None, *, operator: bool) -> Role:
    """Raises Refused at the field “role”."""
    if role not in roles_given(giver, operator=operator):
        raise Refused("staff-role", field="role")
    return role


def withheld_of(rights: Collection[str]) -> list[str]:
    """What is withheld from somebody who has these rights and no others."""
    return sorted(one.value for one in RIGHTS if one.value not in rights)


def given(giver: Collection[str], rights: Collection[str], before: Collection[str]) -> list[str]:
    """What is withheld then. Of what is withheld from the giver nothing is given or taken: it stays as `before`."""
    chosen = (one for one in withheld_of(rights) if one not in giver)
    return sorted({*chosen, *(str(one) for one in before if one in giver)})


def rights_of(withheld: Collection[str]) -> list[str]:
    return [one.value for one in RIGHTS if one.value not in withheld]


def missed(role: str, withheld: Collection[str]) -> list[Withheld]:
    """What is withheld that the role would have. Who changes nothing does not help with passwords either."""
    told = [one for one in RIGHTS if one.value in withheld and WITHHOLDS[one] & GRANTS[Role(role)]]
    return [one for one in told if one is not Withheld.PASSWORDS or Withheld.CHANGES not in told]


def looks_after_staff(role: str, withheld: Collection[str]) -> bool:
    return P.STAFF_EDIT in granted(Role(role), withheld)


def is_last(keepers: Collection[int], account_id: int) -> bool:
    """`keepers`: who can look after the staff."""
    return account_id in keepers and len(keepers) == 1

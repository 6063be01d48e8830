"""The life of resellers and contracts: active and locked as often as need be, terminated once and for all."""

from collections.abc import Mapping
from enum import StrEnum, auto

from portal.core.errors import Refused, declare
from portal.core.i18n import N_

LONGEST_NAME = 63
LONGEST_CONTRACT_NAME = 127


class State(StrEnum):
    ACTIVE = auto()
    LOCKED = auto()
    TERMINATED = auto()


FOLLOWS: Mapping[State, frozenset[State]] = {
    State.ACTIVE: frozenset({State.LOCKED, State.TERMINATED}),
    State.LOCKED: frozenset({State.ACTIVE, State.TERMINATED}),
    State.TERMINATED: frozenset(),
}

declare("reseller-name", N_("Give the reseller a name of at most %(longest)s characters."))
declare("reseller-languages", N_("Choose at least one language."))
declare("admin-name", N_("Say who it is."))
declare("admin-taken", N_("Somebody of this reseller’s staff has this e-mail address already."))
declare("reseller-limit", N_("%(used)s lines are in use already; the limit cannot be lower."))
declare("reseller-own", N_("This is the platform’s own reseller; it can be neither locked nor terminated."))
declare("reseller-signed-in", N_("You are signed in under this reseller; somebody else has to do this."))
declare(
    "reseller-customers", N_("There are customers that have not ended (%(number)s). Tick that they end too, or end them first.")
)
declare("reseller-typed", N_("Type the name as it stands above, “%(name)s”, to be sure."))
declare("contract-name", N_("Give the contract a name of at most %(longest)s characters."))
declare("contract-second", N_("This reseller has a contract already."))
declare("contract-of-reseller", N_("This contract follows its reseller: lock or terminate the reseller instead."))
declare("system-contact-gone", N_("This system contact has been removed meanwhile. Choose another one."))
declare("is-active", N_("It is not locked any more."))
declare("is-locked", N_("It is locked already."))
declare("is-terminated", N_("It has been terminated and cannot be changed any more."))


def check_follows(now: str, wanted: State) -> None:
    """Raises Refused when this state cannot follow the present one."""
    present = State(now)
    if wanted not in FOLLOWS[present]:
        raise Refused("is-terminated" if present is State.TERMINATED else f"is-{present}")


def check_may_end(*, operator: bool, own: bool) -> None:
    """`own`: whoever acts is signed in under this reseller. Raises Refused for whom nobody may lock or terminate."""
    if operator:
        raise Refused("reseller-own")
    if own:
        raise Refused("reseller-signed-in")


def check_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_NAME:
        raise Refused("reseller-name", field="name", longest=LONGEST_NAME)
    return name


def check_contract_name(typed: str) -> str:
    name = " ".join(typed.split())
    if not 1 <= len(name) <= LONGEST_CONTRACT_NAME:
        raise Refused("contract-name", field="name", longest=LONGEST_CONTRACT_NAME)
    return name


def check_typed(typed: str, name: str) -> None:
    """A name typed once more, so that nothing irreversible happens by a slip."""
    if " ".join(typed.split()).casefold() != name.casefold():
        raise Refused("reseller-typed", field="typed", name=name)


def check_limit(limit: int | None, used: int) -> None:
    if limit is not None and limit < used:
        raise Refused("reseller-limit", field="max_subscribers", used=used)


def check_host(typed: str, under: str) -> str:
    """A single word is a name under a host of the platform: “nordwind” becomes “nordwind.portal.example”."""
    name = typed.strip().rstrip(".").lower()
    return name if "." in name or not name else f"{name}.{under}"

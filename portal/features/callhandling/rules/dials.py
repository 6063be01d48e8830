"""Speed dial: whom *0 to *9 call."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from portal.core.errors import Refused, declare
from portal.core.i18n import N_
from portal.features.callhandling.rules.forwarding import destination, of_number
from portal.features.callhandling.rules.lines import Destination, Exchange

LONGEST_DIAL_NAME = 63
SLOTS = range(10)

declare("dial-slot", N_("There are the keys *0 to *9."))
declare("dial-name-long", N_("Use at most %(longest)s characters for a name."))
declare("dial-nowhere", N_("Say whom this key calls, or leave its name empty, too."))
declare("dial-ended", N_("Whoever was called with this key has left. Choose somebody else, or leave it empty."))


@dataclass(frozen=True)
class Dial:
    """What a key calls, and what it is called on a telephone."""

    to: Destination
    name: str | None = None


Named = Callable[[str], str | None]  # the digits of somebody known by name


def read_dials(typed: Mapping[int, tuple[str, str]], exchange: Exchange, named: Named) -> dict[int, Dial]:
    """(whom, name) by slot, as typed: whom the company does not know by name, `named` may. Raises Refused at “to_3”."""
    filled = {slot: pair for slot, pair in typed.items() if any(text.strip() for text in pair)}
    return {slot: _read(slot, whom, name, exchange, named) for slot, (whom, name) in filled.items()}


def _read(slot: int, whom: str, name: str, exchange: Exchange, named: Named) -> Dial:
    if not whom.strip():
        raise Refused("dial-nowhere", field=f"to_{slot}")
    called = " ".join(name.split())
    try:
        return Dial(destination(whom, exchange), called or None)
    except Refused as refusal:
        number = named(whom) if refusal.code == "destination-nobody" else None
        if number is None:
            raise Refused(refusal.code, field=f"to_{slot}", **refusal.facts) from None
    return Dial(Destination(number=number), called or " ".join(whom.split())[:LONGEST_DIAL_NAME])


def settled_dials(dials: Mapping[int, Dial], exchange: Exchange) -> dict[int, Dial]:
    """As they are stored. Raises Refused."""
    done: dict[int, Dial] = {}
    for slot, dial in sorted(dials.items()):
        if slot not in SLOTS:
            raise Refused("dial-slot")
        if dial.name and len(dial.name) > LONGEST_DIAL_NAME:
            raise Refused("dial-name-long", field=f"name_{slot}", longest=LONGEST_DIAL_NAME)
        if dial.to.line is not None and dial.to.line not in exchange.lines:
            raise Refused("dial-ended", field=f"to_{slot}")
        done[slot] = replace(dial, to=of_number(dial.to.number, exchange) if dial.to.number else dial.to)
    return done

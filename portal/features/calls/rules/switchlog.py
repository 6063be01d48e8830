"""Kamailio's log: the line that it writes for each call that has ended, beside the row in the database.

    … start_time=1795168805.123456; end_time=1795168865.5; duration=60.376544; call=0f…; code=200; answered_by=17; …

`call` and the times before it come from Kamailio itself. The Call-ID behind them is whatever a phone made up, also something
that looks like the rest of a line; so what comes before it counts the first time, what comes after it the last.
"""

import re

from portal.features.calls.rules.legs import BadLine
from portal.features.calls.rules.switched import Ended

_START = re.compile(r"\bstart_time=\d+\.\d+; end_time=")
_PAIR = re.compile(r"\s*(\w+)=(.*)")
_STRANGE = "sip_call_id="
_NAMES = ("code", "answered_by", "answered_in", "peer", "ring_at")


def ended_in(line: str) -> Ended | None:
    """The call that a line tells of; None when it tells of something else. Raises BadLine when the line is not whole."""
    found = _START.search(line)
    if found is None:
        return None
    trusted, _sign, rest = line[found.start() :].strip().partition(_STRANGE)
    first = _pairs(trusted)
    said = {**_pairs(rest), **first}
    if "answer_at" not in said:
        raise BadLine("The line is not whole.")
    try:
        duration = float(said["duration"])
    except (KeyError, ValueError) as error:
        raise BadLine("The line says no duration.") from error
    start = said["start_time"]
    return Ended(
        call=said.get("call", ""),
        duration=duration,
        setup_at=said.get("setup_at") or start,
        answer_at=said.get("answer_at") or start,
        **{name: said.get(name, "") for name in _NAMES},
    )


def _pairs(text: str) -> dict[str, str]:
    found = (_PAIR.fullmatch(part) for part in text.split(";"))
    return {pair[1]: known(pair[2].strip()) for pair in found if pair}


def known(value: str | None) -> str:
    """Kamailio writes <null> for what was never set."""
    return "" if value in {None, "<null>"} else value or ""

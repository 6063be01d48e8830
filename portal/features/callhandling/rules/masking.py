"""What is in force of a line's handling: what its profile turns off is kept, and does nothing."""

from dataclasses import replace

from portal.features.callhandling.rules.lines import Blocking, Handling
from portal.features.subscribers.rules import Allowance, Feature


def in_force(handling: Handling, allowance: Allowance) -> Handling:
    off = {feature for feature in Feature if not allowance.may_use(feature)}
    return replace(
        handling,
        forwards=() if Feature.FORWARDING in off else handling.forwards,
        incoming=Blocking() if Feature.BLOCK_INCOMING in off else handling.incoming,
        outgoing=Blocking() if Feature.BLOCK_OUTGOING in off else handling.outgoing,
        do_not_disturb=handling.do_not_disturb and Feature.DO_NOT_DISTURB not in off,
        hide_outside=handling.hide_outside and Feature.PRIVACY not in off,
        hide_inside=handling.hide_inside and Feature.PRIVACY not in off,
        speed_dials={} if Feature.SPEED_DIAL in off else handling.speed_dials,
    )

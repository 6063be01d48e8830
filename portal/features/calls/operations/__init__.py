"""Intake of call records: from files, and from the switch."""

from portal.features.calls.operations.ended import (
    Recovered as Recovered,
    forget_lost as forget_lost,
    numbered as numbered,
    recover as recover,
    take_ended as take_ended,
)
from portal.features.calls.operations.intake import (
    BATCH as BATCH,
    Counts as Counts,
    Intake as Intake,
    Reject as Reject,
    Step as Step,
    begin as begin,
    finish as finish,
    take as take,
    take_file as take_file,
)

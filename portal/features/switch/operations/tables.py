"""What the switch cannot look up in a library stands in tables of its own."""

from portal.core import clock
from portal.features.callhandling import operations as callhandling


def keep_tables() -> None:
    """Emergency numbers of every country, holidays of every place in use. Doing it again changes nothing."""
    callhandling.keep_emergency_numbers()
    callhandling.keep_holidays(clock.now().year)

from portal.settings import Settings


def forget(settings: Settings) -> None:
    """Removes the demo world."""


def fill(settings: Settings) -> None:
    """Fills an empty database with the demo world."""

"""Staff who see the portal as one of a customer's people does."""

from portal.core.errors import Refused
from portal.core.identity import Identity


def check_alone(by: Identity) -> None:
    """Raises Refused for staff who view as somebody else: what proves who a person is stays with that person."""
    if by.viewer is not None:
        raise Refused("viewing")

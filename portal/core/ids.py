"""Public ids: what URLs, the API and mails carry in place of database keys."""

import re
import secrets
from typing import NewType

PublicId = NewType("PublicId", str)

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 16
PATTERN = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new() -> PublicId:
    """80 random bits in 16 characters."""
    return PublicId("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))

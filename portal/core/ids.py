"""Public ids: what URLs, the API and mails carry in place of database keys."""

import base64
import re
import secrets
from typing import NewType

PublicId = NewType("PublicId", str)

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u
LENGTH = 16
_OURS = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", ALPHABET.encode())
PATTERN = re.compile(f"[{ALPHABET}]{{{LENGTH}}}")


def new() -> PublicId:
    """80 random bits in 16 characters."""
    return PublicId(base64.b32encode(secrets.token_bytes(LENGTH * 5 // 8)).translate(_OURS).decode())

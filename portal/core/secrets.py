"""Secrets: hashing what is only compared, encrypting what must be read back. Keys come from the environment, newest first."""

import base64
import hashlib
import hmac
import secrets as random
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.core import clock

# OWASP's second profile: 19 MiB, two passes; one at a time in a process: a flood of sign-ins takes neither memory nor cores
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_at_once = threading.BoundedSemaphore(1)
_decoy = _hasher.hash("nobody signs in with this")
_SIP_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"  # none that look alike


def hash_password(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Takes the same time whether there is a stored password or not."""
    with _at_once:
        try:
            _hasher.verify(stored or _decoy, password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    return _hasher.check_needs_rehash(stored)


def sip_password() -> str:
    """Four groups of four, about 92 bits: easy to read out, hard to guess."""
    return "-".join("".join(random.choice(_SIP_ALPHABET) for _ in range(4)) for _ in range(4))


def ha1(username: str, realm: str, password: str) -> tuple[str, str]:
    """The digest secrets of RFC 7616: MD5 for today's phones, SHA-256 beside it."""
    words = f"{username}:{realm}:{password}".encode()
    return hashlib.md5(words, usedforsecurity=False).hexdigest(), hashlib.sha256(words).hexdigest()


class KeyRing:
    """Encrypts with the newest key, reads with any."""

    def __init__(self, keys: tuple[str, ...], purpose: str) -> None:
        each = [Fernet(_derive(key, purpose)) for key in keys]
        self._newest, self._fernet = each[0], MultiFernet(each)

    def seal(self, text: str) -> str:
        return self._fernet.encrypt_at_time(text.encode(), int(clock.now().timestamp())).decode()

    def open(self, sealed: str, *, max_age: int | None = None) -> str | None:
        """None when it was sealed by somebody else, or more than max_age seconds ago."""
        try:
            if max_age is None:
                return self._fernet.decrypt(sealed).decode()
            return self._fernet.decrypt_at_time(sealed, max_age, int(clock.now().timestamp())).decode()
        except (InvalidToken, ValueError):
            return None


    def renew(self, sealed: str) -> str | None:
        """The same under the newest key; itself where it is that already, None when no key opens it."""
        try:
            self._newest.decrypt(sealed)
        except (InvalidToken, ValueError):
            try:
                return self._fernet.rotate(sealed).decode()
            except (InvalidToken, ValueError):
                return None
        return sealed


_keys: list[tuple[str, ...]] = []


def install(keys: tuple[str, ...]) -> None:
    """The keys of this process, the newest first."""
    _keys[:] = [keys]
    ring.cache_clear()


@cache
def ring(purpose: str) -> KeyRing:
    """The process's key ring for one purpose: what is sealed for another cannot be opened with it."""
    return KeyRing(_keys[0], purpose)


def pepper() -> str:
    """For keyed hashes that need not outlive the newest key."""
    return _keys[0][0]


def fingerprint(key: str, *parts: str) -> bytes:
    """A keyed hash: the same parts always give the same bytes, and nobody can tell the parts from them."""
    return hmac.digest(key.encode(), "\0".join(parts).encode(), "sha256")


def _derive(key: str, purpose: str) -> bytes:
    return base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=purpose.encode()).derive(key.encode()))

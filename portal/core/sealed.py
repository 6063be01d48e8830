"""Columns that only processes with the keys can read: TOTP seeds, client secrets, mails with a link in them."""

from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator

from portal.core import secrets


class Sealed(TypeDecorator[str]):
    """A text, encrypted by the key ring on its way into the database. `purpose` parts one kind of secret from another."""

    impl = Text
    cache_ok = True

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self.purpose = purpose

    def process_bind_param(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - the base class's
        return None if value is None else secrets.ring(self.purpose).seal(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - the base class's
        if value is None:
            return None
        opened = secrets.ring(self.purpose).open(value)
        if opened is None:
            raise Unsealed(self.purpose)
        return opened


class Unsealed(RuntimeError):  # noqa: N818
    """None of the keys of this process opens what was stored."""

    def __init__(self, purpose: str) -> None:
        super().__init__(f"no key in PORTAL_SECRET_KEY opens what was stored for “{purpose}”")

"""The blueprint, and what all its pages share."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint

from portal.core.audit import AuditEntry
from portal.features.audit import rules as audit
from portal.web.session import me
from portal.web.tenant import tenant

bp = Blueprint("numbers", __name__, template_folder="../templates")
_lines: list[Any] = []


def install_lines(lines: Any) -> None:
    """The table of lines belongs to a feature that this one does not know: it is told here."""
    _lines[:] = [lines]


def lines() -> Any:
    return _lines[0]


def told(entries: Sequence[AuditEntry]) -> list[audit.Told]:
    return audit.told(entries, reader=me().public_id, home_cc=tenant().home.cc)

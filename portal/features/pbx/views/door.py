"""The blueprint, and what all its pages share."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from flask import Blueprint

from portal.core.audit import AuditEntry
from portal.features.audit import rules as audit
from portal.web.session import me
from portal.web.tenant import tenant

View = TypeVar("View", bound=Callable[..., object])
bp = Blueprint("pbx", __name__, template_folder="../templates")


def within(endpoint: str) -> Callable[[View], View]:
    """Marks a page as part of a place of the navigation."""

    def put(view: View) -> View:
        view.nav_endpoint = endpoint  # type: ignore[attr-defined]
        return view

    return put


def customer_id() -> int:
    """The company of whoever is signed in; only people of a company reach these pages."""
    own = me().customer_id
    if own is None:
        raise LookupError("nobody of a company")
    return own


def told(entries: Sequence[AuditEntry]) -> list[audit.Told]:
    return audit.told(entries, reader=me().public_id, home_cc=tenant().home.cc)

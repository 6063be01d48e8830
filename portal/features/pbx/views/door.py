"""The blueprint, and what all its pages share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint

from portal.core.audit import AuditEntry
from portal.features.audit.rules import doer, sentence
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


@dataclass(frozen=True)
class Told:
    """An event of the history, in words."""

    sentence: str
    entry: AuditEntry


def told(entries: Sequence[AuditEntry]) -> list[Told]:
    reader, home_cc = me().public_id, tenant().home.cc
    return [
        Told(
            sentence(
                entry.event,
                entry.details,
                name=doer(entry.actor_name, entry.as_whom_name),
                label=entry.label,
                you=entry.actor is not None and entry.actor == reader,
                home_cc=home_cc,
            ),
            entry,
        )
        for entry in entries
    ]

"""What the worker does for accounts."""

from collections.abc import Mapping
from typing import Any

from portal.core.outbox import Handler
from portal.features.accounts import operations
from portal.features.resellers.queries import tenant_by_host


def forgotten_password(payload: Mapping[str, Any]) -> None:
    tenant = tenant_by_host(payload["host"])
    if tenant is not None:
        operations.send_forgotten(tenant=tenant, username=payload["username"], address=payload["address"])


def guessed_password(payload: Mapping[str, Any]) -> None:
    tenant = tenant_by_host(payload["host"])
    if tenant is not None:
        operations.tell_of_guessing(tenant=tenant, username=payload["username"], since=payload["since"])


HANDLERS: Mapping[str, Handler] = {"forgotten-password": forgotten_password, "guessed-password": guessed_password}

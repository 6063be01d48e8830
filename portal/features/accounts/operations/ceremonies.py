"""What is begun in a browser and finished there once: a passkey's challenge, a visit to a single sign-on provider."""

import hashlib
import json
import secrets as random
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select

from portal.core import clock, db, secrets
from portal.core.tenancy import Tenant
from portal.features.accounts import rules
from portal.features.accounts.models import Ceremony
from portal.features.accounts.operations import pace

CLEARED_AT_ONCE = 100


def begin(
    kind: str, *, tenant: Tenant, address: str, payload: Mapping[str, Any], lifetime: timedelta, account_id: int | None = None
) -> str:
    """The key that has to come back, 32 random bytes in base64url. `payload` is what JSON can hold.

    Anybody may begin: how often is bounded for each place, and what nobody finished is cleared away. Raises Refused with how
    long to wait. In transactions of its own, for the counter.
    """
    place = secrets.fingerprint(secrets.pepper(), "ceremony", rules.place(address))
    pace.keep(place, rules.CEREMONIES)
    key, now = random.token_urlsafe(32), clock.now()
    with db.unit_of_work(tenant.scope) as session:
        over = select(Ceremony.id).where(Ceremony.expires_at <= now).limit(CLEARED_AT_ONCE)
        session.execute(delete(Ceremony).where(Ceremony.id.in_(over.with_for_update(skip_locked=True))))
        session.add(
            Ceremony(
                reseller_id=tenant.reseller_id,
                kind=kind,
                key_hash=_hash(key),
                host=tenant.host,
                account_id=account_id,
                sealed=json.dumps(payload),
                expires_at=now + lifetime,
            ),
        )
    return key


def finish(kind: str, *, tenant: Tenant, key: str, account_id: int | None = None) -> dict[str, Any] | None:
    """What was put down at the beginning; None when there is nothing of this kind, host and account to finish any more.

    In a transaction of its own: whatever becomes of the request, nobody finishes it a second time.
    """
    with db.unit_of_work(tenant.scope) as session:
        ended = delete(Ceremony).where(
            Ceremony.kind == kind,
            Ceremony.key_hash == _hash(key),
            Ceremony.reseller_id == tenant.reseller_id,
            Ceremony.host == tenant.host,
            Ceremony.account_id.is_not_distinct_from(account_id),
            Ceremony.expires_at > clock.now(),
        )
        sealed = session.scalar(ended.returning(Ceremony.sealed))
    payload: dict[str, Any] | None = None if sealed is None else json.loads(sealed)
    return payload


def _hash(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()

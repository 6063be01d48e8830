"""Private links by which chosen people see a version before others do."""

import hashlib
import secrets
from datetime import timedelta

from portal.core import audit, clock, db
from portal.core.audit import Event
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.features.branding import queries
from portal.features.branding.models import ThemePreview, ThemeVersion
from portal.features.branding.operations import held as holding
from portal.features.branding.rules.publishing import LONGEST_NAME, MOST_PREVIEWS, PREVIEW_DAYS

TOKEN_BYTES = 32


def add_preview(*, by: Identity, of: ThemeVersion, name: str) -> tuple[ThemePreview, str]:
    """For `name`, seven days long. The token is said this once: /preview/<token> at any host of the reseller."""
    reseller_id = holding.owner(by)
    said = " ".join(name.split())
    if not said or len(said) > LONGEST_NAME:
        raise Refused("theme-preview-name", field="name", limit=LONGEST_NAME)
    holding.hold_reseller(reseller_id)
    seen = queries.version(reseller_id, of.public_id)
    if len(queries.previews(seen)) >= MOST_PREVIEWS:
        raise Refused("theme-many-previews", field="name", limit=MOST_PREVIEWS)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    now = clock.now()
    made = ThemePreview(
        reseller_id=reseller_id,
        version_id=seen.id,
        token_hash=hashlib.sha256(token.encode()).digest(),
        name=said,
        by_name=by.name,
        created_at=now,
        expires_at=now + timedelta(days=PREVIEW_DAYS),
    )
    db.session().add(made)
    db.session().flush()
    audit.record(Event.THEME_PREVIEW_ADDED, by=by, subject=seen.public_id, label=said, until=made.expires_at)
    return made, token


def end_preview(*, by: Identity, preview: ThemePreview) -> None:
    """At once, for whoever uses it. A link that has ended stays so."""
    own = queries.preview(holding.owner(by), preview.public_id)
    if own.ended_at is not None:
        return
    own.ended_at = clock.now()
    db.session().flush()
    audit.record(Event.THEME_PREVIEW_ENDED, by=by, label=own.name)

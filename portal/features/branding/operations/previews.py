"""Private links by which chosen people see a version before others do."""

import hashlib
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_

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
    _forget_ended(reseller_id)
    if len(queries.living_previews(reseller_id)) >= MOST_PREVIEWS:
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


def _forget_ended(reseller_id: int) -> None:
    """The log knows of them."""
    ended = or_(ThemePreview.ended_at.is_not(None), ThemePreview.expires_at <= clock.now())
    db.session().execute(delete(ThemePreview).where(ThemePreview.reseller_id == reseller_id, ended))


def end_preview(*, by: Identity, preview: ThemePreview) -> None:
    """At once, for whoever uses it. A link that has ended stays so."""
    own = queries.preview(holding.owner(by), preview.public_id)
    if own.ended_at is not None:
        return
    own.ended_at = clock.now()
    db.session().flush()
    audit.record(Event.THEME_PREVIEW_ENDED, by=by, label=own.name)

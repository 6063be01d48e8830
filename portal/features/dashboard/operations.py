"""The set-up guide is put away, and taken out again."""

from sqlalchemy import update

from portal.core import clock, db
from portal.core.identity import Identity
from portal.features.resellers.models import Reseller


def close_guide(*, by: Identity) -> None:
    """For everybody at this reseller."""
    _keep(by, closed=True)


def open_guide(*, by: Identity) -> None:
    _keep(by, closed=False)


def _keep(by: Identity, *, closed: bool) -> None:
    """Beside its version: whoever edits the reseller meanwhile is not told of this."""
    kept = update(Reseller).where(Reseller.id == by.reseller_id)
    db.session().execute(kept.values(guide_closed_at=clock.now() if closed else None), execution_options=_BESIDE)


_BESIDE = {"synchronize_session": False}

"""Customers on their way through the wizard, of whoever has begun them."""

from datetime import datetime

from sqlalchemy import func, select

from portal.core import db
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.features.pbx.models import CompanyDraft


def draft(account_id: int, public_id: PublicId, now: datetime) -> CompanyDraft:
    """Raises NotFound, also for one of somebody else and for one that is too old."""
    own = CompanyDraft.public_id == public_id, CompanyDraft.account_id == account_id, CompanyDraft.expires_at > now
    found = db.session().scalars(select(CompanyDraft).where(*own)).first()
    if found is None:
        raise NotFound
    return found


def drafts(account_id: int, now: datetime) -> list[CompanyDraft]:
    """The newest first."""
    own = CompanyDraft.account_id == account_id, CompanyDraft.expires_at > now, CompanyDraft.values.has_key("customer")
    return list(db.session().scalars(select(CompanyDraft).where(*own).order_by(CompanyDraft.changed_at.desc()).limit(50)))


def drafts_of(account_id: int, now: datetime) -> int:
    own = CompanyDraft.account_id == account_id, CompanyDraft.expires_at > now, CompanyDraft.values.has_key("customer")
    return db.session().scalar(select(func.count()).select_from(CompanyDraft).where(*own)) or 0


def hold_draft(draft: CompanyDraft) -> CompanyDraft:
    """As it is stored now, kept from others. Raises NotFound when it is finished or dropped meanwhile."""
    wanted = select(CompanyDraft).where(CompanyDraft.id == draft.id).with_for_update()
    found = db.session().scalars(wanted, execution_options={"populate_existing": True}).first()
    if found is None:
        raise NotFound
    return found

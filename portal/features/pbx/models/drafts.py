from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.ids import PublicId
from portal.core.tenancy import OfReseller


class CompanyDraft(OfReseller, db.Base):
    """A CloudPBX customer on its way through the wizard: what one of the staff has typed so far, by step."""

    __tablename__ = "company_draft"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_company_draft_reseller"),
        ForeignKeyConstraint(
            ["reseller_id", "account_id"],
            ["account.reseller_id", "account.id"],
            name="fk_company_draft_account",
            ondelete="CASCADE",
        ),
        Index("ix_company_draft_account", "account_id", "changed_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    account_id: Mapped[int]
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

from typing import Any

from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, of_customer


class Profile(OfCustomer, db.Base):
    """Which features the lines that have it may use, and which of them their people may change."""

    __tablename__ = "subscriber_profile"
    __table_args__ = (
        of_customer("fk_subscriber_profile_customer"),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_subscriber_profile_reseller_id_customer_id_id"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 63", name="name_length"),
        Index(constraint("uq_subscriber_profile_name", "profile-name-taken", "name"), "customer_id", "name_sort", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    name: Mapped[str]
    name_sort: Mapped[str]
    levels: Mapped[dict[str, Any]] = mapped_column(JSONB)  # feature -> off, use or change; what is not named is change
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

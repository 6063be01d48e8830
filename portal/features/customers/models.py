from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, synonym

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer


class Product(StrEnum):
    CLOUDPBX = auto()
    SIP = auto()


class Status(StrEnum):
    PENDING = auto()
    ACTIVE = auto()
    LOCKED = auto()
    TERMINATED = auto()


class Customer(OfCustomer, db.Base):
    """A contract with its limits and defaults. Its own scope is itself."""

    __tablename__ = "customer"
    __table_args__ = (
        UniqueConstraint("reseller_id", "id", name="uq_customer_reseller_id_id"),
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_customer_reseller"),
        ForeignKeyConstraint(["reseller_id", "contact_id"], ["contact.reseller_id", "contact.id"], name="fk_customer_contact"),
        ForeignKeyConstraint(
            ["reseller_id", "id", "default_profile_id"],
            ["subscriber_profile.reseller_id", "subscriber_profile.customer_id", "subscriber_profile.id"],
            name=constraint("fk_customer_default_profile", "profile-in-use"),
            use_alter=True,
        ),
        CheckConstraint("product IN ('cloudpbx', 'sip')", name="product"),
        CheckConstraint("status IN ('pending', 'active', 'locked', 'terminated')", name="status"),
        CheckConstraint("extension_min <= extension_max", name="extension_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # although it stands in a foreign key too
    customer_id: Mapped[int] = synonym("id")
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    contact_id: Mapped[int]
    name: Mapped[str]
    external_id: Mapped[str | None]
    product: Mapped[str]
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    max_subscribers: Mapped[int | None]
    extension_min: Mapped[int | None]
    extension_max: Mapped[int | None]
    default_profile_id: Mapped[int | None]  # of its lines; without one, everything is allowed
    currency: Mapped[str] = mapped_column(default="EUR")
    created_at: Mapped[datetime]
    terminated_at: Mapped[datetime | None]

from datetime import datetime
from decimal import Decimal
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, Numeric, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, synonym, validates

from portal.core import clock, db, i18n, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, OfReseller
from portal.features.customers.rules import Kind as Kind, Product as Product, Status as Status


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
        ForeignKeyConstraint(
            ["reseller_id", "service_class_id"],
            ["service_class.reseller_id", "service_class.id"],
            name=constraint("fk_customer_service_class", "service-class-in-use"),
        ),
        ForeignKeyConstraint(
            ["reseller_id", "domain_id"],
            ["sip_domain.reseller_id", "sip_domain.id"],
            name="fk_customer_domain",
        ),
        CheckConstraint("product IN ('cloudpbx', 'sip')", name="product"),
        CheckConstraint("kind IN ('residential', 'soho', 'cloudpbx', 'trunk', 'mobile', 'calling_card')", name="kind"),
        CheckConstraint("(kind = 'cloudpbx') = (product = 'cloudpbx')", name="product_by_kind"),
        CheckConstraint("vat_rate BETWEEN 0 AND 100", name="vat_rate"),
        CheckConstraint("max_subscribers > 0 AND max_calls > 0", name="limits"),
        CheckConstraint("lock_level BETWEEN 0 AND 3", name="lock_level"),
        CheckConstraint("ring_seconds BETWEEN 1 AND 3600", name="ring_seconds"),
        Index("ix_customer_name", "reseller_id", "name_sort", "id"),
        Index("ix_customer_external_id", "reseller_id", "external_id"),
        Index("ix_customer_contact", "contact_id"),
        Index("ix_customer_service_class", "service_class_id"),
        CheckConstraint("status IN ('pending', 'active', 'locked', 'terminated')", name="status"),
        CheckConstraint("extension_min <= extension_max", name="extension_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # although it stands in a foreign key too
    customer_id: Mapped[int] = synonym("id")
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    contact_id: Mapped[int]
    name: Mapped[str]
    name_sort: Mapped[str]
    external_id: Mapped[str | None]
    kind: Mapped[str]
    product: Mapped[str]
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    lock_reason: Mapped[str | None]
    max_subscribers: Mapped[int | None]
    max_calls: Mapped[int | None]  # at the same time
    extension_min: Mapped[int | None]
    extension_max: Mapped[int | None]
    default_profile_id: Mapped[int | None]  # of its lines; without one, everything is allowed
    service_class_id: Mapped[int | None]  # without one, its lines have all features
    domain_id: Mapped[int | None]  # where its new lines are
    language: Mapped[str | None]  # what its new lines start with: this, and the next three
    lock_level: Mapped[int | None]
    ring_seconds: Mapped[int | None]
    hide_number: Mapped[bool | None]
    currency: Mapped[str] = mapped_column(default="EUR")
    add_vat: Mapped[bool] = mapped_column(default=False)
    vat_rate: Mapped[Decimal] = mapped_column(Numeric(5, 2), default=Decimal(0))
    send_invoice: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    activated_at: Mapped[datetime | None]
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    terminated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @validates("name")
    def _keep_name_sorted(self, _key: str, name: str) -> str:
        self.name_sort = i18n.sort_key(name)
        return name


class ServiceClass(OfReseller, db.Base):
    """Class of service: which features the lines of the customers that have it get at all; profiles only narrow it."""

    __tablename__ = "service_class"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_service_class_reseller"),
        UniqueConstraint("reseller_id", "id", name="uq_service_class_reseller_id_id"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 63", name="name_length"),
        Index(constraint("uq_service_class_name", "service-class-name-taken", "name"), "reseller_id", "name_sort", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    name: Mapped[str]
    name_sort: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # of customers that get it when they are made
    levels: Mapped[dict[str, Any]] = mapped_column(JSONB)  # as in a subscriber profile
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ContractProduct(StrEnum):
    RESELLER = auto()
    SIP_PEERING = auto()
    PSTN_PEERING = auto()


class Contract(OfReseller, db.Base):
    """What the operator of the platform has agreed with a reseller or, without one, with a peering partner. Operators only."""

    __tablename__ = "contract"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_contract_reseller"),
        CheckConstraint("product IN ('reseller', 'sip_peering', 'pstn_peering')", name="product"),
        CheckConstraint("(product = 'reseller') = (reseller_id IS NOT NULL)", name="reseller_by_product"),
        CheckConstraint("status IN ('active', 'locked', 'terminated')", name="status"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 127", name="name_length"),
        Index(
            constraint("uq_contract_reseller", "contract-second"),
            "reseller_id",
            unique=True,
            postgresql_where=text("status <> 'terminated' AND reseller_id IS NOT NULL"),
        ),
        Index("ix_contract_contact", "contact_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    product: Mapped[str]
    name: Mapped[str]
    name_sort: Mapped[str]
    external_id: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    activated_at: Mapped[datetime | None] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    terminated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @validates("name")
    def _keep_name_sorted(self, _key: str, name: str) -> str:
        self.name_sort = i18n.sort_key(name)
        return name

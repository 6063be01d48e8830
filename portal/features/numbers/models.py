from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.phone import Parts
from portal.core.tenancy import OfCustomer, OfReseller, of_customer
from portal.features.numbers.rules import Shape


class Role(StrEnum):
    PRIMARY = auto()
    ALIAS = auto()


class Number(OfCustomer, db.Base):
    """A number of a customer, or a released one that waits (no customer)."""

    __tablename__ = "number"
    __table_args__ = (
        of_customer("fk_number_customer"),
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_number_reseller"),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_number_subscriber",
            use_alter=True,
        ),
        UniqueConstraint("reseller_id", "id", name="uq_number_reseller_id_id"),
        CheckConstraint("role IN ('primary', 'alias')", name="role"),
        CheckConstraint("cc ~ '^[1-9][0-9]{0,3}$' AND ac ~ '^[0-9]{0,7}$' AND sn ~ '^[0-9]{1,31}$'", name="parts"),
        CheckConstraint("digits = cc || ac || sn", name="digits"),
        CheckConstraint("(customer_id IS NULL) = (subscriber_id IS NULL)", name="owner"),
        Index(constraint("uq_number_digits", "number-taken", "extension"), "digits", unique=True),
        Index(
            constraint("uq_number_primary", "second-primary-number"),
            "subscriber_id",
            unique=True,
            postgresql_where=text("role = 'primary' AND subscriber_id IS NOT NULL"),
        ),
        Index("ix_number_subscriber", "reseller_id", "customer_id", "subscriber_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    subscriber_id: Mapped[int | None]
    cc: Mapped[str]
    ac: Mapped[str]
    sn: Mapped[str]
    digits: Mapped[str]
    role: Mapped[str] = mapped_column(default=Role.ALIAS.value)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def parts(self) -> Parts:
        return Parts(self.cc, self.ac, self.sn)


class NumberBlock(OfReseller, db.Base):
    """Numbers that begin alike and belong to the platform, granted to a reseller or to nobody yet."""

    __tablename__ = "number_block"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_number_block_reseller"),
        UniqueConstraint("prefix", name=constraint("uq_number_block_prefix", "block-overlaps", "first")),
        CheckConstraint("cc ~ '^[1-9][0-9]{0,3}$' AND ac ~ '^[0-9]{0,7}$' AND sn_prefix ~ '^[0-9]{0,31}$'", name="parts"),
        CheckConstraint("prefix = cc || ac || sn_prefix", name="prefix"),
        CheckConstraint("sn_length BETWEEN greatest(char_length(sn_prefix), 1) AND 31", name="sn_length"),
        Index("ix_number_block_reseller", "reseller_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    cc: Mapped[str]
    ac: Mapped[str]
    sn_prefix: Mapped[str]
    prefix: Mapped[str]
    sn_length: Mapped[int]  # digits of a whole subscriber number, the prefix among them
    allocable: Mapped[bool] = mapped_column(default=True)  # numbers of it are given out
    authoritative: Mapped[bool] = mapped_column(default=True)  # its numbers live on this platform and nowhere else
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def shape(self) -> Shape:
        return Shape(self.cc, self.ac, self.sn_prefix, self.sn_length)


constraint("ex_number_block_prefix", "block-overlaps", "first")

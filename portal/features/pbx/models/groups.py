from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db
from portal.core.tenancy import OfCustomer
from portal.features.pbx.rules import CancelMode as CancelMode, RingingPolicy as RingingPolicy


def _line(column: str, name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["reseller_id", "customer_id", column],
        ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
        name=name,
    )


class Group(OfCustomer, db.Base):
    """How a group rings; its name, user name and extension are those of its subscriber."""

    __tablename__ = "pbx_group"
    __table_args__ = (
        _line("subscriber_id", "fk_pbx_group_subscriber"),
        CheckConstraint("policy IN ('serial', 'parallel', 'random', 'circular')", name="policy"),
        CheckConstraint("ring_seconds BETWEEN 1 AND 3600", name="ring_seconds"),
        CheckConstraint("cancel_mode IN ('cancel', 'bye')", name="cancel_mode"),
    )

    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    policy: Mapped[str]
    ring_seconds: Mapped[int] = mapped_column(default=10)
    cancel_mode: Mapped[str] = mapped_column(default=CancelMode.CANCEL.value)
    ignore_forwards: Mapped[bool] = mapped_column(default=False)  # of its members, while the group rings them
    turn: Mapped[int] = mapped_column(BigInteger, default=0)  # how many calls have come in: where a circular group begins


class Member(OfCustomer, db.Base):
    """A line in a group, at its place."""

    __tablename__ = "pbx_group_member"
    __table_args__ = (
        _line("group_id", "fk_pbx_group_member_group"),
        _line("subscriber_id", "fk_pbx_group_member_subscriber"),
        UniqueConstraint("group_id", "position", name="uq_pbx_group_member_position", deferrable=True, initially="DEFERRED"),
        Index("ix_pbx_group_member_subscriber", "subscriber_id"),
    )

    group_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    position: Mapped[int]

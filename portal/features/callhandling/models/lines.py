"""What a line does with calls."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer

WHENS = "('always', 'busy', 'no-answer', 'unreachable')"


def of_line(column: str, name: str) -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["reseller_id", "customer_id", column],
        ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
        name=name,
    )


class LineHandling(OfCustomer, db.Base):
    """What a line does besides forwarding; a line without a row does the usual. Its version is that of the whole page."""

    __tablename__ = "line_handling"
    __table_args__ = (
        of_line("subscriber_id", "fk_line_handling_subscriber"),
        CheckConstraint("ring_seconds BETWEEN 1 AND 3600", name="ring_seconds"),
        CheckConstraint("incoming IN ('block', 'allow') AND outgoing IN ('block', 'allow')", name="modes"),
    )

    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    ring_seconds: Mapped[int] = mapped_column(default=20)  # until a call counts as not answered
    incoming: Mapped[str] = mapped_column(default="block")  # whether its entries are the only ones blocked, or allowed
    outgoing: Mapped[str] = mapped_column(default="block")
    block_hidden: Mapped[bool] = mapped_column(default=False)  # callers without a number
    hide_outside: Mapped[bool] = mapped_column(default=False)
    hide_inside: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Forward(OfCustomer, db.Base):
    """One rule of forwarding. Of those of one kind the first that fits is used; with a period, it begins and ends by itself."""

    __tablename__ = "forward"
    __table_args__ = (
        of_line("subscriber_id", "fk_forward_subscriber"),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "caller_list_id"],
            ["caller_list.reseller_id", "caller_list.customer_id", "caller_list.id"],
            name=constraint("fk_forward_caller_list", "caller-list-in-use"),
        ),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "time_set_id"],
            ["time_set.reseller_id", "time_set.customer_id", "time_set.id"],
            name=constraint("fk_forward_time_set", "time-set-in-use"),
        ),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_forward_reseller_id_customer_id_id"),
        CheckConstraint(f'"when" IN {WHENS}', name="when"),
        CheckConstraint("starts_at < ends_at", name="period"),
        Index("ix_forward_subscriber", "subscriber_id", "when", "position"),
        Index("ix_forward_caller_list", "caller_list_id"),
        Index("ix_forward_time_set", "time_set_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int]
    when: Mapped[str]
    position: Mapped[int]
    enabled: Mapped[bool] = mapped_column(default=True)
    caller_list_id: Mapped[int | None]
    callers_except: Mapped[bool] = mapped_column(default=False)  # from everybody but them
    called: Mapped[str | None]  # digits: only calls to this number of the line
    time_set_id: Mapped[int | None]
    times_except: Mapped[bool] = mapped_column(default=False)  # at all other times
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ForwardDestination(OfCustomer, db.Base):
    """Where a forwarded call goes, one after the other: a line of the company or any number (canonical digits)."""

    __tablename__ = "forward_destination"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "forward_id"],
            ["forward.reseller_id", "forward.customer_id", "forward.id"],
            name="fk_forward_destination_forward",
            ondelete="CASCADE",
        ),
        of_line("target_id", "fk_forward_destination_target"),
        CheckConstraint("(target_id IS NULL) <> (number IS NULL)", name="one"),
        CheckConstraint("number ~ '^[0-9]{1,40}$'", name="number"),
        CheckConstraint("ring_seconds BETWEEN 1 AND 3600", name="ring_seconds"),
        Index("ix_forward_destination_target", "target_id"),
    )

    forward_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    target_id: Mapped[int | None]
    number: Mapped[str | None]
    ring_seconds: Mapped[int] = mapped_column(default=20)


class BlockEntry(OfCustomer, db.Base):
    """A pattern of numbers that a line does not take calls from (in) or cannot call (out), or the only ones it does."""

    __tablename__ = "block_entry"
    __table_args__ = (
        of_line("subscriber_id", "fk_block_entry_subscriber"),
        CheckConstraint("direction IN ('in', 'out')", name="direction"),
        CheckConstraint("pattern ~ '^[0-9*?]{1,42}$'", name="pattern"),
    )

    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    direction: Mapped[str] = mapped_column(primary_key=True)
    pattern: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    note: Mapped[str | None]


class SpeedDial(OfCustomer, db.Base):
    """What *0 to *9 call: a line of the company or any number."""

    __tablename__ = "speed_dial"
    __table_args__ = (
        of_line("subscriber_id", "fk_speed_dial_subscriber"),
        of_line("target_id", "fk_speed_dial_target"),
        CheckConstraint("slot BETWEEN 0 AND 9", name="slot"),
        CheckConstraint("(target_id IS NULL) <> (number IS NULL)", name="one"),
        CheckConstraint("number ~ '^[0-9]{1,40}$'", name="number"),
        Index("ix_speed_dial_target", "target_id"),
    )

    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    target_id: Mapped[int | None]
    number: Mapped[str | None]
    name: Mapped[str | None]

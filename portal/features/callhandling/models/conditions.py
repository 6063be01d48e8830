"""What forwarding can depend on, by name. Without a subscriber they are the company's, for every line to use."""

from datetime import date, time

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, of_customer
from portal.features.callhandling.models.lines import of_line


class TimeSet(OfCustomer, db.Base):
    """Times by name: “After hours”. It is on when one of its spans is, and none that is taken out."""

    __tablename__ = "time_set"
    __table_args__ = (
        of_customer("fk_time_set_customer"),
        of_line("subscriber_id", "fk_time_set_subscriber"),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_time_set_reseller_id_customer_id_id"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 63", name="name_length"),
        Index("ix_time_set_owner", "customer_id", "subscriber_id", "name_sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int | None]
    name: Mapped[str]
    name_sort: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class TimeSpan(OfCustomer, db.Base):
    """Part of a time set: hours on weekdays (past midnight when they end before they begin), days, or the holidays of a place."""

    __tablename__ = "time_span"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "time_set_id"],
            ["time_set.reseller_id", "time_set.customer_id", "time_set.id"],
            name="fk_time_span_time_set",
            ondelete="CASCADE",
        ),
        CheckConstraint(
            "CASE kind WHEN 'weekly' THEN weekdays BETWEEN 1 AND 127 AND begins IS NOT NULL AND ends IS NOT NULL"
            " WHEN 'dates' THEN first <= last WHEN 'holidays' THEN country ~ '^[A-Z]{2}$' ELSE false END",
            name="kind",
        ),
    )

    time_set_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    kind: Mapped[str]
    excluded: Mapped[bool] = mapped_column(default=False)
    weekdays: Mapped[int | None] = mapped_column(SmallInteger)  # bit 0 is Monday
    begins: Mapped[time | None]
    ends: Mapped[time | None]
    first: Mapped[date | None]
    last: Mapped[date | None]
    country: Mapped[str | None]
    region: Mapped[str | None]  # ISO 3166-2 without the country, for example BY


class CallerList(OfCustomer, db.Base):
    """Callers by name: “Family”."""

    __tablename__ = "caller_list"
    __table_args__ = (
        of_customer("fk_caller_list_customer"),
        of_line("subscriber_id", "fk_caller_list_subscriber"),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_caller_list_reseller_id_customer_id_id"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 63", name="name_length"),
        Index("ix_caller_list_owner", "customer_id", "subscriber_id", "name_sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int | None]
    name: Mapped[str]
    name_sort: Mapped[str]
    hidden: Mapped[bool] = mapped_column(default=False)  # callers without a number are in it
    colleagues: Mapped[bool] = mapped_column(default=False)  # so is everybody of the company
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CallerEntry(OfCustomer, db.Base):
    """A pattern of numbers: canonical digits, * for any digits at the end, ? for one."""

    __tablename__ = "caller_entry"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "caller_list_id"],
            ["caller_list.reseller_id", "caller_list.customer_id", "caller_list.id"],
            name="fk_caller_entry_caller_list",
            ondelete="CASCADE",
        ),
        CheckConstraint("pattern ~ '^[0-9*?]{1,42}$'", name="pattern"),
    )

    caller_list_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pattern: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    note: Mapped[str | None]

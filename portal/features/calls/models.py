from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Sequence,
    SmallInteger,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, of_customer
from portal.features.calls.rules.words import Direction, RatingStatus, Result, Side, Type

NUMBERS = Sequence("call_record_id_seq", data_type=BigInteger, metadata=db.Base.metadata)
BYTEWISE = Text(collation="C")  # so that a range of texts is a prefix


def _one_of(column: str, words: Iterable[str]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(str(word)) for word in words)})", name=column)


class CallRecord(OfCustomer, db.Base):
    """One side of one leg of a call. Kept by month: one partition each.

    start_time: when it was answered, or when it began to ring. other_number: digits, an extension, a SIP user; NULL when the
    caller is hidden. peer: by which one it came or left. No page can read network_number, peer, reseller_cost and carrier_cost:
    the web's role has no right to.
    """

    __tablename__ = "call_record"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_call_record_subscriber",
        ),
        _one_of("side", Side),
        _one_of("direction", Direction),
        _one_of("type", Type),
        _one_of("result", Result),
        _one_of("rating_status", RatingStatus),
        CheckConstraint("leg > 0 AND duration_ms >= 0", name="counts"),
        {"postgresql_partition_by": "RANGE (start_time)"},
    )

    start_time: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, NUMBERS, server_default=NUMBERS.next_value(), primary_key=True)
    init_time: Mapped[datetime]
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int]
    other_subscriber_id: Mapped[int | None]
    forwarded_to_id: Mapped[int | None]
    duration_ms: Mapped[int]
    leg: Mapped[int] = mapped_column(SmallInteger)
    code: Mapped[int | None] = mapped_column(SmallInteger)
    in_company: Mapped[bool]
    side: Mapped[str]
    direction: Mapped[str]
    type: Mapped[str]
    result: Mapped[str]
    call_id: Mapped[str]
    own_number: Mapped[str | None]
    other_number: Mapped[str | None] = mapped_column(BYTEWISE)
    forwarded_to: Mapped[str | None]
    dialled: Mapped[str | None]
    network_number: Mapped[str | None] = mapped_column(deferred=True)
    peer: Mapped[str | None] = mapped_column(deferred=True)
    rating_status: Mapped[str] = mapped_column(server_default=RatingStatus.UNRATED.value)
    rated_at: Mapped[datetime | None]
    customer_cost: Mapped[Decimal | None]
    reseller_cost: Mapped[Decimal | None] = mapped_column(deferred=True)
    carrier_cost: Mapped[Decimal | None] = mapped_column(deferred=True)
    currency: Mapped[str | None]
    free_seconds: Mapped[int | None]
    zone: Mapped[str | None]


_COMPANY = (CallRecord.reseller_id, CallRecord.customer_id)
_NEWEST = (CallRecord.start_time.desc(), CallRecord.id.desc())
Index("ix_call_record_company", *_COMPANY, *_NEWEST, postgresql_where=CallRecord.in_company)
Index("ix_call_record_line", *_COMPANY, CallRecord.subscriber_id, *_NEWEST)
Index("ix_call_record_number", *_COMPANY, CallRecord.other_number, *_NEWEST, postgresql_where=CallRecord.in_company)
Index("ix_call_record_kind", *_COMPANY, CallRecord.direction, CallRecord.result, *_NEWEST, postgresql_where=CallRecord.in_company)
Index("ix_call_record_length", *_COMPANY, CallRecord.duration_ms.desc(), *_NEWEST, postgresql_where=CallRecord.in_company)


class CallVolume(OfCustomer, db.Base):
    """How many calls a company's list has per quarter of an hour: every time zone's days and hours begin with one."""

    __tablename__ = "call_volume"
    __table_args__ = (of_customer("fk_call_volume_customer"),)

    reseller_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    customer_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bucket: Mapped[datetime] = mapped_column(primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    calls: Mapped[int]
    answered: Mapped[int]
    missed: Mapped[int]
    seconds: Mapped[int] = mapped_column(BigInteger)


class KnownLeg(db.Base):
    """The legs that were taken, whenever they began: a leg is taken once."""

    __tablename__ = "call_known_leg"

    call_id: Mapped[str] = mapped_column(BYTEWISE, primary_key=True)
    leg: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    start_time: Mapped[datetime]


class CallImport(db.Base):
    """A file that was read: how many of its lines were taken, known before, of nobody here, set aside."""

    __tablename__ = "call_import"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    file_name: Mapped[str]
    sha256: Mapped[str | None]
    started_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
    lines: Mapped[int] = mapped_column(default=0)
    taken: Mapped[int] = mapped_column(default=0)
    known: Mapped[int] = mapped_column(default=0)
    not_ours: Mapped[int] = mapped_column(default=0)
    set_aside: Mapped[int] = mapped_column(default=0)


class CallImportReject(db.Base):
    """A line that was set aside, as it stood in the file, and why."""

    __tablename__ = "call_import_reject"

    import_id: Mapped[int] = mapped_column(
        ForeignKey("call_import.id", name="fk_call_import_reject_import"), primary_key=True, autoincrement=False,
    )
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    raw: Mapped[str]
    reason: Mapped[str]

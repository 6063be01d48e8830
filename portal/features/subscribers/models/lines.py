from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import BigInteger, CheckConstraint, Computed, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, of_customer


class Kind(StrEnum):
    REGULAR = auto()
    PILOT = auto()
    EXTENSION = auto()
    GROUP = auto()
    TRUNK = auto()


class Status(StrEnum):
    ACTIVE = auto()
    LOCKED = auto()
    TERMINATED = auto()


class LockSource(StrEnum):
    """Who set a lock: lifting one source's lock never lifts another's."""

    PILOT = auto()
    RESELLER = auto()
    CUSTOMER = auto()
    CREDIT = auto()
    PLATFORM = auto()  # the reseller itself is locked


class OutgoingNumber(StrEnum):
    """Which number people called by this line see."""

    OWN = auto()
    BASE = auto()
    ALIAS = auto()


class Subscriber(OfCustomer, db.Base):
    """A line. Groups are lines too: they have a user name and an extension, but no phone and no portal."""

    __tablename__ = "subscriber"
    __table_args__ = (
        of_customer("fk_subscriber_customer"),
        ForeignKeyConstraint(
            ["reseller_id", "domain_id"], ["sip_domain.reseller_id", "sip_domain.id"], name="fk_subscriber_domain"
        ),
        ForeignKeyConstraint(["reseller_id", "contact_id"], ["contact.reseller_id", "contact.id"], name="fk_subscriber_contact"),
        ForeignKeyConstraint(
            ["reseller_id", "outgoing_number_id"], ["number.reseller_id", "number.id"], name="fk_subscriber_outgoing_number"
        ),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "profile_id"],
            ["subscriber_profile.reseller_id", "subscriber_profile.customer_id", "subscriber_profile.id"],
            name=constraint("fk_subscriber_profile", "profile-in-use"),
        ),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_subscriber_reseller_id_customer_id_id"),
        CheckConstraint("kind IN ('regular', 'pilot', 'extension', 'group', 'trunk')", name="kind"),
        CheckConstraint("status IN ('active', 'locked', 'terminated')", name="status"),
        CheckConstraint("lock_level BETWEEN 0 AND 5", name="lock_level"),
        CheckConstraint("extension ~ '^[0-9]{1,10}$'", name="extension_digits"),
        CheckConstraint("(kind IN ('extension', 'group')) = (extension IS NOT NULL)", name="extension_by_kind"),
        CheckConstraint("char_length(display_name) BETWEEN 1 AND 127", name="display_name_length"),
        CheckConstraint("outgoing IN ('own', 'base', 'alias')", name="outgoing"),
        CheckConstraint("max_calls > 0", name="max_calls"),
        Index("ix_subscriber_name", "reseller_id", "name_sort", "id"),
        Index("ix_subscriber_external_id", "reseller_id", "external_id", postgresql_where=text("external_id IS NOT NULL")),
        Index(
            constraint("uq_subscriber_extension", "extension-taken", "extension"),
            "customer_id",
            "extension",
            unique=True,
            postgresql_where=text("status <> 'terminated' AND extension IS NOT NULL"),
        ),
        Index(
            constraint("uq_subscriber_username", "username-taken", "username"),
            "domain_id",
            "username",
            unique=True,
            postgresql_where=text("status <> 'terminated'"),
        ),
        Index(
            constraint("uq_subscriber_pilot", "second-pilot"),
            "customer_id",
            unique=True,
            postgresql_where=text("status <> 'terminated' AND kind = 'pilot'"),
        ),
        Index("ix_subscriber_profile", "profile_id"),
        # What a contact or a number that goes is looked for by.
        Index("ix_subscriber_contact", "contact_id", postgresql_where=text("contact_id IS NOT NULL")),
        Index("ix_subscriber_outgoing_number", "outgoing_number_id", postgresql_where=text("outgoing_number_id IS NOT NULL")),
        Index("ix_subscriber_customer", "reseller_id", "customer_id", "extension_number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    domain_id: Mapped[int]
    contact_id: Mapped[int | None]
    kind: Mapped[str]
    username: Mapped[str]
    display_name: Mapped[str]
    name_sort: Mapped[str]
    extension: Mapped[str | None]
    extension_number: Mapped[int | None] = mapped_column(BigInteger, Computed("extension::bigint", persisted=True))
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    lock_level: Mapped[int] = mapped_column(default=0)
    outgoing: Mapped[str] = mapped_column(default=OutgoingNumber.OWN.value)
    outgoing_number_id: Mapped[int | None]
    do_not_disturb: Mapped[bool] = mapped_column(default=False)
    music_on_hold: Mapped[bool] = mapped_column(default=True)
    profile_id: Mapped[int | None]  # without one, that of the customer
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    external_id: Mapped[str | None]
    max_calls: Mapped[int | None]  # at the same time
    next_hop: Mapped[str | None]  # of a trunk that does not register: where its calls go, like sip:pbx.example.com:5060
    new_device_mail: Mapped[bool] = mapped_column(default=True)  # when a phone signs in that was never seen before
    ha1_md5: Mapped[str | None]
    ha1_sha256: Mapped[str | None]
    created_at: Mapped[datetime]
    terminated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Lock(OfCustomer, db.Base):
    """Who locked a line, how far and why; the line's own level is the highest of its locks."""

    __tablename__ = "subscriber_lock"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_subscriber_lock_subscriber",
        ),
        UniqueConstraint("subscriber_id", "source", name="uq_subscriber_lock_subscriber_id_source"),
        CheckConstraint("source IN ('pilot', 'reseller', 'customer', 'credit', 'platform')", name="source"),
        CheckConstraint("level BETWEEN 1 AND 5", name="level"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int]
    source: Mapped[str]
    level: Mapped[int]
    reason: Mapped[str]
    by_name: Mapped[str]
    at: Mapped[datetime]


class TrustedSource(OfCustomer, db.Base):
    """An address that a trunk's calls may come from without a password."""

    __tablename__ = "trusted_source"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_trusted_source_subscriber",
        ),
        UniqueConstraint("network", "protocol", name=constraint("uq_trusted_source_network", "source-taken", "network")),
        CheckConstraint("protocol IN ('any', 'udp', 'tcp', 'tls')", name="protocol"),
        CheckConstraint("from_pattern ~ '^[0-9*?]{1,42}$'", name="from_pattern"),
        Index("ix_trusted_source_subscriber", "subscriber_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int]
    network: Mapped[str]  # one address or a range, like 192.0.2.16/28
    protocol: Mapped[str] = mapped_column(default="any")
    from_pattern: Mapped[str | None]  # which callers it may send, in digits with * and ?; without one, any


class Device(OfCustomer, db.Base):
    """A telephone that has signed in at a line at least once; `mark`: its instance, or what it calls itself."""

    __tablename__ = "device"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_device_subscriber",
        ),
    )

    subscriber_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    user_agent: Mapped[str]
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]


constraint("ex_trusted_source_network", "source-taken", "network")

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, of_customer


class Status(StrEnum):
    ACTIVE = auto()
    LOCKED = auto()
    TERMINATED = auto()


class Account(OfCustomer, db.Base):
    """Somebody who may sign in; staff have no customer, people of a customer have a subscriber."""

    __tablename__ = "account"
    __table_args__ = (
        of_customer("fk_account_customer"),
        ForeignKeyConstraint(["reseller_id", "domain_id"], ["sip_domain.reseller_id", "sip_domain.id"], name="fk_account_domain"),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_account_subscriber",
            use_alter=True,
        ),
        UniqueConstraint("reseller_id", "id", name="uq_account_reseller_id_id"),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_account_reseller_id_customer_id_id"),
        CheckConstraint("status IN ('active', 'locked', 'terminated')", name="status"),
        CheckConstraint("role IN ('operator', 'reseller', 'care', 'pilot', 'subscriber')", name="role"),
        CheckConstraint("(role IN ('pilot', 'subscriber')) = (customer_id IS NOT NULL)", name="customer_by_role"),
        CheckConstraint("username = lower(username) AND char_length(username) BETWEEN 1 AND 255", name="username_lower"),
        Index(
            constraint("uq_account_domain_username", "web-user-taken", "web_username"),
            "domain_id",
            "username",
            unique=True,
            postgresql_where=text("status <> 'terminated' AND domain_id IS NOT NULL"),
        ),
        Index(
            constraint("uq_account_staff_username", "web-user-taken", "web_username"),
            "reseller_id",
            "username",
            unique=True,
            postgresql_where=text("status <> 'terminated' AND domain_id IS NULL"),
        ),
        Index("ix_account_subscriber", "subscriber_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int] = mapped_column(ForeignKey("reseller.id"))
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    subscriber_id: Mapped[int | None]
    domain_id: Mapped[int | None]
    role: Mapped[str]
    username: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    scheme: Mapped[str | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class AccountSession(OfCustomer, db.Base):
    """A browser that is signed in. Only the hash of its token is kept."""

    __tablename__ = "account_session"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "account_id"], ["account.reseller_id", "account.id"], name="fk_account_session_account",
        ),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "account_id"],
            ["account.reseller_id", "account.customer_id", "account.id"],
            name="fk_account_session_customer",
        ),
        Index("ix_account_session_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account_id: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    host: Mapped[str]
    address: Mapped[str]
    user_agent: Mapped[str]
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class SignInTrouble(db.Base):
    """Failed sign-ins of one account or one address; the key is a hash, known names and unknown ones alike."""

    __tablename__ = "sign_in_trouble"

    key: Mapped[bytes] = mapped_column(primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime]

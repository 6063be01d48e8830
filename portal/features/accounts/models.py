from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import (
    ARRAY,
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, validates

from portal.core import clock, db, i18n, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.sealed import Sealed
from portal.core.tenancy import OfCustomer, OfReseller, of_customer


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
        CheckConstraint("withheld <@ ARRAY['changes', 'calls', 'billing', 'passwords']", name="withheld"),
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
        Index("ix_account_name", "reseller_id", "name_sort", "id"),
        Index("ix_account_turned", "reseller_id", "name_turned"),
        Index("ix_account_username", "reseller_id", "username"),
        Index("ix_account_email", "reseller_id", "email_sort"),
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
    name_sort: Mapped[str]
    name_turned: Mapped[str]  # “meier alice”: people are looked for by either name
    email: Mapped[str | None]
    email_sort: Mapped[str | None]
    email_confirmed_at: Mapped[datetime | None]  # by a link that was mailed to this very address
    password_hash: Mapped[str | None]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    password_set_at: Mapped[datetime | None]
    devices_since: Mapped[datetime | None]  # devices known from before this count as new
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    withheld: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # from staff, of what the role has
    language: Mapped[str | None]
    time_zone: Mapped[str | None]
    scheme: Mapped[str | None]
    created_at: Mapped[datetime]
    last_sign_in_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @validates("name")
    def _keep_name_sorted(self, _key: str, name: str) -> str:
        self.name_sort = i18n.sort_key(name)
        first, _blank, last = self.name_sort.rpartition(" ")
        self.name_turned = f"{last} {first}".strip()
        return name

    @validates("email")
    def _keep_email_sorted(self, _key: str, email: str | None) -> str | None:
        self.email_sort = email.lower() if email else None
        if email != self.email:
            self.email_confirmed_at = None
        return email


def of_account(table: str) -> tuple[ForeignKeyConstraint, ForeignKeyConstraint]:
    """Belt three: the account, seen together with its reseller and, for people of a customer, with that customer."""
    return (
        ForeignKeyConstraint(
            ["reseller_id", "account_id"], ["account.reseller_id", "account.id"], name=f"fk_{table}_account",
        ),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "account_id"],
            ["account.reseller_id", "account.customer_id", "account.id"],
            name=f"fk_{table}_customer",
        ),
    )


class Method(StrEnum):
    """How a sign-in was completed."""

    PASSWORD = auto()
    TOTP = auto()
    RECOVERY = auto()
    PASSKEY = auto()
    PROVIDER = auto()


class AccountSession(OfCustomer, db.Base):
    """A browser that is signed in. Only the hash of its token is kept.

    `half`: the password was right, a second factor is still owed; it opens nothing but that step.
    `viewing_…`: this member of staff sees the portal as another account does, until a moment.
    """

    __tablename__ = "account_session"
    __table_args__ = (
        *of_account("account_session"),
        ForeignKeyConstraint(
            ["reseller_id", "viewing_account_id"],
            ["account.reseller_id", "account.id"],
            name="fk_account_session_viewing",
        ),
        CheckConstraint("method IN ('password', 'totp', 'recovery', 'passkey', 'provider')", name="method"),
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
    method: Mapped[str] = mapped_column(default=Method.PASSWORD.value)
    half: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    confirmed_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    viewing_account_id: Mapped[int | None]
    viewing_reason: Mapped[str | None]
    viewing_until: Mapped[datetime | None]


class PastPassword(OfCustomer, db.Base):
    """A password that an account had, so that it is not taken again."""

    __tablename__ = "past_password"
    __table_args__ = (*of_account("past_password"), Index("ix_past_password_account", "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account_id: Mapped[int]
    password_hash: Mapped[str]
    set_at: Mapped[datetime]


class Purpose(StrEnum):
    """What a mailed link is for."""

    RESET = auto()
    INVITATION = auto()
    EMAIL = auto()


class AccountToken(OfCustomer, db.Base):
    """A link that was mailed: of one account, for one purpose, used once. Only the hash of its token is kept.

    `email`: the address that a link of the purpose “email” confirms.
    """

    __tablename__ = "account_token"
    __table_args__ = (
        *of_account("account_token"),
        CheckConstraint("purpose IN ('reset', 'invitation', 'email')", name="purpose"),
        Index("ix_account_token_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account_id: Mapped[int]
    purpose: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    email: Mapped[str | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Authenticator(OfCustomer, db.Base):
    """The app that shows one-time codes. Counts once a first code was typed; `last_step` is the newest that was used."""

    __tablename__ = "authenticator"
    __table_args__ = of_account("authenticator")

    account_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    seed: Mapped[str] = mapped_column(Sealed("one-time codes"))
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    last_step: Mapped[int | None] = mapped_column(BigInteger)


class RecoveryCode(OfCustomer, db.Base):
    """Stands in for a lost second factor, once. Only a keyed hash is kept."""

    __tablename__ = "recovery_code"
    __table_args__ = (*of_account("recovery_code"), Index("ix_recovery_code_account", "account_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account_id: Mapped[int]
    code_hash: Mapped[bytes]
    used_at: Mapped[datetime | None]


class Passkey(OfCustomer, db.Base):
    """A WebAuthn credential, good at the one host where it was made."""

    __tablename__ = "passkey"
    __table_args__ = (
        *of_account("passkey"),
        UniqueConstraint("credential_id", name=constraint("uq_passkey_credential_id", "passkey-known")),
        Index("ix_passkey_account", "account_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account_id: Mapped[int]
    host: Mapped[str]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int] = mapped_column(BigInteger)
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    backed_up: Mapped[bool]
    name: Mapped[str]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class Ceremony(OfReseller, db.Base):
    """Something begun in a browser that is finished there once: a passkey's challenge, a visit to a single sign-on provider.

    `key_hash` is of what comes back; `sealed` is JSON that only the portal reads.
    """

    __tablename__ = "ceremony"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_ceremony_reseller"),
        Index("ix_ceremony_expires_at", "expires_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    kind: Mapped[str]
    key_hash: Mapped[bytes] = mapped_column(unique=True)
    host: Mapped[str]
    account_id: Mapped[int | None]
    sealed: Mapped[str] = mapped_column(Sealed("ceremony"))
    expires_at: Mapped[datetime]


class SignInRules(OfReseller, db.Base):
    """What a reseller asks of those who sign in. `password_days`: a web password older than this is replaced first."""

    __tablename__ = "sign_in_rules"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_sign_in_rules_reseller"),
        CheckConstraint("password_days BETWEEN 1 AND 3650", name="password_days"),
    )

    reseller_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    password_days: Mapped[int | None]
    factor_roles: Mapped[list[str]] = mapped_column(ARRAY(Text))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Provider(OfReseller, db.Base):
    """A reseller's OpenID provider for single sign-on. `opens_for`: accounts are made for addresses of this mail domain."""

    __tablename__ = "provider"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_provider_reseller"),
        UniqueConstraint("reseller_id", "id", name="uq_provider_reseller_id_id"),
        UniqueConstraint("reseller_id", name=constraint("uq_provider_reseller_id", "changed-meanwhile")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    name: Mapped[str]
    issuer: Mapped[str]
    client_id: Mapped[str]
    client_secret: Mapped[str] = mapped_column(Sealed("client secrets"))
    opens_for: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ProviderSubject(OfCustomer, db.Base):
    """Whose identity at the provider is whose account here."""

    __tablename__ = "provider_subject"
    __table_args__ = (
        *of_account("provider_subject"),
        ForeignKeyConstraint(
            ["reseller_id", "provider_id"], ["provider.reseller_id", "provider.id"], name="fk_provider_subject_provider",
        ),
        UniqueConstraint("provider_id", "subject", name="uq_provider_subject_provider_id_subject"),
        UniqueConstraint("account_id", "provider_id", name="uq_provider_subject_account_id_provider_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account_id: Mapped[int]
    provider_id: Mapped[int]
    subject: Mapped[str]
    created_at: Mapped[datetime]


class SignInTrouble(db.Base):
    """Failed sign-ins of one account or one address; the key is a hash, known names and unknown ones alike.

    `person`: a hash of the sign-in name that was tried, where it is one person’s.
    """

    __tablename__ = "sign_in_trouble"
    __table_args__ = (Index("ix_sign_in_trouble_person", "person"),)

    key: Mapped[bytes] = mapped_column(primary_key=True)
    person: Mapped[bytes | None]
    failures: Mapped[int]
    last_at: Mapped[datetime]
    wait_until: Mapped[datetime]

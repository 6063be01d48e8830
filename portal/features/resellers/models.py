import secrets
from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, synonym, validates
from sqlalchemy.types import Text

from portal.core import clock, db, i18n, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfReseller

POINTS = "points IN ('here', 'partly', 'elsewhere', 'seen', 'nothing', 'reserved', 'silent')"


class Status(StrEnum):
    ACTIVE = auto()
    LOCKED = auto()
    TERMINATED = auto()


class Reseller(OfReseller, db.Base):
    """The tenant itself."""

    __tablename__ = "reseller"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'locked', 'terminated')", name="status"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 63", name="name_length"),
        CheckConstraint("max_subscribers > 0", name="max_subscribers"),
        ForeignKeyConstraint(
            ["id", "theme_version_id"],
            ["theme_version.reseller_id", "theme_version.id"],
            name="fk_reseller_theme_version",
            use_alter=True,
        ),
        Index(
            constraint("uq_reseller_name", "reseller-name-taken", "name"),
            "name_sort",
            unique=True,
            postgresql_where=text("status <> 'terminated'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # although it stands in a foreign key too
    reseller_id: Mapped[int] = synonym("id")
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    name: Mapped[str]
    name_sort: Mapped[str]
    operator: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    lock_reason: Mapped[str | None]
    theme: Mapped[str]  # one of those that are shipped, until it publishes its own
    theme_version_id: Mapped[int | None]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    time_zone: Mapped[str] = mapped_column(default="Europe/Berlin")
    max_subscribers: Mapped[int | None]  # lines of all its customers together, groups too
    blocks_only: Mapped[bool] = mapped_column(default=False)  # gives its customers numbers of its own blocks only
    guide_closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    terminated_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @validates("name")
    def _keep_name_sorted(self, _key: str, name: str) -> str:
        self.name_sort = i18n.sort_key(name)
        return name


class SipDomain(OfReseller, db.Base):
    __tablename__ = "sip_domain"
    __table_args__ = (
        UniqueConstraint("reseller_id", "id", name="uq_sip_domain_reseller_id_id"),
        CheckConstraint("domain = lower(domain) AND char_length(domain) <= 127", name="domain_lower"),
        CheckConstraint("lock_level BETWEEN 0 AND 3", name="lock_level"),
        CheckConstraint("ring_seconds BETWEEN 1 AND 3600", name="ring_seconds"),
        CheckConstraint(POINTS, name="points"),
        Index(
            constraint("uq_sip_domain_domain", "domain-taken", "domain"),
            "domain",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index("ix_sip_domain_reseller", "reseller_id", "domain"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int] = mapped_column(ForeignKey("reseller.id"))
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    domain: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    time_zone: Mapped[str] = mapped_column(default="Europe/Berlin")
    cc: Mapped[str] = mapped_column(default="49")
    ac: Mapped[str] = mapped_column(default="30")
    lock_level: Mapped[int] = mapped_column(default=0)  # what its new lines start with: this, and the next two
    ring_seconds: Mapped[int | None]
    hide_number: Mapped[bool] = mapped_column(default=False)
    in_browsers: Mapped[bool] = mapped_column(default=False)  # is a web address too, without a host of this name
    checked_at: Mapped[datetime | None]
    points: Mapped[str | None]  # where the DNS led when it was last looked at, in a word of rules.Points
    removed_at: Mapped[datetime | None]  # it stays for the lines that have ended in it; its name is free
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class WebHost(OfReseller, db.Base):
    __tablename__ = "web_host"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "domain_id"], ["sip_domain.reseller_id", "sip_domain.id"], name="fk_web_host_domain",
        ),
        CheckConstraint("host = lower(host) AND char_length(host) <= 253", name="host_lower"),
        CheckConstraint(POINTS, name="points"),
        UniqueConstraint("reseller_id", "host", name=constraint("uq_web_host_own", "host-yours", "host")),
        Index(
            constraint("uq_web_host_host", "host-taken", "host"),
            "host",
            unique=True,
            postgresql_where=text("proved_at IS NOT NULL"),
        ),
        Index("ix_web_host_domain", "domain_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int] = mapped_column(ForeignKey("reseller.id"))
    host: Mapped[str]  # of several claims only one is ever proved
    domain_id: Mapped[int | None]
    title: Mapped[str | None]
    proof: Mapped[str] = mapped_column(default=lambda: secrets.token_hex(12))  # what its TXT record has to say
    proved_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]  # when the record was last there
    gone_at: Mapped[datetime | None]  # since when it is not, after it had been
    checked_at: Mapped[datetime | None]
    points: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


constraint("fk_subscriber_domain", "domain-gone", "domain")  # whoever comes after it was removed

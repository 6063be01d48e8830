from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column, synonym
from sqlalchemy.types import Text

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfReseller


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
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int] = synonym("id")
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    name: Mapped[str] = mapped_column(unique=True)
    operator: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    theme: Mapped[str]
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    time_zone: Mapped[str] = mapped_column(default="Europe/Berlin")
    max_subscribers: Mapped[int | None]


class SipDomain(OfReseller, db.Base):
    __tablename__ = "sip_domain"
    __table_args__ = (
        UniqueConstraint("reseller_id", "id", name="uq_sip_domain_reseller_id_id"),
        CheckConstraint("domain = lower(domain) AND char_length(domain) <= 127", name="domain_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int] = mapped_column(ForeignKey("reseller.id"))
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    domain: Mapped[str] = mapped_column(unique=True)
    languages: Mapped[list[str]] = mapped_column(ARRAY(Text))
    time_zone: Mapped[str] = mapped_column(default="Europe/Berlin")
    cc: Mapped[str] = mapped_column(default="49")
    ac: Mapped[str] = mapped_column(default="30")


class WebHost(OfReseller, db.Base):
    __tablename__ = "web_host"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "domain_id"], ["sip_domain.reseller_id", "sip_domain.id"], name="fk_web_host_domain",
        ),
        CheckConstraint("host = lower(host) AND char_length(host) <= 253", name="host_lower"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int] = mapped_column(ForeignKey("reseller.id"))
    host: Mapped[str] = mapped_column(unique=True)
    domain_id: Mapped[int | None]
    title: Mapped[str | None]


constraint("uq_reseller_name", "reseller-name-taken", "name")
constraint("uq_sip_domain_domain", "domain-taken", "domain")
constraint("uq_web_host_host", "host-taken", "host")

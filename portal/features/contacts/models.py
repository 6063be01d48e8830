from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import ARRAY, CheckConstraint, Connection, ForeignKey, Index, Text, UniqueConstraint, event
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from portal.core import clock, db, i18n, ids
from portal.core.ids import PublicId
from portal.core.tenancy import OfReseller


class Status(StrEnum):
    ACTIVE = auto()
    TERMINATED = auto()


class Contact(OfReseller, db.Base):
    """Whom to write to: of customers, or of one subscriber; without a reseller, a system contact, of the platform's contracts."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("reseller_id", "id", name="uq_contact_reseller_id_id"),
        CheckConstraint("status IN ('active', 'terminated')", name="status"),
        CheckConstraint("char_length(email) BETWEEN 3 AND 255", name="email_length"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country"),
        Index("ix_contact_name", "reseller_id", "name_sort", "id"),
        Index("ix_contact_email", "reseller_id", "email_sort"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int | None] = mapped_column(ForeignKey("reseller.id"))  # type: ignore[assignment]
    email: Mapped[str]
    email_sort: Mapped[str]
    name_sort: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    company: Mapped[str | None]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    phone_number: Mapped[str | None]
    mobile_number: Mapped[str | None]
    fax_number: Mapped[str | None]
    iban: Mapped[str | None]
    bic: Mapped[str | None]
    bank_name: Mapped[str | None]
    vat_number: Mapped[str | None]
    register_number: Mapped[str | None]
    notes: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list)  # free fields, ten at most
    time_zone: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    def keep_sorted(self) -> None:
        self.name_sort, self.email_sort = i18n.sort_key(self.name), self.email.lower()

    @property
    def name(self) -> str:
        return self.company or " ".join(part for part in (self.first_name, self.last_name) if part) or self.email


@event.listens_for(Contact, "before_insert")
@event.listens_for(Contact, "before_update")
def _keep_sorted(_mapper: Mapper[Contact], _connection: Connection, contact: Contact) -> None:
    contact.keep_sorted()

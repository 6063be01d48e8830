from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.ids import PublicId
from portal.core.tenancy import OfReseller


class Status(StrEnum):
    ACTIVE = auto()
    TERMINATED = auto()


class Contact(OfReseller, db.Base):
    """Whom to write to. Of a customer, or of one subscriber."""

    __tablename__ = "contact"
    __table_args__ = (
        UniqueConstraint("reseller_id", "id", name="uq_contact_reseller_id_id"),
        CheckConstraint("status IN ('active', 'terminated')", name="status"),
        CheckConstraint("char_length(email) BETWEEN 3 AND 255", name="email_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int] = mapped_column(ForeignKey("reseller.id"))
    email: Mapped[str]
    first_name: Mapped[str | None]
    last_name: Mapped[str | None]
    company: Mapped[str | None]
    street: Mapped[str | None]
    postcode: Mapped[str | None]
    city: Mapped[str | None]
    country: Mapped[str | None]
    phone_number: Mapped[str | None]
    time_zone: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=Status.ACTIVE.value)

    @property
    def name(self) -> str:
        return self.company or " ".join(part for part in (self.first_name, self.last_name) if part) or self.email

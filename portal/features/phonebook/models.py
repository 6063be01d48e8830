from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.ids import PublicId
from portal.core.tenancy import OfCustomer, of_customer


class Entry(OfCustomer, db.Base):
    """Somebody with a name and numbers. Without a subscriber it is the company's, seen by everybody there."""

    __tablename__ = "phonebook_entry"
    __table_args__ = (
        of_customer("fk_phonebook_entry_customer"),
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "subscriber_id"],
            ["subscriber.reseller_id", "subscriber.customer_id", "subscriber.id"],
            name="fk_phonebook_entry_subscriber",
        ),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_phonebook_entry_reseller_id_customer_id_id"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 127", name="name_length"),
        Index("ix_phonebook_entry_owner", "customer_id", "subscriber_id", "name_sort", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int | None]
    name: Mapped[str]
    name_sort: Mapped[str]
    company: Mapped[str | None]
    company_sort: Mapped[str | None]
    email: Mapped[str | None]
    note: Mapped[str | None]
    imported: Mapped[PublicId | None]  # all entries of one import have the same
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class EntryNumber(OfCustomer, db.Base):
    """A number of an entry, at its place; digits are canonical. The owner is repeated: names are found by number alone."""

    __tablename__ = "phonebook_number"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "entry_id"],
            ["phonebook_entry.reseller_id", "phonebook_entry.customer_id", "phonebook_entry.id"],
            name="fk_phonebook_number_entry",
            ondelete="CASCADE",
        ),
        CheckConstraint("label IN ('work', 'mobile', 'home', 'other')", name="label"),
        CheckConstraint("digits ~ '^[0-9]{1,40}$'", name="digits"),
        Index("ix_phonebook_number_digits", "customer_id", "digits"),
    )

    entry_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    subscriber_id: Mapped[int | None]
    label: Mapped[str]
    digits: Mapped[str]


class Kept(OfCustomer, db.Base):
    """What somebody has still to say yes to, or may bring back: the file that was read last, the entry that was removed last."""

    __tablename__ = "phonebook_kept"
    __table_args__ = (
        of_customer("fk_phonebook_kept_customer"),
        UniqueConstraint("account", "kind", name="uq_phonebook_kept_account_kind"),
        CheckConstraint("kind IN ('file', 'removed')", name="kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    account: Mapped[PublicId]
    kind: Mapped[str]
    name: Mapped[str]
    own: Mapped[bool]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime]

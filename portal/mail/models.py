from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.sealed import Sealed
from portal.core.tenancy import OfCustomer, OfReseller


class State(StrEnum):
    """queued: on its way; sent: a mail server took it; kept: shown in the mailbox of the demo, for there is no mail server;
    refused: no mail server takes it for this address, ever; bounced: taken, and came back.
    """

    QUEUED = auto()
    SENT = auto()
    KEPT = auto()
    REFUSED = auto()
    BOUNCED = auto()


TROUBLED = "state IN ('refused', 'bounced') OR (state = 'queued' AND tries > 0)"


class Mail(OfCustomer, db.Base):
    """A mail as it was written. What it says is sealed, for it may hold a link that signs in, and goes once it is sent.

    `cause`: what it was written for; one cause makes one mail. `content` is JSON: text, html.
    """

    __tablename__ = "mail"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_mail_reseller"),
        ForeignKeyConstraint(["reseller_id", "customer_id"], ["customer.reseller_id", "customer.id"], name="fk_mail_customer"),
        CheckConstraint("state IN ('queued', 'sent', 'kept', 'refused', 'bounced')", name="state"),
        Index("ix_mail_reseller", "reseller_id", text("id DESC")),
        Index("ix_mail_trouble", "reseller_id", text("id DESC"), postgresql_where=text(TROUBLED)),
        Index(
            "ix_mail_recipient",
            "reseller_id",
            func.lower(text("recipient")).label("address"),
            text("id DESC"),
            postgresql_ops={"address": "text_pattern_ops"},
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int | None] = mapped_column()  # type: ignore[assignment]
    account: Mapped[PublicId | None]
    kind: Mapped[str]
    cause: Mapped[str] = mapped_column(unique=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    recipient: Mapped[str]
    sender: Mapped[str]
    reply_to: Mapped[str | None]
    language: Mapped[str]
    subject: Mapped[str]
    content: Mapped[str | None] = mapped_column(Sealed("mails"))
    state: Mapped[str] = mapped_column(default=State.QUEUED.value)
    tries: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[str | None]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class MailTemplate(OfReseller, db.Base):
    """A reseller's own words for a kind of mail in one language, instead of the shipped ones."""

    __tablename__ = "mail_template"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_mail_template_reseller"),
        UniqueConstraint("reseller_id", "kind", "language", name=constraint("uq_mail_template_kind", "changed-meanwhile")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    kind: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    by_name: Mapped[str]
    changed_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

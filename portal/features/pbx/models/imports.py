from datetime import datetime
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.sealed import Sealed
from portal.core.tenancy import OfCustomer, of_customer
from portal.features.pbx.rules.files import ImportKind as ImportKind


class ImportState(StrEnum):
    UPLOADED = auto()  # columns are to be matched
    CHECKING = auto()  # the dry run is under way
    CHECKED = auto()
    WRITING = auto()
    WRITTEN = auto()
    UNDOING = auto()
    UNDONE = auto()
    FAILED = auto()
    DROPPED = auto()


class Import(OfCustomer, db.Base):
    """A file on its way into the company's extensions, groups or numbers: what was uploaded, how far it is, what came of it."""

    __tablename__ = "pbx_import"
    __table_args__ = (
        of_customer("fk_pbx_import_customer"),
        UniqueConstraint("reseller_id", "customer_id", "id", name="uq_pbx_import_reseller_id_customer_id_id"),
        CheckConstraint("kind IN ('extensions', 'groups', 'numbers')", name="kind"),
        CheckConstraint(
            "state IN ('uploaded', 'checking', 'checked', 'writing', 'written', 'undoing', 'undone', 'failed', 'dropped')",
            name="state",
        ),
        Index(
            constraint("uq_pbx_import_running", "import-running"),
            "customer_id",
            unique=True,
            postgresql_where=text("state IN ('checking', 'writing', 'undoing')"),
        ),
        Index("ix_pbx_import_customer", "reseller_id", "customer_id", text("id DESC")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    kind: Mapped[str]
    state: Mapped[str]
    name: Mapped[str]  # of the file
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)  # until it is written or dropped
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)  # encoding, separator, columns, whether to invite
    counts: Mapped[dict[str, Any]] = mapped_column(JSONB)  # by verdict, of the dry run
    total: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    trouble: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # code and facts of a refusal of the whole
    by_account: Mapped[PublicId | None]
    by_name: Mapped[str]
    created_at: Mapped[datetime]
    written_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ImportRow(OfCustomer, db.Base):
    """A row of the file, what is to come of it and, once it is written, what stood before and what stands now."""

    __tablename__ = "pbx_import_row"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "customer_id", "import_id"],
            ["pbx_import.reseller_id", "pbx_import.customer_id", "pbx_import.id"],
            name="fk_pbx_import_row_import",
            ondelete="CASCADE",
        ),
        CheckConstraint("verdict IN ('new', 'changed', 'same', 'refused')", name="verdict"),
    )

    import_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)  # in the file, counted from 1
    reseller_id: Mapped[int]
    customer_id: Mapped[int]
    verdict: Mapped[str]
    values: Mapped[dict[str, Any]] = mapped_column(JSONB)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB)  # field -> (was, now)
    troubles: Mapped[list[Any]] = mapped_column(JSONB)  # (field, code, facts)
    subject: Mapped[PublicId | None]  # of the line or number
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB)  # what undoing brings back
    after_version: Mapped[int | None]  # of the row; another one later means that somebody else touched it
    secret: Mapped[str | None] = mapped_column(Sealed("import"))  # the generated SIP password, until it was downloaded

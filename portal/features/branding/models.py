from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId
from portal.core.tenancy import OfReseller


class State(StrEnum):
    """draft: being worked on, one a reseller; published: kept as it was, for good."""

    DRAFT = auto()
    PUBLISHED = auto()


class ThemeVersion(OfReseller, db.Base):
    """A theme of a reseller as it was at a time. What it consists of are its files, the same as in a theme's folder."""

    __tablename__ = "theme_version"
    __table_args__ = (
        ForeignKeyConstraint(["reseller_id"], ["reseller.id"], name="fk_theme_version_reseller"),
        UniqueConstraint("reseller_id", "id", name="uq_theme_version_reseller_id_id"),
        UniqueConstraint("reseller_id", "number", name=constraint("uq_theme_version_number", "changed-meanwhile")),
        CheckConstraint("state IN ('draft', 'published')", name="state"),
        CheckConstraint("(state = 'draft') = (number IS NULL)", name="number_by_state"),
        Index(
            constraint("uq_theme_version_draft", "changed-meanwhile"),
            "reseller_id",
            unique=True,
            postgresql_where=text("state = 'draft'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    state: Mapped[str] = mapped_column(default=State.DRAFT.value)
    number: Mapped[int | None]
    based_on: Mapped[int | None]  # the number of the version that it began as
    note: Mapped[str | None]
    by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    changed_at: Mapped[datetime] = mapped_column(default=clock.now)
    published_at: Mapped[datetime | None]
    published_by_name: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ThemeFile(OfReseller, db.Base):
    """A file of a theme version: theme.toml, drawings, pictures, by their path in a theme's folder."""

    __tablename__ = "theme_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "version_id"],
            ["theme_version.reseller_id", "theme_version.id"],
            name="fk_theme_file_version",
        ),
        CheckConstraint("octet_length(content) <= 1048576", name="size"),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    path: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ThemeIcon(OfReseller, db.Base):
    """An icon of a published version, drawn when it was published: no visitor's request ever draws."""

    __tablename__ = "theme_icon"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "version_id"],
            ["theme_version.reseller_id", "theme_version.id"],
            name="fk_theme_icon_version",
        ),
    )

    version_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(primary_key=True)
    reseller_id: Mapped[int]
    digest: Mapped[str]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ThemePreview(OfReseller, db.Base):
    """A private link by which chosen people see a version that is not published. Only the hash of its token is kept."""

    __tablename__ = "theme_preview"
    __table_args__ = (
        ForeignKeyConstraint(
            ["reseller_id", "version_id"],
            ["theme_version.reseller_id", "theme_version.id"],
            name="fk_theme_preview_version",
        ),
        Index("ix_theme_preview_version", "version_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    reseller_id: Mapped[int]
    version_id: Mapped[int]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    name: Mapped[str]  # whom it was made for
    by_name: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

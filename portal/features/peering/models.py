from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import db, ids
from portal.core.errors import constraint
from portal.core.ids import PublicId


class PeeringGroup(db.Base):
    """Servers of one partner, tried by their weight. Operators only."""

    __tablename__ = "peering_group"
    __table_args__ = (
        CheckConstraint("char_length(name) BETWEEN 1 AND 127", name="name_length"),
        CheckConstraint("priority BETWEEN 1 AND 9", name="priority"),
        Index(constraint("uq_peering_group_name", "peering-group-name-taken", "name"), "name_sort", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    name: Mapped[str]
    name_sort: Mapped[str]
    priority: Mapped[int] = mapped_column(SmallInteger, default=1)  # the lowest is tried first
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contract.id", name="fk_peering_group_contract"))
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class PeeringServer(db.Base):
    """Where calls leave to; what comes from its address is taken without a password."""

    __tablename__ = "peering_server"
    __table_args__ = (
        CheckConstraint("char_length(name) BETWEEN 1 AND 127", name="name_length"),
        CheckConstraint("host ~ '^[0-9a-z.:-]{1,253}$'", name="host"),
        CheckConstraint("port BETWEEN 1 AND 65535", name="port"),
        CheckConstraint("transport IN ('udp', 'tcp')", name="transport"),
        CheckConstraint("weight BETWEEN 1 AND 100", name="weight"),
        UniqueConstraint(
            "host", "port", "transport", name=constraint("uq_peering_server_address", "peering-server-taken", "host")
        ),
        Index("ix_peering_server_group", "group_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[PublicId] = mapped_column(unique=True, default=ids.new)
    group_id: Mapped[int] = mapped_column(ForeignKey("peering_group.id", name="fk_peering_server_group", ondelete="CASCADE"))
    name: Mapped[str]
    host: Mapped[str]  # an address or a name
    port: Mapped[int] = mapped_column(default=5060)
    transport: Mapped[str] = mapped_column(default="udp")
    weight: Mapped[int] = mapped_column(SmallInteger, default=10)  # how often it is tried before its neighbours
    enabled: Mapped[bool] = mapped_column(default=True)
    version: Mapped[int] = mapped_column(default=1)
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

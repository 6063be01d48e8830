"""Alembic's door. The connection comes from portal.core.schema."""

from alembic import context

from portal.core.db import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()

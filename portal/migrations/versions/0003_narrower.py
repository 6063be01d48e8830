"""Sessions of a customer's people are seen by that customer alone; a customer's transaction does not change its reseller."""

import sqlalchemy as sa
from alembic import op

from portal.migrations.belts import protect, staff_write

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

PERSON = ["reseller_id", "customer_id", "id"]
TENANTS = ("reseller", "sip_domain", "web_host")


def upgrade() -> None:
    op.add_column("account_session", sa.Column("customer_id", sa.Integer(), nullable=True))
    op.execute("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)")
    op.execute("UPDATE account_session SET customer_id = account.customer_id FROM account WHERE account.id = account_id")
    op.create_unique_constraint("uq_account_reseller_id_customer_id_id", "account", PERSON)
    op.create_foreign_key(
        "fk_account_session_customer", "account_session", "account", ["reseller_id", "customer_id", "account_id"], PERSON
    )
    op.execute("DROP POLICY tenant ON account_session")
    protect("account_session", customer="customer_id")
    for table in TENANTS:
        staff_write(table)


def downgrade() -> None:
    for table in TENANTS:
        for deed in ("insert", "update", "delete"):
            op.execute(f"DROP POLICY staff_{deed} ON {table}")
    op.execute("DROP POLICY tenant ON account_session")
    op.drop_constraint("fk_account_session_customer", "account_session")
    op.drop_constraint("uq_account_reseller_id_customer_id_id", "account")
    op.drop_column("account_session", "customer_id")
    protect("account_session")

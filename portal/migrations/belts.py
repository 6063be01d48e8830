"""Belt two in the database: row-level security, and who may touch what. Used by the migrations.

The scope arrives as two settings of the transaction. Unset, they are '' and nothing is seen; “all” must be said.
"""

from alembic import op

WEB, WORKER = "portal_web", "portal_worker"
_RESELLER = "(current_setting('app.reseller', true) = 'all' OR {column} = nullif(nullif(current_setting('app.reseller', true), ''), 'all')::int)"
_CUSTOMER = "(current_setting('app.customer', true) = 'all' OR {column} = nullif(nullif(current_setting('app.customer', true), ''), 'all')::int)"


def protect(table: str, *, reseller: str = "reseller_id", customer: str | None = None) -> None:
    """Rows of `table` are seen and written by their own tenant only, by the owner of the table too.

    The planner takes the plain rule to hide nearly every row, and then sorts a year of calls for one page; of "nullif … IS NOT
    NULL", true for the same rows, it expects that it hides none. That is so: who asks for a tenant's rows asks in its scope.
    """
    rule = _RESELLER.format(column=reseller)
    if customer:
        rule += " AND " + _CUSTOMER.format(column=customer)
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY tenant ON {table} USING (nullif({rule}, false) IS NOT NULL) WITH CHECK ({rule})")


def staff_write(table: str) -> None:
    """Rows of `table` are read and locked, but not written, in a customer's transaction."""
    whole = "current_setting('app.customer', true) = 'all'"
    op.execute(f"CREATE POLICY staff_insert ON {table} AS RESTRICTIVE FOR INSERT WITH CHECK ({whole})")
    op.execute(f"CREATE POLICY staff_update ON {table} AS RESTRICTIVE FOR UPDATE USING (true) WITH CHECK ({whole})")
    op.execute(f"CREATE POLICY staff_delete ON {table} AS RESTRICTIVE FOR DELETE USING ({whole})")


def grant(table: str, *, web: str = "", worker: str = "") -> None:
    """Rights as in GRANT, for example "SELECT, INSERT"."""
    for role, rights in ((WEB, web), (WORKER, worker)):
        if rights:
            op.execute(f"GRANT {rights} ON {table} TO {role}")


ALL = "SELECT, INSERT, UPDATE, DELETE"


def create_roles() -> None:
    """The roles that the portal's processes take on. Roles belong to the whole server: others may have made them."""
    for role in (WEB, WORKER):
        op.execute(
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
                END IF;
                IF NOT pg_has_role(current_user, '{role}', 'MEMBER') OR current_setting('server_version_num')::int >= 160000 THEN
                    EXECUTE format('GRANT {role} TO %I', current_user);
                END IF;
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
            """,
        )
        op.execute(f"GRANT USAGE ON SCHEMA public TO {role}")

"""SIP domains and web hosts: whose a name is, and what was seen of it in the DNS. Used by 0006.

As in 0001: the scope is widened inside of a function, which answers about what was asked and nothing else.
"""

import sqlalchemy as sa
from alembic import op

from portal.migrations.belts import WORKER

POINTS = "points IN ('here', 'partly', 'elsewhere', 'seen', 'nothing', 'reserved', 'silent')"
COLUMNS = {
    "sip_domain": (("removed_at", sa.DateTime(timezone=True)), ("checked_at", sa.DateTime(timezone=True)), ("points", sa.Text())),
    "web_host": (("seen_at", sa.DateTime(timezone=True)), ("gone_at", sa.DateTime(timezone=True)), ("points", sa.Text())),
}
# What web processes keep in mind; that the DNS was looked at is none of it.
KEPT = {
    "sip_domain": "reseller_id, domain, languages, time_zone, cc, ac, in_browsers, removed_at",
    "web_host": "reseller_id, host, domain_id, title, proved_at",
}
ANY = "INSERT OR UPDATE OR DELETE OR TRUNCATE"


def create() -> None:
    for table, columns in COLUMNS.items():
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
        op.create_check_constraint(op.f(f"ck_{table}_points"), table, POINTS)
    op.add_column("sip_domain", sa.Column("in_browsers", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.alter_column("sip_domain", "in_browsers", server_default=None)
    op.drop_constraint("uq_sip_domain_domain", "sip_domain", type_="unique")
    op.create_index("uq_sip_domain_domain", "sip_domain", ["domain"], unique=True, postgresql_where=sa.text("removed_at IS NULL"))
    op.create_index("ix_sip_domain_reseller", "sip_domain", ["reseller_id", "domain"])
    op.drop_constraint("uq_web_host_host", "web_host", type_="unique")
    op.create_index("uq_web_host_host", "web_host", ["host"], unique=True, postgresql_where=sa.text("proved_at IS NOT NULL"))
    op.create_unique_constraint("uq_web_host_own", "web_host", ["reseller_id", "host"])
    op.create_index("ix_web_host_domain", "web_host", ["domain_id"])
    op.execute(f"GRANT UPDATE (proved_at, seen_at, gone_at, checked_at, points) ON web_host TO {WORKER}")
    op.execute(f"GRANT UPDATE (checked_at, points) ON sip_domain TO {WORKER}")
    _tell_of_what_is_kept()
    _no_line_in_what_is_removed()
    op.execute("""
        CREATE FUNCTION name_elsewhere(wanted text, whose integer, as_domain boolean) RETURNS boolean LANGUAGE plpgsql AS $$
        DECLARE
            before text := current_setting('app.reseller', true);
            answer boolean;
        BEGIN
            PERFORM set_config('app.reseller', 'all', true);
            answer := EXISTS (SELECT FROM web_host WHERE host = wanted AND proved_at IS NOT NULL AND reseller_id <> whose)
                OR EXISTS (
                    SELECT FROM sip_domain
                    WHERE domain = wanted AND removed_at IS NULL AND reseller_id <> whose AND (as_domain OR in_browsers)
                );
            PERFORM set_config('app.reseller', coalesce(before, ''), true);
            RETURN answer;
        END $$
    """)


def drop() -> None:
    op.execute("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)")
    op.execute("DELETE FROM web_host WHERE proved_at IS NULL")
    op.execute("UPDATE sip_domain SET domain = 'removed-' || id || '.invalid' WHERE removed_at IS NOT NULL")
    op.execute("DROP FUNCTION name_elsewhere(text, integer, boolean)")
    op.execute("DROP TRIGGER domain_there ON subscriber")
    op.execute("DROP FUNCTION check_domain_there()")
    for table in KEPT:
        op.execute(f"DROP TRIGGER tell_tenants_changed ON {table}")
        op.execute(_bell(table, ANY))
    op.drop_index("ix_web_host_domain", "web_host")
    op.drop_constraint("uq_web_host_own", "web_host", type_="unique")
    op.drop_index("uq_web_host_host", "web_host")
    op.create_unique_constraint("uq_web_host_host", "web_host", ["host"])
    op.drop_index("ix_sip_domain_reseller", "sip_domain")
    op.drop_index("uq_sip_domain_domain", "sip_domain")
    op.create_unique_constraint("uq_sip_domain_domain", "sip_domain", ["domain"])
    op.drop_column("sip_domain", "in_browsers")
    for table, columns in COLUMNS.items():
        op.drop_constraint(op.f(f"ck_{table}_points"), table, type_="check")
        for name, _kind in columns:
            op.drop_column(table, name)
    op.execute(f"REVOKE UPDATE (proved_at, checked_at) ON web_host FROM {WORKER}")


def _bell(table: str, when: str) -> str:
    return (
        f"CREATE TRIGGER tell_tenants_changed AFTER {when} ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION tell_tenants_changed()"
    )


def _tell_of_what_is_kept() -> None:
    for table, columns in KEPT.items():
        op.execute(f"DROP TRIGGER tell_tenants_changed ON {table}")
        op.execute(_bell(table, f"INSERT OR UPDATE OF {columns} OR DELETE OR TRUNCATE"))


def _no_line_in_what_is_removed() -> None:
    """A domain that is removed stays, for the lines that have ended in it; a new one waits here for whoever removes it."""
    op.execute("""
        CREATE FUNCTION check_domain_there() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM FROM sip_domain WHERE id = NEW.domain_id AND removed_at IS NULL FOR KEY SHARE;
            IF NOT FOUND THEN
                RAISE EXCEPTION 'this SIP domain is no more'
                    USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'fk_subscriber_domain', TABLE = 'subscriber';
            END IF;
            RETURN NULL;
        END $$
    """)
    op.execute(
        "CREATE TRIGGER domain_there AFTER INSERT ON subscriber FOR EACH ROW "
        "EXECUTE FUNCTION check_domain_there()"
    )

"""The switch: what Kamailio reads and writes, devices, peers, and what it asks about each call."""

import sqlalchemy as sa
from alembic import op

from portal.migrations.belts import ALL, WEB, WORKER, grant, protect
from portal.migrations.switch import DECIDING, KAMAILIO, OWNER, open_doors, run

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

PLATFORM = "current_setting('app.reseller', true) = 'all'"
READ = (
    "block_entry", "caller_entry", "caller_list", "customer", "forward", "forward_destination", "line_handling", "number",
    "pbx_group", "pbx_group_member", "reseller", "service_class", "sip_domain", "speed_dial", "subscriber", "subscriber_profile",
    "time_set", "time_span", "trusted_source", "peering_group", "peering_server",
)
WRITTEN = ("dialog", "dialog_vars", "acc_cdrs")


def upgrade() -> None:
    _roles()
    _peers()
    _nodes()
    _devices()
    op.execute("CREATE SCHEMA kamailio")
    run("tables.sql")
    _belts_of_kamailio()
    for table in READ:
        op.execute(f"GRANT SELECT ON {table} TO {OWNER}")
        op.execute(f"CREATE POLICY switch ON {table} FOR SELECT TO {OWNER} USING (true)")
    op.execute(f"GRANT UPDATE (turn) ON pbx_group TO {OWNER}")
    op.execute(f"CREATE POLICY switch_turn ON pbx_group FOR UPDATE TO {OWNER} USING (true)")
    op.execute(f"GRANT INSERT ON job TO {OWNER}")
    op.execute(f"GRANT USAGE ON SCHEMA public TO {OWNER}")
    op.execute(f"GRANT USAGE, CREATE ON SCHEMA kamailio TO {OWNER}")
    op.execute(f"GRANT SELECT, DELETE ON kamailio.location TO {OWNER}")
    op.execute(f"GRANT SELECT ON kamailio.emergency_number, kamailio.holiday TO {OWNER}")
    op.execute(f"GRANT {ALL} ON kamailio.call TO {OWNER}")
    op.execute(f"SET LOCAL ROLE {OWNER}")
    owner = op.get_bind().scalar(sa.text("SELECT session_user"))
    for name in ("views.sql", *DECIDING, "devices.sql"):
        run(name)
    _doors(owner)
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA kamailio FROM {OWNER}")
    _rights_of_kamailio()
    _triggers()


def downgrade() -> None:
    for table in ("sip_domain", "peering_server"):
        op.execute(f"DROP TRIGGER tell_switch ON {table}")
    op.execute("DROP TRIGGER let_go_of_phones ON subscriber")
    op.execute("DROP SCHEMA kamailio CASCADE")
    op.execute("DROP POLICY switch_turn ON pbx_group")
    op.execute(f"REVOKE UPDATE (turn) ON pbx_group FROM {OWNER}")
    op.execute(f"REVOKE INSERT ON job FROM {OWNER}")
    for table in READ:
        op.execute(f"DROP POLICY switch ON {table}")
        op.execute(f"REVOKE SELECT ON {table} FROM {OWNER}")
    op.execute("DROP FUNCTION waiting_reloads()")
    op.drop_table("switch_node")
    op.drop_table("peering_server")
    op.drop_table("peering_group")
    op.drop_table("device")
    op.drop_column("subscriber", "new_device_mail")
    op.drop_column("call_record", "peer")
    op.drop_column("trusted_source", "from_pattern")
    op.execute(f"REVOKE USAGE ON SCHEMA public FROM {OWNER}")


def _roles() -> None:
    for role, with_us in ((OWNER, True), (KAMAILIO, False)):
        # Who owns the tables may act as this role, but does not see what it sees while it does not.
        ours = f"""
            IF current_setting('server_version_num')::int >= 160000 THEN
                EXECUTE format('GRANT {role} TO %I WITH INHERIT FALSE, SET TRUE', current_user);
            ELSIF NOT pg_has_role(current_user, '{role}', 'MEMBER') THEN
                EXECUTE format('GRANT {role} TO %I', current_user);
            END IF;
        """
        op.execute(f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{role}') THEN
                    CREATE ROLE {role} NOLOGIN NOSUPERUSER NOBYPASSRLS;
                END IF;
                {ours if with_us else ""}
            EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
            END $$
        """)
    # Its modules name tables without a schema. Roles belong to the whole server: others may do the same at this moment.
    op.execute(f"""
        DO $$ BEGIN
            IF NOT EXISTS (
                SELECT FROM pg_db_role_setting JOIN pg_roles ON pg_roles.oid = setrole
                WHERE rolname = '{KAMAILIO}' AND setdatabase = 0 AND setconfig @> ARRAY['search_path=kamailio, pg_catalog']
            ) THEN
                ALTER ROLE {KAMAILIO} SET search_path = kamailio, pg_catalog;
            END IF;
        EXCEPTION WHEN internal_error OR unique_violation THEN NULL;
        END $$
    """)


def _peers() -> None:
    op.create_table('peering_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('priority', sa.SmallInteger(), nullable=False),
    sa.Column('contract_id', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("char_length(name) BETWEEN 1 AND 127", name=op.f('ck_peering_group_name_length')),
    sa.CheckConstraint("priority BETWEEN 1 AND 9", name=op.f('ck_peering_group_priority')),
    sa.ForeignKeyConstraint(['contract_id'], ['contract.id'], name='fk_peering_group_contract'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peering_group')),
    sa.UniqueConstraint('public_id', name=op.f('uq_peering_group_public_id'))
    )
    op.create_index('uq_peering_group_name', 'peering_group', ['name_sort'], unique=True)
    op.create_table('peering_server',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('port', sa.Integer(), nullable=False),
    sa.Column('transport', sa.Text(), nullable=False),
    sa.Column('weight', sa.SmallInteger(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("char_length(name) BETWEEN 1 AND 127", name=op.f('ck_peering_server_name_length')),
    sa.CheckConstraint("host ~ '^[0-9a-z.:-]{1,253}$'", name=op.f('ck_peering_server_host')),
    sa.CheckConstraint("port BETWEEN 1 AND 65535", name=op.f('ck_peering_server_port')),
    sa.CheckConstraint("transport IN ('udp', 'tcp')", name=op.f('ck_peering_server_transport')),
    sa.CheckConstraint("weight BETWEEN 1 AND 100", name=op.f('ck_peering_server_weight')),
    sa.ForeignKeyConstraint(['group_id'], ['peering_group.id'], name='fk_peering_server_group', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_peering_server')),
    sa.UniqueConstraint('public_id', name=op.f('uq_peering_server_public_id')),
    sa.UniqueConstraint('host', 'port', 'transport', name='uq_peering_server_address')
    )
    op.create_index('ix_peering_server_group', 'peering_server', ['group_id'])
    for table in ("peering_group", "peering_server"):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY platform ON {table} USING ({PLATFORM}) WITH CHECK ({PLATFORM})")
        grant(table, web=ALL, worker="SELECT")
        op.execute(f"GRANT USAGE ON SEQUENCE {table}_id_seq TO {WEB}")


def _nodes() -> None:
    """What workers have heard of each node, and what it still has to be told: the rest of what jobs are about stays unseen."""
    op.create_table('switch_node',
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('asked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('up_since', sa.DateTime(timezone=True), nullable=True),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.Column('reloaded_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_switch_node'))
    )
    op.execute("ALTER TABLE switch_node ENABLE ROW LEVEL SECURITY")
    op.execute("ALTER TABLE switch_node FORCE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY platform ON switch_node USING ({PLATFORM}) WITH CHECK ({PLATFORM})")
    grant("switch_node", web="SELECT", worker=ALL)
    op.execute(f"""
        CREATE FUNCTION waiting_reloads()
        RETURNS TABLE (node text, what text, since timestamptz, tries int, trouble text)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            IF {PLATFORM.replace("=", "IS DISTINCT FROM")} THEN RAISE insufficient_privilege; END IF;
            RETURN QUERY
                SELECT job.payload->>'node', job.payload->>'what', job.created_at, job.tries, job.trouble
                FROM job WHERE job.kind = 'switch-reload-node' AND job.done_at IS NULL ORDER BY job.created_at, job.id LIMIT 100;
        END $$
    """)


def _devices() -> None:
    """Every device that was ever registered, so that a new one is noticed."""
    op.add_column("trusted_source", sa.Column("from_pattern", sa.Text(), nullable=True))
    op.add_column("call_record", sa.Column("peer", sa.Text(), nullable=True))
    op.create_check_constraint(op.f("ck_trusted_source_from_pattern"), "trusted_source", "from_pattern ~ '^[0-9*?]{1,42}$'")
    op.add_column("subscriber", sa.Column("new_device_mail", sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.alter_column("subscriber", "new_device_mail", server_default=None)
    op.create_table('device',
    sa.Column('subscriber_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('mark', sa.Text(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('user_agent', sa.Text(), nullable=False),
    sa.Column('first_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_device_subscriber'),
    sa.PrimaryKeyConstraint('subscriber_id', 'mark', name=op.f('pk_device'))
    )
    protect("device", customer="customer_id")
    grant("device", web="SELECT, DELETE", worker=ALL)
    op.execute(f"GRANT SELECT, INSERT, UPDATE ON device TO {OWNER}")
    op.execute(f"CREATE POLICY switch ON device TO {OWNER} USING (true) WITH CHECK (true)")


def _belts_of_kamailio() -> None:
    """Registrations belong to a tenant like everything else; to Kamailio and its functions all of them."""
    protect("kamailio.location", customer="customer_id")
    for role in (OWNER, KAMAILIO):
        op.execute(f"CREATE POLICY {role} ON kamailio.location TO {role} USING (true) WITH CHECK (true)")
    for table in ("dialog", "dialog_vars", "acc_cdrs", "call"):
        op.execute(f"ALTER TABLE kamailio.{table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE kamailio.{table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY platform ON kamailio.{table} USING ({PLATFORM}) WITH CHECK ({PLATFORM})")
        for role in (OWNER, KAMAILIO):
            op.execute(f"CREATE POLICY {role} ON kamailio.{table} TO {role} USING (true) WITH CHECK (true)")
    op.execute(f"GRANT USAGE ON SCHEMA kamailio TO {WEB}, {WORKER}")
    op.execute(f"GRANT SELECT, DELETE ON kamailio.location TO {WEB}, {WORKER}")
    op.execute(f"GRANT SELECT, DELETE ON kamailio.acc_cdrs, kamailio.call TO {WORKER}")
    op.execute(f"GRANT UPDATE (id) ON kamailio.acc_cdrs TO {WORKER}")  # whoever locks a row must be allowed to change it
    op.execute(f"GRANT SELECT, INSERT, DELETE ON kamailio.emergency_number, kamailio.holiday TO {WORKER}")
    op.execute(f"GRANT SELECT, INSERT ON kamailio.holiday TO {WEB}")


def _rights_of_kamailio() -> None:
    op.execute(f"GRANT USAGE ON SCHEMA kamailio TO {KAMAILIO}")
    op.execute(f"GRANT {ALL} ON kamailio.location TO {KAMAILIO}")
    for table in WRITTEN:
        op.execute(f"GRANT {ALL} ON kamailio.{table} TO {KAMAILIO}")
    op.execute(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA kamailio TO {KAMAILIO}")


def _doors(owner: str) -> None:
    """Kamailio reads the views and asks the functions with their maker’s rights; the owner hangs those of triggers to tables."""
    op.execute(f"GRANT SELECT ON kamailio.version, kamailio.domain, kamailio.domain_attrs, kamailio.subscriber, kamailio.address, "
               f"kamailio.trusted TO {KAMAILIO}")
    open_doors()
    hangs = op.get_bind().scalars(sa.text(
        "SELECT oid::regprocedure::text FROM pg_proc "
        "WHERE pronamespace = 'kamailio'::regnamespace AND prosecdef AND prorettype = 'trigger'::regtype"
    )).all()
    for function in hangs:
        op.execute(f'GRANT EXECUTE ON FUNCTION {function} TO "{owner}"')


def _triggers() -> None:
    op.execute("CREATE TRIGGER whose_it_is BEFORE INSERT ON kamailio.location FOR EACH ROW EXECUTE FUNCTION kamailio.whose_it_is()")
    op.execute("CREATE TRIGGER device_seen AFTER INSERT OR UPDATE ON kamailio.location FOR EACH ROW EXECUTE FUNCTION kamailio.device_seen()")
    op.execute("CREATE TRIGGER call_ended AFTER INSERT ON kamailio.acc_cdrs FOR EACH STATEMENT EXECUTE FUNCTION kamailio.call_ended()")
    op.execute(
        "CREATE TRIGGER let_go_of_phones AFTER UPDATE OF status, lock_level, ha1_md5 ON subscriber FOR EACH ROW "
        "WHEN (NEW.status = 'terminated' OR NEW.lock_level = 4 OR NEW.ha1_md5 IS DISTINCT FROM OLD.ha1_md5) "
        "EXECUTE FUNCTION kamailio.let_go_of_phones()"
    )
    op.execute(
        "CREATE TRIGGER tell_switch AFTER INSERT OR UPDATE OF domain, removed_at OR DELETE ON sip_domain "
        "FOR EACH STATEMENT EXECUTE FUNCTION kamailio.tell_switch('domains')"
    )
    op.execute(
        "CREATE TRIGGER tell_switch AFTER INSERT OR UPDATE OF host, port, enabled OR DELETE ON peering_server "
        "FOR EACH STATEMENT EXECUTE FUNCTION kamailio.tell_switch('peers')"
    )

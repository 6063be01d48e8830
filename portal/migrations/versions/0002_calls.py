"""Call records by month, their volumes, and what is known of the files they came in."""

from alembic import op
import sqlalchemy as sa

from portal.migrations.belts import grant, protect

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None

COMPANY = ['reseller_id', 'customer_id']
NEWEST = [sa.text('start_time DESC'), sa.text('id DESC')]
COUNTED = sa.text('in_company')
HIDDEN_FROM_PAGES = {'network_number', 'reseller_cost', 'carrier_cost'}
PLATFORM = "current_setting('app.reseller', true) = 'all'"
# A month is made beside the table and then attached: nobody who reads has to wait.
ENSURE_PARTITION = """
CREATE FUNCTION ensure_call_partition(moment timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    month timestamptz := date_trunc('month', moment);
    name text := 'call_record_' || to_char(month, 'YYYY_MM');
BEGIN
    IF to_regclass('public.' || name) IS NOT NULL THEN
        RETURN;
    END IF;
    IF month < '2000-01-01' OR month > now() + interval '1 month' THEN
        RAISE EXCEPTION 'no calls are kept for %', month USING ERRCODE = 'check_violation';
    END IF;
    PERFORM pg_advisory_xact_lock(727001927);
    -- Asked again, and not by to_regclass: that one remembers its answer from before the wait.
    IF EXISTS (SELECT FROM pg_class WHERE relname = name AND relnamespace = 'public'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.call_record INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)', name);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY', name);
    EXECUTE format('ALTER TABLE public.%I FORCE ROW LEVEL SECURITY', name);
    EXECUTE format(
        'ALTER TABLE public.call_record ATTACH PARTITION public.%I FOR VALUES FROM (%L) TO (%L)',
        name, month, month + interval '1 month'
    );
END $$
"""


def upgrade() -> None:
    op.execute("CREATE SEQUENCE call_record_id_seq AS bigint")
    records()
    op.create_table('call_volume',
    sa.Column('reseller_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('customer_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('bucket', sa.DateTime(timezone=True), nullable=False),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('calls', sa.Integer(), nullable=False),
    sa.Column('answered', sa.Integer(), nullable=False),
    sa.Column('missed', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_call_volume_customer'),
    sa.PrimaryKeyConstraint('reseller_id', 'customer_id', 'bucket', 'direction', name=op.f('pk_call_volume'))
    )
    op.create_table('call_known_leg',
    sa.Column('call_id', sa.Text(collation='C'), nullable=False),
    sa.Column('leg', sa.SmallInteger(), autoincrement=False, nullable=False),
    sa.Column('start_time', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('call_id', 'leg', name=op.f('pk_call_known_leg'))
    )
    op.create_table('call_import',
    sa.Column('id', sa.Integer(), sa.Identity(always=True), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('file_name', sa.Text(), nullable=False),
    sa.Column('sha256', sa.Text(), nullable=True),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('lines', sa.Integer(), nullable=False),
    sa.Column('taken', sa.Integer(), nullable=False),
    sa.Column('known', sa.Integer(), nullable=False),
    sa.Column('not_ours', sa.Integer(), nullable=False),
    sa.Column('set_aside', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_import')),
    sa.UniqueConstraint('public_id', name=op.f('uq_call_import_public_id'))
    )
    op.create_table('call_import_reject',
    sa.Column('import_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('line', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('raw', sa.Text(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['import_id'], ['call_import.id'], name='fk_call_import_reject_import'),
    sa.PrimaryKeyConstraint('import_id', 'line', name=op.f('pk_call_import_reject'))
    )
    belts()


def records() -> None:
    op.create_table('call_record',
    sa.Column('start_time', sa.DateTime(timezone=True), nullable=False),
    sa.Column('id', sa.BigInteger(), server_default=sa.text("nextval('call_record_id_seq')"), nullable=False),
    sa.Column('init_time', sa.DateTime(timezone=True), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('other_subscriber_id', sa.Integer(), nullable=True),
    sa.Column('forwarded_to_id', sa.Integer(), nullable=True),
    sa.Column('duration_ms', sa.Integer(), nullable=False),
    sa.Column('leg', sa.SmallInteger(), nullable=False),
    sa.Column('code', sa.SmallInteger(), nullable=True),
    sa.Column('in_company', sa.Boolean(), nullable=False),
    sa.Column('side', sa.Text(), nullable=False),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('type', sa.Text(), nullable=False),
    sa.Column('result', sa.Text(), nullable=False),
    sa.Column('call_id', sa.Text(), nullable=False),
    sa.Column('own_number', sa.Text(), nullable=True),
    sa.Column('other_number', sa.Text(collation='C'), nullable=True),
    sa.Column('forwarded_to', sa.Text(), nullable=True),
    sa.Column('dialled', sa.Text(), nullable=True),
    sa.Column('network_number', sa.Text(), nullable=True),
    sa.Column('rating_status', sa.Text(), server_default='unrated', nullable=False),
    sa.Column('rated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('customer_cost', sa.Numeric(precision=14, scale=6), nullable=True),
    sa.Column('reseller_cost', sa.Numeric(precision=14, scale=6), nullable=True),
    sa.Column('carrier_cost', sa.Numeric(precision=14, scale=6), nullable=True),
    sa.Column('currency', sa.Text(), nullable=True),
    sa.Column('free_seconds', sa.Integer(), nullable=True),
    sa.Column('zone', sa.Text(), nullable=True),
    sa.CheckConstraint("direction IN ('out', 'in', 'inside', 'forward')", name=op.f('ck_call_record_direction')),
    sa.CheckConstraint("rating_status IN ('unrated', 'ok', 'failed')", name=op.f('ck_call_record_rating_status')),
    sa.CheckConstraint("result IN ('ok', 'busy', 'noanswer', 'cancel', 'offline', 'timeout', 'other', 'failed')", name=op.f('ck_call_record_result')),
    sa.CheckConstraint("side IN ('caller', 'callee')", name=op.f('ck_call_record_side')),
    sa.CheckConstraint("type IN ('call', 'cfu', 'cfb', 'cft', 'cfna', 'cfs', 'cfr', 'cfo')", name=op.f('ck_call_record_type')),
    sa.CheckConstraint('leg > 0 AND duration_ms >= 0', name=op.f('ck_call_record_counts')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_call_record_subscriber'),
    sa.PrimaryKeyConstraint('start_time', 'id', name=op.f('pk_call_record')),
    postgresql_partition_by='RANGE (start_time)'
    )
    op.create_index('ix_call_record_company', 'call_record', [*COMPANY, *NEWEST], postgresql_where=COUNTED)
    op.create_index('ix_call_record_line', 'call_record', [*COMPANY, 'subscriber_id', *NEWEST])
    op.create_index('ix_call_record_number', 'call_record', [*COMPANY, 'other_number', *NEWEST], postgresql_where=COUNTED)
    op.create_index('ix_call_record_kind', 'call_record', [*COMPANY, 'direction', 'result', *NEWEST], postgresql_where=COUNTED)
    op.create_index('ix_call_record_length', 'call_record', [*COMPANY, sa.text('duration_ms DESC'), *NEWEST], postgresql_where=COUNTED)


def belts() -> None:
    for table in ('call_record', 'call_volume'):
        protect(table, customer='customer_id')
    for table in ('call_known_leg', 'call_import', 'call_import_reject'):
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY platform ON {table} USING ({PLATFORM}) WITH CHECK ({PLATFORM})")
    columns = [row[0] for row in op.get_bind().execute(sa.text(
        "SELECT attname FROM pg_attribute WHERE attrelid = 'call_record'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    ))]
    shown = ', '.join(column for column in columns if column not in HIDDEN_FROM_PAGES)
    grant('call_record', web=f'SELECT ({shown}), INSERT', worker='SELECT, INSERT, UPDATE')
    grant('call_volume', web='SELECT, INSERT, UPDATE', worker='SELECT, INSERT, UPDATE')
    grant('call_known_leg', web='SELECT, INSERT', worker='SELECT, INSERT')
    grant('call_import', web='SELECT, INSERT, UPDATE', worker='SELECT, INSERT, UPDATE')
    grant('call_import_reject', web='SELECT, INSERT', worker='SELECT, INSERT')
    op.execute("GRANT USAGE ON SEQUENCE call_record_id_seq TO portal_web, portal_worker")
    op.execute(ENSURE_PARTITION)
    op.execute("REVOKE ALL ON FUNCTION ensure_call_partition(timestamptz) FROM PUBLIC")
    op.execute("GRANT EXECUTE ON FUNCTION ensure_call_partition(timestamptz) TO portal_web, portal_worker")


def downgrade() -> None:
    op.execute("DROP FUNCTION ensure_call_partition(timestamptz)")
    op.drop_table('call_import_reject')
    op.drop_table('call_import')
    op.drop_table('call_known_leg')
    op.drop_table('call_volume')
    op.drop_table('call_record')
    op.execute("DROP SEQUENCE call_record_id_seq")

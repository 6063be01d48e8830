"""Groups, call handling, profiles, phonebooks, imports."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.migrations.belts import ALL, grant, protect

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

TABLES = (
    "pbx_import",
    "subscriber_profile",
    "pbx_import_row",
    "block_entry",
    "caller_list",
    "line_handling",
    "phonebook_entry",
    "phonebook_kept",
    "speed_dial",
    "time_set",
    "caller_entry",
    "forward",
    "phonebook_number",
    "time_span",
    "forward_destination",
)
# What an import writes is written by the worker.
BY_IMPORTS = (
    "account",
    "account_session",
    "account_token",
    "contact",
    "number",
    "pbx_group",
    "pbx_group_member",
    "subscriber",
    "subscriber_lock",
)
# What ends with the lines of an import that is undone.
OLDER_ENDED_BY_IMPORTS = ("authenticator", "passkey", "past_password", "provider_subject", "recovery_code")
ENDED_BY_IMPORTS = (
    *OLDER_ENDED_BY_IMPORTS,
    "block_entry",
    "caller_list",
    "forward",
    "line_handling",
    "phonebook_entry",
    "speed_dial",
    "time_set",
)

# Of many names or numbers those that are in use, whoever has them: a yes or no about each, and nothing else (as in 0001).
TAKEN = {
    "sip_users_taken": (
        "which integer, wanted text[]",
        "SELECT username FROM subscriber WHERE domain_id = which AND username = ANY (wanted) AND status <> 'terminated'",
    ),
    "web_users_taken": (
        "which integer, wanted text[]",
        "SELECT username FROM account WHERE domain_id = which AND username = ANY (wanted) AND status <> 'terminated'",
    ),
    "numbers_taken": ("wanted text[]", "SELECT digits FROM number WHERE digits = ANY (wanted)"),
}


def upgrade() -> None:
    op.execute("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)")
    op.create_table('pbx_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True),
    sa.Column('options', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('counts', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('total', sa.Integer(), nullable=False),
    sa.Column('done', sa.Integer(), nullable=False),
    sa.Column('trouble', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('by_account', sa.Text(), nullable=True),
    sa.Column('by_name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('written_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('undone_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('extensions', 'groups', 'numbers')", name=op.f('ck_pbx_import_kind')),
    sa.CheckConstraint("state IN ('uploaded', 'checking', 'checked', 'writing', 'written', 'undoing', 'undone', 'failed', 'dropped')", name=op.f('ck_pbx_import_state')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_pbx_import_customer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_pbx_import')),
    sa.UniqueConstraint('public_id', name=op.f('uq_pbx_import_public_id')),
    sa.UniqueConstraint('reseller_id', 'customer_id', 'id', name='uq_pbx_import_reseller_id_customer_id_id')
    )
    op.create_index('ix_pbx_import_customer', 'pbx_import', ['reseller_id', 'customer_id', sa.literal_column('id DESC')], unique=False)
    op.create_index('uq_pbx_import_running', 'pbx_import', ['customer_id'], unique=True, postgresql_where=sa.text("state IN ('checking', 'writing', 'undoing')"))
    op.create_table('subscriber_profile',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('levels', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 63', name=op.f('ck_subscriber_profile_name_length')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_subscriber_profile_customer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subscriber_profile')),
    sa.UniqueConstraint('public_id', name=op.f('uq_subscriber_profile_public_id')),
    sa.UniqueConstraint('reseller_id', 'customer_id', 'id', name='uq_subscriber_profile_reseller_id_customer_id_id')
    )
    op.create_index('uq_subscriber_profile_name', 'subscriber_profile', ['customer_id', 'name_sort'], unique=True)
    op.create_table('pbx_import_row',
    sa.Column('import_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('line', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('verdict', sa.Text(), nullable=False),
    sa.Column('values', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('troubles', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('subject', sa.Text(), nullable=True),
    sa.Column('before', postgresql.JSONB(astext_type=sa.Text()), nullable=True),
    sa.Column('after_version', sa.Integer(), nullable=True),
    sa.Column('secret', sa.Text(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("verdict IN ('new', 'changed', 'same', 'refused')", name=op.f('ck_pbx_import_row_verdict')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'import_id'], ['pbx_import.reseller_id', 'pbx_import.customer_id', 'pbx_import.id'], name='fk_pbx_import_row_import', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('import_id', 'line', name=op.f('pk_pbx_import_row'))
    )
    op.create_table('block_entry',
    sa.Column('subscriber_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('direction', sa.Text(), nullable=False),
    sa.Column('pattern', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("direction IN ('in', 'out')", name=op.f('ck_block_entry_direction')),
    sa.CheckConstraint("pattern ~ '^[0-9*?]{1,42}$'", name=op.f('ck_block_entry_pattern')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_block_entry_subscriber'),
    sa.PrimaryKeyConstraint('subscriber_id', 'direction', 'pattern', name=op.f('pk_block_entry'))
    )
    op.create_table('caller_list',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('hidden', sa.Boolean(), nullable=False),
    sa.Column('colleagues', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 63', name=op.f('ck_caller_list_name_length')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_caller_list_subscriber'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_caller_list_customer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_caller_list')),
    sa.UniqueConstraint('public_id', name=op.f('uq_caller_list_public_id')),
    sa.UniqueConstraint('reseller_id', 'customer_id', 'id', name='uq_caller_list_reseller_id_customer_id_id')
    )
    op.create_index('ix_caller_list_owner', 'caller_list', ['customer_id', 'subscriber_id', 'name_sort'], unique=False)
    op.create_table('line_handling',
    sa.Column('subscriber_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('ring_seconds', sa.Integer(), nullable=False),
    sa.Column('incoming', sa.Text(), nullable=False),
    sa.Column('outgoing', sa.Text(), nullable=False),
    sa.Column('block_hidden', sa.Boolean(), nullable=False),
    sa.Column('hide_outside', sa.Boolean(), nullable=False),
    sa.Column('hide_inside', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("incoming IN ('block', 'allow') AND outgoing IN ('block', 'allow')", name=op.f('ck_line_handling_modes')),
    sa.CheckConstraint('ring_seconds BETWEEN 1 AND 3600', name=op.f('ck_line_handling_ring_seconds')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_line_handling_subscriber'),
    sa.PrimaryKeyConstraint('subscriber_id', name=op.f('pk_line_handling'))
    )
    op.create_table('phonebook_entry',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('company', sa.Text(), nullable=True),
    sa.Column('company_sort', sa.Text(), nullable=True),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('imported', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 127', name=op.f('ck_phonebook_entry_name_length')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_phonebook_entry_subscriber'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_phonebook_entry_customer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phonebook_entry')),
    sa.UniqueConstraint('public_id', name=op.f('uq_phonebook_entry_public_id')),
    sa.UniqueConstraint('reseller_id', 'customer_id', 'id', name='uq_phonebook_entry_reseller_id_customer_id_id')
    )
    op.create_index('ix_phonebook_entry_owner', 'phonebook_entry', ['customer_id', 'subscriber_id', 'name_sort', 'id'], unique=False)
    op.create_table('phonebook_kept',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('account', sa.Text(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('own', sa.Boolean(), nullable=False),
    sa.Column('content', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("kind IN ('file', 'removed')", name=op.f('ck_phonebook_kept_kind')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_phonebook_kept_customer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phonebook_kept')),
    sa.UniqueConstraint('account', 'kind', name='uq_phonebook_kept_account_kind'),
    sa.UniqueConstraint('public_id', name=op.f('uq_phonebook_kept_public_id'))
    )
    op.create_table('speed_dial',
    sa.Column('subscriber_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('slot', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('name', sa.Text(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("number ~ '^[0-9]{1,40}$'", name=op.f('ck_speed_dial_number')),
    sa.CheckConstraint('(target_id IS NULL) <> (number IS NULL)', name=op.f('ck_speed_dial_one')),
    sa.CheckConstraint('slot BETWEEN 0 AND 9', name=op.f('ck_speed_dial_slot')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_speed_dial_subscriber'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'target_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_speed_dial_target'),
    sa.PrimaryKeyConstraint('subscriber_id', 'slot', name=op.f('pk_speed_dial'))
    )
    op.create_index('ix_speed_dial_target', 'speed_dial', ['target_id'], unique=False)
    op.create_table('time_set',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 63', name=op.f('ck_time_set_name_length')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_time_set_subscriber'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_time_set_customer'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_time_set')),
    sa.UniqueConstraint('public_id', name=op.f('uq_time_set_public_id')),
    sa.UniqueConstraint('reseller_id', 'customer_id', 'id', name='uq_time_set_reseller_id_customer_id_id')
    )
    op.create_index('ix_time_set_owner', 'time_set', ['customer_id', 'subscriber_id', 'name_sort'], unique=False)
    op.create_table('caller_entry',
    sa.Column('caller_list_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('pattern', sa.Text(), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("pattern ~ '^[0-9*?]{1,42}$'", name=op.f('ck_caller_entry_pattern')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'caller_list_id'], ['caller_list.reseller_id', 'caller_list.customer_id', 'caller_list.id'], name='fk_caller_entry_caller_list', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('caller_list_id', 'pattern', name=op.f('pk_caller_entry'))
    )
    op.create_table('forward',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('when', sa.Text(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('enabled', sa.Boolean(), nullable=False),
    sa.Column('caller_list_id', sa.Integer(), nullable=True),
    sa.Column('callers_except', sa.Boolean(), nullable=False),
    sa.Column('called', sa.Text(), nullable=True),
    sa.Column('time_set_id', sa.Integer(), nullable=True),
    sa.Column('times_except', sa.Boolean(), nullable=False),
    sa.Column('starts_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('"when" IN (\'always\', \'busy\', \'no-answer\', \'unreachable\')', name=op.f('ck_forward_when')),
    sa.CheckConstraint('starts_at < ends_at', name=op.f('ck_forward_period')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'caller_list_id'], ['caller_list.reseller_id', 'caller_list.customer_id', 'caller_list.id'], name='fk_forward_caller_list'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_forward_subscriber'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'time_set_id'], ['time_set.reseller_id', 'time_set.customer_id', 'time_set.id'], name='fk_forward_time_set'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_forward')),
    sa.UniqueConstraint('public_id', name=op.f('uq_forward_public_id')),
    sa.UniqueConstraint('reseller_id', 'customer_id', 'id', name='uq_forward_reseller_id_customer_id_id')
    )
    op.create_index('ix_forward_caller_list', 'forward', ['caller_list_id'], unique=False)
    op.create_index('ix_forward_subscriber', 'forward', ['subscriber_id', 'when', 'position'], unique=False)
    op.create_index('ix_forward_time_set', 'forward', ['time_set_id'], unique=False)
    op.create_table('phonebook_number',
    sa.Column('entry_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=True),
    sa.Column('label', sa.Text(), nullable=False),
    sa.Column('digits', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("digits ~ '^[0-9]{1,40}$'", name=op.f('ck_phonebook_number_digits')),
    sa.CheckConstraint("label IN ('work', 'mobile', 'home', 'other')", name=op.f('ck_phonebook_number_label')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'entry_id'], ['phonebook_entry.reseller_id', 'phonebook_entry.customer_id', 'phonebook_entry.id'], name='fk_phonebook_number_entry', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('entry_id', 'position', name=op.f('pk_phonebook_number'))
    )
    op.create_index('ix_phonebook_number_digits', 'phonebook_number', ['customer_id', 'digits'], unique=False)
    op.create_table('time_span',
    sa.Column('time_set_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('excluded', sa.Boolean(), nullable=False),
    sa.Column('weekdays', sa.SmallInteger(), nullable=True),
    sa.Column('begins', sa.Time(), nullable=True),
    sa.Column('ends', sa.Time(), nullable=True),
    sa.Column('first', sa.Date(), nullable=True),
    sa.Column('last', sa.Date(), nullable=True),
    sa.Column('country', sa.Text(), nullable=True),
    sa.Column('region', sa.Text(), nullable=True),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("CASE kind WHEN 'weekly' THEN weekdays BETWEEN 1 AND 127 AND begins IS NOT NULL AND ends IS NOT NULL WHEN 'dates' THEN first <= last WHEN 'holidays' THEN country ~ '^[A-Z]{2}$' ELSE false END", name=op.f('ck_time_span_kind')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'time_set_id'], ['time_set.reseller_id', 'time_set.customer_id', 'time_set.id'], name='fk_time_span_time_set', ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('time_set_id', 'position', name=op.f('pk_time_span'))
    )
    op.create_table('forward_destination',
    sa.Column('forward_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('position', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('target_id', sa.Integer(), nullable=True),
    sa.Column('number', sa.Text(), nullable=True),
    sa.Column('ring_seconds', sa.Integer(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("number ~ '^[0-9]{1,40}$'", name=op.f('ck_forward_destination_number')),
    sa.CheckConstraint('(target_id IS NULL) <> (number IS NULL)', name=op.f('ck_forward_destination_one')),
    sa.CheckConstraint('ring_seconds BETWEEN 1 AND 3600', name=op.f('ck_forward_destination_ring_seconds')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'forward_id'], ['forward.reseller_id', 'forward.customer_id', 'forward.id'], name='fk_forward_destination_forward', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'target_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_forward_destination_target'),
    sa.PrimaryKeyConstraint('forward_id', 'position', name=op.f('pk_forward_destination'))
    )
    op.create_index('ix_forward_destination_target', 'forward_destination', ['target_id'], unique=False)
    op.add_column('customer', sa.Column('default_profile_id', sa.Integer(), nullable=True))
    op.create_foreign_key('fk_customer_default_profile', 'customer', 'subscriber_profile', ['reseller_id', 'id', 'default_profile_id'], ['reseller_id', 'customer_id', 'id'])
    op.add_column('subscriber', sa.Column('profile_id', sa.Integer(), nullable=True))
    op.create_index('ix_subscriber_profile', 'subscriber', ['profile_id'], unique=False)
    op.create_index('ix_subscriber_contact', 'subscriber', ['contact_id'], unique=False, postgresql_where=sa.text('contact_id IS NOT NULL'))
    op.create_index('ix_subscriber_outgoing_number', 'subscriber', ['outgoing_number_id'], unique=False, postgresql_where=sa.text('outgoing_number_id IS NOT NULL'))
    op.create_foreign_key('fk_subscriber_profile', 'subscriber', 'subscriber_profile', ['reseller_id', 'customer_id', 'profile_id'], ['reseller_id', 'customer_id', 'id'])
    op.add_column('pbx_group', sa.Column('ignore_forwards', sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column('pbx_group', sa.Column('turn', sa.BigInteger(), nullable=False, server_default='0'))
    op.alter_column('pbx_group', 'ignore_forwards', server_default=None)
    op.alter_column('pbx_group', 'turn', server_default=None)
    for table in TABLES:
        protect(table, customer="customer_id")
        grant(table, web=ALL, worker=ALL if table.startswith("pbx_import") else "SELECT")
    for table in BY_IMPORTS:
        grant(table, worker=ALL)
    for table in ENDED_BY_IMPORTS:
        grant(table, worker="DELETE")
    grant("customer", worker="UPDATE")  # whoever writes into a company holds it
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_web, portal_worker")
    for name, (arguments, answer) in TAKEN.items():
        op.execute(f"""
            CREATE FUNCTION {name}({arguments}) RETURNS text[] LANGUAGE plpgsql AS $$
            DECLARE
                here text := current_setting('app.reseller', true);
                whose text := current_setting('app.customer', true);
                answer text[];
            BEGIN
                PERFORM set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true);
                answer := ARRAY({answer});
                PERFORM set_config('app.reseller', coalesce(here, ''), true), set_config('app.customer', coalesce(whose, ''), true);
                RETURN answer;
            END $$
        """)


def downgrade() -> None:
    for name, (arguments, _answer) in TAKEN.items():
        op.execute(f"DROP FUNCTION {name}({arguments})")
    op.drop_constraint('fk_subscriber_profile', 'subscriber')
    op.drop_constraint('fk_customer_default_profile', 'customer')
    op.drop_index('ix_subscriber_outgoing_number', 'subscriber')
    op.drop_index('ix_subscriber_contact', 'subscriber')
    op.drop_index('ix_subscriber_profile', 'subscriber')
    op.drop_column('subscriber', 'profile_id')
    op.drop_column('customer', 'default_profile_id')
    op.drop_column('pbx_group', 'ignore_forwards')
    op.drop_column('pbx_group', 'turn')
    for table in reversed(TABLES):
        op.drop_table(table)
    for table in BY_IMPORTS:
        op.execute(f"REVOKE INSERT, UPDATE, DELETE ON {table} FROM portal_worker")
    for table in OLDER_ENDED_BY_IMPORTS:
        op.execute(f"REVOKE DELETE ON {table} FROM portal_worker")
    op.execute("REVOKE UPDATE ON customer FROM portal_worker")
    grant("account_token", worker="INSERT, UPDATE, DELETE")

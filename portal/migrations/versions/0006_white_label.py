"""White label: themes of resellers, proof of hosts, kinds of customers, classes of service, contracts, number blocks."""

import secrets

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from portal.core import i18n, ids
from portal.migrations import naming, numbering, serving
from portal.migrations.belts import ALL, grant, protect, staff_write

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

TABLES = ("contract", "mail_template", "number_block", "service_class", "theme_version", "theme_file", "theme_icon", "theme_preview")
FILLED = (
    ("account", "withheld"),
    ("contact", "email_sort"),
    ("contact", "name_sort"),
    ("contact", "notes"),
    ("contact", "created_at"),
    ("contact", "version"),
    ("customer", "name_sort"),
    ("customer", "kind"),
    ("customer", "add_vat"),
    ("customer", "vat_rate"),
    ("customer", "send_invoice"),
    ("customer", "changed_at"),
    ("customer", "version"),
    ("reseller", "name_sort"),
    ("reseller", "blocks_only"),
    ("reseller", "created_at"),
    ("reseller", "version"),
    ("sip_domain", "lock_level"),
    ("sip_domain", "hide_number"),
    ("sip_domain", "created_at"),
    ("sip_domain", "version"),
    ("web_host", "public_id"),
    ("web_host", "proof"),
    ("web_host", "created_at"),
    ("web_host", "version"),
)
CHECKS = (
    ("account", "withheld", "withheld <@ ARRAY['changes', 'calls', 'billing', 'passwords']"),
    ("contact", "country", "country ~ '^[A-Z]{2}$'"),
    ("customer", "kind", "kind IN ('residential', 'soho', 'cloudpbx', 'trunk', 'mobile', 'calling_card')"),
    ("customer", "product_by_kind", "(kind = 'cloudpbx') = (product = 'cloudpbx')"),
    ("customer", "vat_rate", "vat_rate BETWEEN 0 AND 100"),
    ("customer", "limits", "max_subscribers > 0 AND max_calls > 0"),
    ("customer", "lock_level", "lock_level BETWEEN 0 AND 3"),
    ("customer", "ring_seconds", "ring_seconds BETWEEN 1 AND 3600"),
    ("reseller", "max_subscribers", "max_subscribers > 0"),
    ("sip_domain", "lock_level", "lock_level BETWEEN 0 AND 3"),
    ("sip_domain", "ring_seconds", "ring_seconds BETWEEN 1 AND 3600"),
    ("subscriber", "max_calls", "max_calls > 0"),
)


def upgrade() -> None:
    op.create_table('mail_template',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('by_name', sa.Text(), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_mail_template_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_template')),
    sa.UniqueConstraint('reseller_id', 'kind', 'language', name='uq_mail_template_kind')
    )
    op.create_table('number_block',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=True),
    sa.Column('cc', sa.Text(), nullable=False),
    sa.Column('ac', sa.Text(), nullable=False),
    sa.Column('sn_prefix', sa.Text(), nullable=False),
    sa.Column('prefix', sa.Text(), nullable=False),
    sa.Column('sn_length', sa.Integer(), nullable=False),
    sa.Column('allocable', sa.Boolean(), nullable=False),
    sa.Column('authoritative', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("cc ~ '^[1-9][0-9]{0,3}$' AND ac ~ '^[0-9]{0,7}$' AND sn_prefix ~ '^[0-9]{0,31}$'", name=op.f('ck_number_block_parts')),
    sa.CheckConstraint('prefix = cc || ac || sn_prefix', name=op.f('ck_number_block_prefix')),
    sa.CheckConstraint('sn_length BETWEEN greatest(char_length(sn_prefix), 1) AND 31', name=op.f('ck_number_block_sn_length')),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_number_block_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_number_block')),
    sa.UniqueConstraint('prefix', name='uq_number_block_prefix'),
    sa.UniqueConstraint('public_id', name=op.f('uq_number_block_public_id'))
    )
    op.create_index('ix_number_block_reseller', 'number_block', ['reseller_id'], unique=False)
    op.create_table('service_class',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('kinds', postgresql.ARRAY(sa.Text()), nullable=False),
    sa.Column('levels', postgresql.JSONB(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 63', name=op.f('ck_service_class_name_length')),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_service_class_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_service_class')),
    sa.UniqueConstraint('public_id', name=op.f('uq_service_class_public_id')),
    sa.UniqueConstraint('reseller_id', 'id', name='uq_service_class_reseller_id_id')
    )
    op.create_index('uq_service_class_name', 'service_class', ['reseller_id', 'name_sort'], unique=True)
    op.create_table('theme_version',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=True),
    sa.Column('based_on', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('by_name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('published_by_name', sa.Text(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'draft') = (number IS NULL)", name=op.f('ck_theme_version_number_by_state')),
    sa.CheckConstraint("state IN ('draft', 'published')", name=op.f('ck_theme_version_state')),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_theme_version_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_version')),
    sa.UniqueConstraint('public_id', name=op.f('uq_theme_version_public_id')),
    sa.UniqueConstraint('reseller_id', 'id', name='uq_theme_version_reseller_id_id'),
    sa.UniqueConstraint('reseller_id', 'number', name='uq_theme_version_number')
    )
    op.create_index('uq_theme_version_draft', 'theme_version', ['reseller_id'], unique=True, postgresql_where=sa.text("state = 'draft'"))
    op.create_table('contract',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=True),
    sa.Column('contact_id', sa.Integer(), nullable=False),
    sa.Column('product', sa.Text(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('name_sort', sa.Text(), nullable=False),
    sa.Column('external_id', sa.Text(), nullable=True),
    sa.Column('status', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('terminated_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(product = 'reseller') = (reseller_id IS NOT NULL)", name=op.f('ck_contract_reseller_by_product')),
    sa.CheckConstraint("product IN ('reseller', 'sip_peering', 'pstn_peering')", name=op.f('ck_contract_product')),
    sa.CheckConstraint("status IN ('active', 'locked', 'terminated')", name=op.f('ck_contract_status')),
    sa.CheckConstraint('char_length(name) BETWEEN 1 AND 127', name=op.f('ck_contract_name_length')),
    sa.ForeignKeyConstraint(['contact_id'], ['contact.id'], name=op.f('fk_contract_contact_id')),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_contract_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_contract')),
    sa.UniqueConstraint('public_id', name=op.f('uq_contract_public_id'))
    )
    op.create_index('ix_contract_contact', 'contract', ['contact_id'], unique=False)
    op.create_index('uq_contract_reseller', 'contract', ['reseller_id'], unique=True, postgresql_where=sa.text("status <> 'terminated' AND reseller_id IS NOT NULL"))
    op.create_table('theme_file',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('path', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint('octet_length(content) <= 1048576', name=op.f('ck_theme_file_size')),
    sa.ForeignKeyConstraint(['reseller_id', 'version_id'], ['theme_version.reseller_id', 'theme_version.id'], name='fk_theme_file_version'),
    sa.PrimaryKeyConstraint('version_id', 'path', name=op.f('pk_theme_file'))
    )
    op.create_table('theme_icon',
    sa.Column('version_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('digest', sa.Text(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id', 'version_id'], ['theme_version.reseller_id', 'theme_version.id'], name='fk_theme_icon_version'),
    sa.PrimaryKeyConstraint('version_id', 'name', name=op.f('pk_theme_icon'))
    )
    op.create_table('theme_preview',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('version_id', sa.Integer(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('by_name', sa.Text(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id', 'version_id'], ['theme_version.reseller_id', 'theme_version.id'], name='fk_theme_preview_version'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_theme_preview')),
    sa.UniqueConstraint('public_id', name=op.f('uq_theme_preview_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_theme_preview_token_hash'))
    )
    op.create_index('ix_theme_preview_version', 'theme_preview', ['version_id'], unique=False)
    op.create_table('trusted_source',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('subscriber_id', sa.Integer(), nullable=False),
    sa.Column('network', sa.Text(), nullable=False),
    sa.Column('protocol', sa.Text(), nullable=False),
    sa.Column('customer_id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.CheckConstraint("protocol IN ('any', 'udp', 'tcp', 'tls')", name=op.f('ck_trusted_source_protocol')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id', 'subscriber_id'], ['subscriber.reseller_id', 'subscriber.customer_id', 'subscriber.id'], name='fk_trusted_source_subscriber'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_trusted_source')),
    sa.UniqueConstraint('network', 'protocol', name='uq_trusted_source_network'),
    sa.UniqueConstraint('public_id', name=op.f('uq_trusted_source_public_id'))
    )
    op.create_index('ix_trusted_source_subscriber', 'trusted_source', ['subscriber_id'], unique=False)
    op.add_column('account', sa.Column('withheld', sa.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('contact', sa.Column('email_sort', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('contact', sa.Column('name_sort', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('contact', sa.Column('mobile_number', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('fax_number', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('iban', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('bic', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('bank_name', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('vat_number', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('register_number', sa.Text(), nullable=True))
    op.add_column('contact', sa.Column('notes', sa.ARRAY(sa.Text()), nullable=False, server_default=sa.text("'{}'")))
    op.add_column('contact', sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")))
    op.add_column('contact', sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.alter_column('contact', 'reseller_id',
               existing_type=sa.INTEGER(),
               nullable=True)
    op.create_index('ix_contact_email', 'contact', ['reseller_id', 'email_sort'], unique=False)
    op.create_index('ix_contact_name', 'contact', ['reseller_id', 'name_sort', 'id'], unique=False)
    op.add_column('customer', sa.Column('name_sort', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('customer', sa.Column('kind', sa.Text(), nullable=False, server_default=sa.text("'residential'")))
    op.add_column('customer', sa.Column('lock_reason', sa.Text(), nullable=True))
    op.add_column('customer', sa.Column('max_calls', sa.Integer(), nullable=True))
    op.add_column('customer', sa.Column('service_class_id', sa.Integer(), nullable=True))
    op.add_column('customer', sa.Column('domain_id', sa.Integer(), nullable=True))
    op.add_column('customer', sa.Column('language', sa.Text(), nullable=True))
    op.add_column('customer', sa.Column('lock_level', sa.Integer(), nullable=True))
    op.add_column('customer', sa.Column('ring_seconds', sa.Integer(), nullable=True))
    op.add_column('customer', sa.Column('hide_number', sa.Boolean(), nullable=True))
    op.add_column('customer', sa.Column('add_vat', sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column('customer', sa.Column('vat_rate', sa.Numeric(precision=5, scale=2), nullable=False, server_default=sa.text("0")))
    op.add_column('customer', sa.Column('send_invoice', sa.Boolean(), nullable=False, server_default=sa.text("true")))
    op.add_column('customer', sa.Column('activated_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('customer', sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")))
    op.add_column('customer', sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.create_index('ix_customer_contact', 'customer', ['contact_id'], unique=False)
    op.create_index('ix_customer_external_id', 'customer', ['reseller_id', 'external_id'], unique=False)
    op.create_index('ix_customer_name', 'customer', ['reseller_id', 'name_sort', 'id'], unique=False)
    op.create_index('ix_customer_service_class', 'customer', ['service_class_id'], unique=False)
    op.create_foreign_key('fk_customer_service_class', 'customer', 'service_class', ['reseller_id', 'service_class_id'], ['reseller_id', 'id'])
    op.create_foreign_key('fk_customer_domain', 'customer', 'sip_domain', ['reseller_id', 'domain_id'], ['reseller_id', 'id'])
    op.add_column('reseller', sa.Column('name_sort', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('reseller', sa.Column('lock_reason', sa.Text(), nullable=True))
    op.add_column('reseller', sa.Column('theme_version_id', sa.Integer(), nullable=True))
    op.add_column('reseller', sa.Column('blocks_only', sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column('reseller', sa.Column('guide_closed_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('reseller', sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")))
    op.add_column('reseller', sa.Column('terminated_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('reseller', sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.drop_constraint(op.f('uq_reseller_name'), 'reseller', type_='unique')
    op.create_foreign_key('fk_reseller_theme_version', 'reseller', 'theme_version', ['id', 'theme_version_id'], ['reseller_id', 'id'])
    op.add_column('sip_domain', sa.Column('lock_level', sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.add_column('sip_domain', sa.Column('ring_seconds', sa.Integer(), nullable=True))
    op.add_column('sip_domain', sa.Column('hide_number', sa.Boolean(), nullable=False, server_default=sa.text("false")))
    op.add_column('sip_domain', sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")))
    op.add_column('sip_domain', sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("1")))
    op.add_column('subscriber', sa.Column('external_id', sa.Text(), nullable=True))
    op.add_column('subscriber', sa.Column('max_calls', sa.Integer(), nullable=True))
    op.add_column('subscriber', sa.Column('next_hop', sa.Text(), nullable=True))
    op.create_index('ix_subscriber_name', 'subscriber', ['reseller_id', 'name_sort', 'id'], unique=False)
    op.create_index('ix_subscriber_external_id', 'subscriber', ['reseller_id', 'external_id'], unique=False, postgresql_where=sa.text("external_id IS NOT NULL"))
    op.add_column('web_host', sa.Column('public_id', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('web_host', sa.Column('proof', sa.Text(), nullable=False, server_default=sa.text("''")))
    op.add_column('web_host', sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('web_host', sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('web_host', sa.Column('created_at', sa.DateTime(timezone=True), nullable=False, server_default=sa.text("now()")))
    op.add_column('web_host', sa.Column('version', sa.Integer(), nullable=False, server_default=sa.text("1")))
    _fill_in()
    for table, column in FILLED:
        op.alter_column(table, column, server_default=None)
    op.create_index('uq_reseller_name', 'reseller', ['name_sort'], unique=True, postgresql_where=sa.text("status <> 'terminated'"))
    op.create_unique_constraint(op.f('uq_web_host_public_id'), 'web_host', ['public_id'])
    for table, name, rule in CHECKS:
        op.create_check_constraint(op.f(f"ck_{table}_{name}"), table, rule)
    _kinds("'regular', 'pilot', 'extension', 'group', 'trunk'")
    for table in TABLES:
        protect(table)
        staff_write(table)
        grant(table, web=ALL, worker="SELECT")
    _lock_sources("'pilot', 'reseller', 'customer', 'credit', 'platform'")
    op.create_table('worker_beat',
    sa.Column('id', sa.Text(), nullable=False),
    sa.Column('place', sa.Text(), nullable=False),
    sa.Column('lanes', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_worker_beat'))
    )
    grant("worker_beat", web="SELECT", worker=ALL)
    grant("alembic_version", web="SELECT")
    grant("reseller", worker="UPDATE")  # whoever adds lines by an import holds it
    _tell_of_jobs()
    op.create_table('company_draft',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=False),
    sa.Column('values', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id', 'account_id'], ['account.reseller_id', 'account.id'], name='fk_company_draft_account', ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_company_draft_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_draft')),
    sa.UniqueConstraint('public_id', name=op.f('uq_company_draft_public_id'))
    )
    op.create_index('ix_company_draft_account', 'company_draft', ['account_id', 'changed_at'], unique=False)
    protect("company_draft")
    staff_write("company_draft")
    grant("company_draft", web=ALL, worker="SELECT")
    numbering.create()
    naming.create()
    serving.create()
    protect("trusted_source", customer="customer_id")
    staff_write("trusted_source")
    grant("trusted_source", web=ALL, worker="SELECT, DELETE")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_web, portal_worker")


def downgrade() -> None:
    serving.drop()
    naming.drop()
    numbering.drop()
    op.drop_table('company_draft')
    op.execute("DROP FUNCTION retry_jobs(text, timestamptz)")
    op.execute("DROP FUNCTION waiting_jobs()")
    op.execute("REVOKE SELECT ON alembic_version FROM portal_web")
    op.execute("REVOKE UPDATE ON reseller FROM portal_worker")
    op.drop_table('worker_beat')
    op.execute("DELETE FROM subscriber_lock WHERE source = 'platform'")
    _lock_sources("'pilot', 'reseller', 'customer', 'credit'")
    _kinds("'regular', 'pilot', 'extension', 'group'")
    for table, name, _rule in CHECKS:
        op.drop_constraint(op.f(f"ck_{table}_{name}"), table, type_="check")
    op.drop_constraint(op.f('uq_web_host_public_id'), 'web_host', type_='unique')
    op.drop_column('web_host', 'version')
    op.drop_column('web_host', 'created_at')
    op.drop_column('web_host', 'checked_at')
    op.drop_column('web_host', 'proved_at')
    op.drop_column('web_host', 'proof')
    op.drop_column('web_host', 'public_id')
    op.drop_index('ix_subscriber_name', table_name='subscriber')
    op.drop_column('subscriber', 'next_hop')
    op.drop_column('subscriber', 'max_calls')
    op.drop_index('ix_subscriber_external_id', table_name='subscriber')
    op.drop_column('subscriber', 'external_id')
    op.drop_column('sip_domain', 'version')
    op.drop_column('sip_domain', 'created_at')
    op.drop_column('sip_domain', 'hide_number')
    op.drop_column('sip_domain', 'ring_seconds')
    op.drop_column('sip_domain', 'lock_level')
    op.drop_constraint('fk_reseller_theme_version', 'reseller', type_='foreignkey')
    op.drop_index('uq_reseller_name', table_name='reseller', postgresql_where=sa.text("status <> 'terminated'"))
    op.create_unique_constraint(op.f('uq_reseller_name'), 'reseller', ['name'], postgresql_nulls_not_distinct=False)
    op.drop_column('reseller', 'version')
    op.drop_column('reseller', 'terminated_at')
    op.drop_column('reseller', 'created_at')
    op.drop_column('reseller', 'guide_closed_at')
    op.drop_column('reseller', 'blocks_only')
    op.drop_column('reseller', 'theme_version_id')
    op.drop_column('reseller', 'lock_reason')
    op.drop_column('reseller', 'name_sort')
    op.drop_constraint('fk_customer_domain', 'customer', type_='foreignkey')
    op.drop_constraint('fk_customer_service_class', 'customer', type_='foreignkey')
    op.drop_index('ix_customer_service_class', table_name='customer')
    op.drop_index('ix_customer_name', table_name='customer')
    op.drop_index('ix_customer_external_id', table_name='customer')
    op.drop_index('ix_customer_contact', table_name='customer')
    op.drop_column('customer', 'version')
    op.drop_column('customer', 'changed_at')
    op.drop_column('customer', 'activated_at')
    op.drop_column('customer', 'send_invoice')
    op.drop_column('customer', 'vat_rate')
    op.drop_column('customer', 'add_vat')
    op.drop_column('customer', 'hide_number')
    op.drop_column('customer', 'ring_seconds')
    op.drop_column('customer', 'lock_level')
    op.drop_column('customer', 'language')
    op.drop_column('customer', 'domain_id')
    op.drop_column('customer', 'service_class_id')
    op.drop_column('customer', 'max_calls')
    op.drop_column('customer', 'lock_reason')
    op.drop_column('customer', 'kind')
    op.drop_column('customer', 'name_sort')
    op.drop_index('ix_contact_name', table_name='contact')
    op.drop_index('ix_contact_email', table_name='contact')
    op.alter_column('contact', 'reseller_id',
               existing_type=sa.INTEGER(),
               nullable=False)
    op.drop_column('contact', 'version')
    op.drop_column('contact', 'created_at')
    op.drop_column('contact', 'notes')
    op.drop_column('contact', 'register_number')
    op.drop_column('contact', 'vat_number')
    op.drop_column('contact', 'bank_name')
    op.drop_column('contact', 'bic')
    op.drop_column('contact', 'iban')
    op.drop_column('contact', 'fax_number')
    op.drop_column('contact', 'mobile_number')
    op.drop_column('contact', 'name_sort')
    op.drop_column('contact', 'email_sort')
    op.drop_column('account', 'withheld')
    op.drop_index('ix_trusted_source_subscriber', table_name='trusted_source')
    op.drop_table('trusted_source')
    op.drop_index('ix_theme_preview_version', table_name='theme_preview')
    op.drop_table('theme_preview')
    op.drop_table('theme_icon')
    op.drop_table('theme_file')
    op.drop_index('uq_contract_reseller', table_name='contract', postgresql_where=sa.text("status <> 'terminated' AND reseller_id IS NOT NULL"))
    op.drop_index('ix_contract_contact', table_name='contract')
    op.drop_table('contract')
    op.drop_index('uq_theme_version_draft', table_name='theme_version', postgresql_where=sa.text("state = 'draft'"))
    op.drop_table('theme_version')
    op.drop_index('uq_service_class_name', table_name='service_class')
    op.drop_table('service_class')
    op.drop_index('ix_number_block_reseller', table_name='number_block')
    op.drop_table('number_block')
    op.drop_table('mail_template')


def _kinds(known: str) -> None:
    op.drop_constraint(op.f("ck_subscriber_kind"), "subscriber", type_="check")
    op.create_check_constraint(op.f("ck_subscriber_kind"), "subscriber", f"kind IN ({known})")


def _lock_sources(known: str) -> None:
    op.drop_constraint(op.f("ck_subscriber_lock_source"), "subscriber_lock", type_="check")
    op.create_check_constraint(op.f("ck_subscriber_lock_source"), "subscriber_lock", f"source IN ({known})")


def _tell_of_jobs() -> None:
    """Web processes only write jobs. The operator of the platform is told how many wait, and may hasten them; what they are about stays."""
    only = "IF current_setting('app.reseller', true) IS DISTINCT FROM 'all' THEN RAISE insufficient_privilege; END IF;"
    op.execute(f"""
        CREATE FUNCTION waiting_jobs()
        RETURNS TABLE (kind text, waiting bigint, failing bigint, oldest timestamptz, next_try timestamptz, trouble text)
        LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
        BEGIN
            {only}
            RETURN QUERY
                SELECT job.kind, count(*), count(*) FILTER (WHERE job.tries > 0),
                       min(CASE WHEN job.tries > 0 THEN job.created_at ELSE job.due_at END),
                       min(job.due_at) FILTER (WHERE job.tries > 0),
                       (array_agg(job.trouble ORDER BY job.id DESC) FILTER (WHERE job.trouble IS NOT NULL))[1]
                FROM job WHERE job.done_at IS NULL AND (job.tries > 0 OR job.due_at <= now()) GROUP BY job.kind ORDER BY job.kind;
        END $$
    """)
    op.execute(f"""
        CREATE FUNCTION retry_jobs(which text, moment timestamptz) RETURNS bigint
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
        DECLARE
            answer bigint;
        BEGIN
            {only}
            UPDATE job SET due_at = moment WHERE id IN (
                SELECT one.id FROM job one WHERE one.done_at IS NULL AND one.tries > 0 AND one.kind = which FOR UPDATE SKIP LOCKED
            );
            GET DIAGNOSTICS answer = ROW_COUNT;
            PERFORM pg_notify('outbox', '');
            RETURN answer;
        END $$
    """)


def _fill_in() -> None:
    """What older rows have in the new columns."""
    there = op.get_bind()
    there.execute(sa.text("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)"))
    there.execute(sa.text("UPDATE customer SET kind = 'cloudpbx' WHERE product = 'cloudpbx'"))
    there.execute(sa.text("UPDATE customer SET activated_at = created_at WHERE status <> 'pending'"))
    there.execute(sa.text("UPDATE web_host SET proved_at = now()"))
    for table in ("customer", "reseller"):
        for key, name in there.execute(sa.text(f"SELECT id, name FROM {table}")).all():
            _write(table, key, name_sort=i18n.sort_key(name))
    for row in there.execute(sa.text("SELECT id, email, company, first_name, last_name FROM contact")).mappings().all():
        name = row["company"] or " ".join(part for part in (row["first_name"], row["last_name"]) if part) or row["email"]
        _write("contact", row["id"], name_sort=i18n.sort_key(name), email_sort=row["email"].lower())
    for key in there.execute(sa.text("SELECT id FROM web_host")).scalars().all():
        _write("web_host", key, public_id=ids.new(), proof=secrets.token_hex(16))


def _write(table: str, key: int, **values: str) -> None:
    changed = ", ".join(f"{name} = :{name}" for name in values)
    op.get_bind().execute(sa.text(f"UPDATE {table} SET {changed} WHERE id = :key"), {"key": key, **values})

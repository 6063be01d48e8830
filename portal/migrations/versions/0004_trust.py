"""Mail, links in mails, second factors, passkeys, single sign-on, staff who view as somebody, and a chain through the audit log."""

import sqlalchemy as sa
from alembic import op

from portal.migrations.belts import ALL, grant, protect, staff_write

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
OF_ACCOUNTS = ("past_password", "account_token", "authenticator", "recovery_code", "passkey", "provider_subject")
OF_RESELLERS = ("ceremony", "sign_in_rules", "provider", "audit_chain", "audit_link")
METHOD = "method IN ('password', 'totp', 'recovery', 'passkey', 'provider')"


def upgrade() -> None:
    op.execute("SELECT set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true)")
    accounts()
    links_and_factors()
    single_sign_on()
    mails()
    audit()
    for table in (*OF_ACCOUNTS, "mail"):
        protect(table, customer="customer_id")
    for table in OF_RESELLERS:
        protect(table)
    for table in ("sign_in_rules", "provider"):
        staff_write(table)
    for table in OF_ACCOUNTS:
        grant(table, web=ALL, worker="SELECT, INSERT, UPDATE, DELETE" if table == "account_token" else "SELECT")
    for table in ("ceremony", "sign_in_rules", "provider"):
        grant(table, web=ALL, worker="SELECT")
    grant("ceremony", worker="DELETE")
    grant("mail", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE")
    grant("audit_chain", web="SELECT, INSERT, UPDATE", worker="SELECT, INSERT, UPDATE")
    grant("audit_link", web="SELECT, INSERT", worker="SELECT, INSERT")
    op.execute("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO portal_web, portal_worker")
    # Where a mail to an account goes: its own address, its line's contact, its customer's contact.
    op.execute("""
        CREATE FUNCTION mail_address(which integer) RETURNS text LANGUAGE sql STABLE AS $$
            SELECT coalesce(account.email, own.email, company.email)
            FROM account
            LEFT JOIN subscriber ON subscriber.id = account.subscriber_id
            LEFT JOIN contact own ON own.id = subscriber.contact_id
            LEFT JOIN customer ON customer.id = account.customer_id
            LEFT JOIN contact company ON company.id = customer.contact_id
            WHERE account.id = which
        $$
    """)


def of_account(table: str) -> tuple[sa.ForeignKeyConstraint, sa.ForeignKeyConstraint]:
    return (
        sa.ForeignKeyConstraint(['reseller_id', 'account_id'], ['account.reseller_id', 'account.id'], name=f'fk_{table}_account'),
        sa.ForeignKeyConstraint(
            ['reseller_id', 'customer_id', 'account_id'],
            ['account.reseller_id', 'account.customer_id', 'account.id'],
            name=f'fk_{table}_customer',
        ),
    )


def owner(*, account: bool = True) -> tuple[sa.Column[int], ...]:
    """The columns that say whose a row is."""
    columns: tuple[sa.Column[int], ...] = (sa.Column('reseller_id', sa.Integer(), nullable=False), sa.Column('customer_id', sa.Integer(), nullable=True))
    return (*columns, sa.Column('account_id', sa.Integer(), nullable=False)) if account else columns


def accounts() -> None:
    op.add_column('account', sa.Column('password_set_at', MOMENT, nullable=True))
    op.add_column('account', sa.Column('devices_since', MOMENT, nullable=True))
    op.execute("UPDATE account SET password_set_at = created_at WHERE password_hash IS NOT NULL")
    names()
    op.add_column('account', sa.Column('email_confirmed_at', MOMENT, nullable=True))
    op.add_column('sign_in_trouble', sa.Column('person', sa.LargeBinary(), nullable=True))
    op.create_index('ix_sign_in_trouble_person', 'sign_in_trouble', ['person'])
    op.add_column('account_session', sa.Column('method', sa.Text(), nullable=False, server_default='password'))
    op.add_column('account_session', sa.Column('half', sa.Boolean(), nullable=False, server_default='false'))
    op.add_column('account_session', sa.Column('confirmed_at', MOMENT, nullable=True))
    op.add_column('account_session', sa.Column('viewing_account_id', sa.Integer(), nullable=True))
    op.add_column('account_session', sa.Column('viewing_reason', sa.Text(), nullable=True))
    op.add_column('account_session', sa.Column('viewing_until', MOMENT, nullable=True))
    op.execute("UPDATE account_session SET confirmed_at = created_at")
    op.alter_column('account_session', 'confirmed_at', nullable=False, server_default=sa.text("now()"))
    op.create_check_constraint(op.f('ck_account_session_method'), 'account_session', METHOD)
    op.create_foreign_key(
        'fk_account_session_viewing', 'account_session', 'account', ['reseller_id', 'viewing_account_id'], ['reseller_id', 'id']
    )


def names() -> None:
    """What accounts are sorted and found by: no case, no accents."""
    for column in ('name_sort', 'name_turned', 'email_sort'):
        op.add_column('account', sa.Column(column, sa.Text(), nullable=True))
    op.execute(r"""
        UPDATE account SET
            name_sort = regexp_replace(normalize(lower(name), NFKD), '[\u0300-\u036f]', '', 'g'),
            email_sort = lower(email)
    """)
    op.execute(r"UPDATE account SET name_turned = regexp_replace(name_sort, '^(.*) ([^ ]+)$', '\2 \1')")
    for column in ('name_sort', 'name_turned'):
        op.alter_column('account', column, nullable=False)
    op.create_index('ix_account_name', 'account', ['reseller_id', 'name_sort', 'id'])
    op.create_index('ix_account_turned', 'account', ['reseller_id', 'name_turned'])
    op.create_index('ix_account_username', 'account', ['reseller_id', 'username'])
    op.create_index('ix_account_email', 'account', ['reseller_id', 'email_sort'])


def links_and_factors() -> None:
    op.create_table('past_password',
    sa.Column('id', sa.Integer(), nullable=False),
    *owner(),
    sa.Column('password_hash', sa.Text(), nullable=False),
    sa.Column('set_at', MOMENT, nullable=False),
    *of_account('past_password'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_past_password'))
    )
    op.create_index('ix_past_password_account', 'past_password', ['account_id'])
    op.create_table('account_token',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    *owner(),
    sa.Column('purpose', sa.Text(), nullable=False),
    sa.Column('token_hash', sa.LargeBinary(), nullable=False),
    sa.Column('email', sa.Text(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.Column('used_at', MOMENT, nullable=True),
    *of_account('account_token'),
    sa.CheckConstraint("purpose IN ('reset', 'invitation', 'email')", name=op.f('ck_account_token_purpose')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_account_token')),
    sa.UniqueConstraint('public_id', name=op.f('uq_account_token_public_id')),
    sa.UniqueConstraint('token_hash', name=op.f('uq_account_token_token_hash'))
    )
    op.create_index('ix_account_token_account', 'account_token', ['account_id'])
    op.create_table('authenticator',
    sa.Column('account_id', sa.Integer(), autoincrement=False, nullable=False),
    *owner(account=False),
    sa.Column('seed', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('confirmed_at', MOMENT, nullable=True),
    sa.Column('last_step', sa.BigInteger(), nullable=True),
    *of_account('authenticator'),
    sa.PrimaryKeyConstraint('account_id', name=op.f('pk_authenticator'))
    )
    op.create_table('recovery_code',
    sa.Column('id', sa.Integer(), nullable=False),
    *owner(),
    sa.Column('code_hash', sa.LargeBinary(), nullable=False),
    sa.Column('used_at', MOMENT, nullable=True),
    *of_account('recovery_code'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    op.create_index('ix_recovery_code_account', 'recovery_code', ['account_id'])
    op.create_table('passkey',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    *owner(),
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('credential_id', sa.LargeBinary(), nullable=False),
    sa.Column('public_key', sa.LargeBinary(), nullable=False),
    sa.Column('sign_count', sa.BigInteger(), nullable=False),
    sa.Column('transports', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('backed_up', sa.Boolean(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('last_used_at', MOMENT, nullable=True),
    *of_account('passkey'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_passkey')),
    sa.UniqueConstraint('public_id', name=op.f('uq_passkey_public_id')),
    sa.UniqueConstraint('credential_id', name=op.f('uq_passkey_credential_id'))
    )
    op.create_index('ix_passkey_account', 'passkey', ['account_id'])
    op.create_table('ceremony',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('key_hash', sa.LargeBinary(), nullable=False),
    sa.Column('host', sa.Text(), nullable=False),
    sa.Column('account_id', sa.Integer(), nullable=True),
    sa.Column('sealed', sa.Text(), nullable=False),
    sa.Column('expires_at', MOMENT, nullable=False),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_ceremony_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ceremony')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_ceremony_key_hash'))
    )
    op.create_index('ix_ceremony_expires_at', 'ceremony', ['expires_at'])


def single_sign_on() -> None:
    op.create_table('sign_in_rules',
    sa.Column('reseller_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('password_days', sa.Integer(), nullable=True),
    sa.Column('factor_roles', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('password_days BETWEEN 1 AND 3650', name=op.f('ck_sign_in_rules_password_days')),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_sign_in_rules_reseller'),
    sa.PrimaryKeyConstraint('reseller_id', name=op.f('pk_sign_in_rules'))
    )
    op.create_table('provider',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    sa.Column('reseller_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('issuer', sa.Text(), nullable=False),
    sa.Column('client_id', sa.Text(), nullable=False),
    sa.Column('client_secret', sa.Text(), nullable=False),
    sa.Column('opens_for', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_provider_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider')),
    sa.UniqueConstraint('public_id', name=op.f('uq_provider_public_id')),
    sa.UniqueConstraint('reseller_id', 'id', name='uq_provider_reseller_id_id'),
    sa.UniqueConstraint('reseller_id', name='uq_provider_reseller_id')
    )
    op.create_table('provider_subject',
    sa.Column('id', sa.Integer(), nullable=False),
    *owner(),
    sa.Column('provider_id', sa.Integer(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('created_at', MOMENT, nullable=False),
    *of_account('provider_subject'),
    sa.ForeignKeyConstraint(['reseller_id', 'provider_id'], ['provider.reseller_id', 'provider.id'], name='fk_provider_subject_provider'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_provider_subject')),
    sa.UniqueConstraint('account_id', 'provider_id', name='uq_provider_subject_account_id_provider_id'),
    sa.UniqueConstraint('provider_id', 'subject', name='uq_provider_subject_provider_id_subject')
    )


def mails() -> None:
    op.create_table('mail',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('public_id', sa.Text(), nullable=False),
    *owner(account=False),
    sa.Column('account', sa.Text(), nullable=True),
    sa.Column('kind', sa.Text(), nullable=False),
    sa.Column('cause', sa.Text(), nullable=False),
    sa.Column('message_id', sa.Text(), nullable=False),
    sa.Column('recipient', sa.Text(), nullable=False),
    sa.Column('sender', sa.Text(), nullable=False),
    sa.Column('reply_to', sa.Text(), nullable=True),
    sa.Column('language', sa.Text(), nullable=False),
    sa.Column('subject', sa.Text(), nullable=False),
    sa.Column('content', sa.Text(), nullable=True),
    sa.Column('state', sa.Text(), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('trouble', sa.Text(), nullable=True),
    sa.Column('created_at', MOMENT, nullable=False),
    sa.Column('settled_at', MOMENT, nullable=True),
    sa.CheckConstraint("state IN ('queued', 'sent', 'kept', 'refused', 'bounced')", name=op.f('ck_mail_state')),
    sa.ForeignKeyConstraint(['reseller_id', 'customer_id'], ['customer.reseller_id', 'customer.id'], name='fk_mail_customer'),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_mail_reseller'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail')),
    sa.UniqueConstraint('public_id', name=op.f('uq_mail_public_id')),
    sa.UniqueConstraint('cause', name=op.f('uq_mail_cause')),
    sa.UniqueConstraint('message_id', name=op.f('uq_mail_message_id'))
    )
    op.create_index('ix_mail_reseller', 'mail', ['reseller_id', sa.literal_column('id DESC')])
    op.create_index('ix_mail_trouble', 'mail', ['reseller_id', sa.literal_column('id DESC')], postgresql_where=sa.text("state IN ('refused', 'bounced') OR (state = 'queued' AND tries > 0)"))
    op.execute("CREATE INDEX ix_mail_recipient ON mail (reseller_id, lower(recipient) text_pattern_ops, id DESC)")


def audit() -> None:
    op.add_column('audit_entry', sa.Column('as_whom', sa.Text(), nullable=True))
    op.add_column('audit_entry', sa.Column('as_whom_name', sa.Text(), nullable=True))
    # Newest first, in a period: of a company, of a reseller, of all.
    op.drop_index('ix_audit_entry_customer', 'audit_entry')
    newest: list[sa.ColumnElement[object]] = [sa.literal_column('at DESC'), sa.literal_column('id DESC')]
    op.create_index('ix_audit_entry_customer', 'audit_entry', ['reseller_id', 'customer_id', *newest])
    op.create_index('ix_audit_entry_reseller', 'audit_entry', ['reseller_id', *newest])
    op.create_index('ix_audit_entry_at', 'audit_entry', newest)
    op.create_table('audit_chain',
    sa.Column('reseller_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('length', sa.BigInteger(), nullable=False),
    sa.Column('head', sa.LargeBinary(), nullable=False),
    sa.Column('key', sa.Text(), nullable=False),
    sa.Column('after_entry', sa.BigInteger(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_audit_chain_reseller'),
    sa.PrimaryKeyConstraint('reseller_id', name=op.f('pk_audit_chain'))
    )
    op.create_table('audit_link',
    sa.Column('reseller_id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('place', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('entry_id', sa.BigInteger(), nullable=False),
    sa.Column('hash', sa.LargeBinary(), nullable=False),
    sa.ForeignKeyConstraint(['reseller_id'], ['reseller.id'], name='fk_audit_link_reseller'),
    sa.PrimaryKeyConstraint('reseller_id', 'place', name=op.f('pk_audit_link')),
    sa.UniqueConstraint('entry_id', name=op.f('uq_audit_link_entry_id'))
    )
    # A chain begins behind all entries of its reseller, also when a customer's transaction begins it (as in 0001).
    op.execute("""
        CREATE FUNCTION last_audit_entry(which integer, besides bigint[]) RETURNS bigint LANGUAGE plpgsql AS $$
        DECLARE
            before text := current_setting('app.customer', true);
            answer bigint;
        BEGIN
            PERFORM set_config('app.customer', 'all', true);
            answer := (SELECT max(id) FROM audit_entry WHERE reseller_id = which AND id <> ALL (besides));
            PERFORM set_config('app.customer', coalesce(before, ''), true);
            RETURN answer;
        END $$
    """)


def downgrade() -> None:
    op.execute("DROP FUNCTION last_audit_entry(integer, bigint[])")
    op.drop_index('ix_audit_entry_at', 'audit_entry')
    op.drop_index('ix_audit_entry_reseller', 'audit_entry')
    op.drop_index('ix_audit_entry_customer', 'audit_entry')
    op.create_index('ix_audit_entry_customer', 'audit_entry', ['reseller_id', 'customer_id', sa.literal_column('id DESC')])
    op.execute("DROP FUNCTION mail_address(integer)")
    for table in ("audit_link", "audit_chain", "mail", "provider_subject", "provider", "sign_in_rules", "ceremony", "passkey"):
        op.drop_table(table)
    for table in ("recovery_code", "authenticator", "account_token", "past_password"):
        op.drop_table(table)
    op.drop_column("audit_entry", "as_whom_name")
    op.drop_column("audit_entry", "as_whom")
    op.drop_constraint("fk_account_session_viewing", "account_session")
    op.drop_constraint("ck_account_session_method", "account_session")
    for column in ("method", "half", "confirmed_at", "viewing_account_id", "viewing_reason", "viewing_until"):
        op.drop_column("account_session", column)
    op.drop_column("sign_in_trouble", "person")
    op.drop_index("ix_account_username", "account")
    for column in ("email_confirmed_at", "email_sort", "name_turned", "name_sort", "devices_since", "password_set_at"):
        op.drop_column("account", column)

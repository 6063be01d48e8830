"""Number blocks and trusted sources across tenants: what the database answers and keeps, and no tenant may read. Used by 0006.

As in 0001 and 0005: the scope is widened inside of a function, which answers about what was asked and nothing else.
"""

from alembic import op

# Blocks are no neighbours inside of one another: as ranges of numbers filled up to the longest, two of them never meet.
_SPAN = "numrange(rpad(prefix, 43, '0')::numeric, rpad(prefix, 43, '9')::numeric, '[]')"
# Any protocol meets each of the others; two different ones share an address.
_PROTOCOLS = "CASE protocol WHEN 'udp' THEN '[1,2)'::int4range WHEN 'tcp' THEN '[2,3)' WHEN 'tls' THEN '[3,4)' ELSE '[1,4)' END"

FUNCTIONS = {
    # Which numbers may not come to customers of a reseller because of the blocks. Blocks stay as they are until this transaction ends.
    "numbers_outside(wanted text[], which integer)": (
        "TABLE (number text, elsewhere boolean)",
        """
            SELECT one.number, block.id IS NOT NULL AND block.reseller_id IS DISTINCT FROM which
            FROM unnest(wanted) AS one(number)
            JOIN reseller ON reseller.id = which
            LEFT JOIN LATERAL (
                SELECT found.* FROM number_block found
                JOIN generate_series(1, length(one.number)) AS digit ON found.prefix = left(one.number, digit)
            ) block ON true
            WHERE CASE WHEN block.id IS NULL THEN reseller.blocks_only
                       ELSE block.reseller_id IS DISTINCT FROM which OR NOT block.allocable END
        """,
        "PERFORM pg_advisory_xact_lock_shared(hashtext('number blocks'));",
    ),
    # Numbers that somebody has, whoever it is. Those that were released elsewhere make room.
    "numbers_in_use(wanted text[], which integer)": (
        "TABLE (number text)",
        "SELECT digits FROM number WHERE digits = ANY (wanted) AND customer_id IS NOT NULL",
        "",
        "DELETE FROM number WHERE digits = ANY (wanted) AND customer_id IS NULL AND reseller_id <> which;",
    ),
}


def create() -> None:
    op.execute(f"ALTER TABLE number_block ADD CONSTRAINT ex_number_block_prefix EXCLUDE USING gist (({_SPAN}) WITH &&)")
    op.execute(
        "ALTER TABLE trusted_source ADD CONSTRAINT ex_trusted_source_network "
        f"EXCLUDE USING gist ((network::inet) inet_ops WITH &&, ({_PROTOCOLS}) WITH &&)"
    )
    op.execute("GRANT INSERT ON line_handling TO portal_worker")  # imported lines start as their customer has it
    for signature, (kind, answer, *first) in FUNCTIONS.items():
        before, widened = (*first, "", "")[:2]
        op.execute(f"""
            CREATE FUNCTION {signature} RETURNS {kind} LANGUAGE plpgsql AS $$
            #variable_conflict use_column
            DECLARE
                here text := current_setting('app.reseller', true);
                whose text := current_setting('app.customer', true);
            BEGIN
                {before}
                PERFORM set_config('app.reseller', 'all', true), set_config('app.customer', 'all', true);
                {widened}
                RETURN QUERY {answer};
                PERFORM set_config('app.reseller', coalesce(here, ''), true), set_config('app.customer', coalesce(whose, ''), true);
            END $$
        """)


def drop() -> None:
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature}")
    op.execute("REVOKE INSERT ON line_handling FROM portal_worker")
    op.execute("ALTER TABLE trusted_source DROP CONSTRAINT ex_trusted_source_network")
    op.execute("ALTER TABLE number_block DROP CONSTRAINT ex_number_block_prefix")

"""What the database itself says of customers: whether they are in service, and the lower of two sets of levels."""

from alembic import op


def create() -> None:
    """A session of a customer that is not in service opens nothing; the accounts do not know customers otherwise."""
    op.execute("""
        CREATE FUNCTION customer_in_service(which integer) RETURNS boolean LANGUAGE sql STABLE AS $$
            SELECT which IS NULL OR EXISTS (SELECT FROM customer WHERE id = which AND status = 'active')
        $$
    """)
    op.execute("""
        CREATE FUNCTION lower_levels(one jsonb, other jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
            SELECT CASE WHEN one IS NULL THEN other WHEN other IS NULL THEN one ELSE (
                SELECT coalesce(jsonb_object_agg(feature, CASE
                    WHEN 'off' IN (one ->> feature, other ->> feature) THEN 'off'
                    WHEN 'use' IN (one ->> feature, other ->> feature) THEN 'use'
                    ELSE 'change' END), '{}')
                FROM (SELECT jsonb_object_keys(one) UNION SELECT jsonb_object_keys(other)) AS named (feature)
            ) END
        $$
    """)


def drop() -> None:
    op.execute("DROP FUNCTION lower_levels(jsonb, jsonb)")
    op.execute("DROP FUNCTION customer_in_service(integer)")

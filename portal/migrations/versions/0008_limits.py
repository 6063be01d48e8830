"""Groups say how phones are told that another one answered, and customers have no more calls at the same time than they may."""

import sqlalchemy as sa
from alembic import op

from portal.migrations.switch import OWNER, decide_anew

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(f"GRANT SELECT (callid) ON kamailio.dialog TO {OWNER}")
    op.execute(f"GRANT SELECT (call) ON kamailio.acc_cdrs TO {OWNER}")
    op.execute("CREATE INDEX ix_dialog_callid ON kamailio.dialog (callid)")
    op.execute("CREATE INDEX ix_acc_cdrs_call ON kamailio.acc_cdrs (call)")
    op.execute("CREATE INDEX ix_call_limited ON kamailio.call (began_at) WHERE facts ? 'limited'")
    decide_anew()
    op.execute(f"SET LOCAL ROLE {OWNER}")
    owner = op.get_bind().scalar(sa.text("SELECT session_user"))
    op.execute(f'GRANT EXECUTE ON FUNCTION kamailio.waits_not() TO "{owner}"')
    op.execute("RESET ROLE")
    op.execute(
        "CREATE TRIGGER waits_not AFTER INSERT ON kamailio.dialog_vars FOR EACH ROW "
        r"WHEN (NEW.dialog_key LIKE '\_uac\_%') EXECUTE FUNCTION kamailio.waits_not()"
    )


def downgrade() -> None:
    """The functions stay: what they can do more, nobody asks of them."""
    op.execute("DROP TRIGGER waits_not ON kamailio.dialog_vars")
    op.execute("DROP INDEX kamailio.ix_call_limited")
    op.execute("DROP INDEX kamailio.ix_acc_cdrs_call")
    op.execute("DROP INDEX kamailio.ix_dialog_callid")
    op.execute(f"REVOKE SELECT (call) ON kamailio.acc_cdrs FROM {OWNER}")
    op.execute(f"REVOKE SELECT (callid) ON kamailio.dialog FROM {OWNER}")

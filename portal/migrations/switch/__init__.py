"""The switch's view of the portal, as SQL: what Kamailio reads, writes and asks."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

FOLDER = Path(__file__).parent
OWNER, KAMAILIO = "portal_switch", "kamailio"  # whose rights the views and functions have; as whom Kamailio connects
DECIDING = ("conditions.sql", "lines.sql", "hunting.sql", "doors.sql")  # of functions and their types only


def run(name: str) -> None:
    statements = (FOLDER / name).read_text(encoding="utf-8")
    op.get_bind().exec_driver_sql(statements.replace("%", "%%"))


def decide_anew() -> None:
    """Replaces the functions by those of the files: what becomes of a call, and what happens by itself."""
    op.execute(f"GRANT CREATE ON SCHEMA kamailio TO {OWNER}")
    op.execute(f"SET LOCAL ROLE {OWNER}")
    _drop()
    for name in (*DECIDING, "devices.sql"):
        run(name)
    open_doors()
    op.execute("RESET ROLE")
    op.execute(f"REVOKE CREATE ON SCHEMA kamailio FROM {OWNER}")


def open_doors() -> None:
    """Kamailio asks some functions with their maker's rights, and nobody asks the others; triggers hang already."""
    op.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA kamailio FROM PUBLIC")
    for name in _named("prosecdef AND prorettype <> 'trigger'::regtype"):
        op.execute(f"GRANT EXECUTE ON FUNCTION {name} TO {KAMAILIO}")


def _drop() -> None:
    for name in _named("prorettype <> 'trigger'::regtype"):
        op.execute(f"DROP FUNCTION {name}")
    for name in ("action", "hunt", "line"):
        op.execute(f"DROP TYPE kamailio.{name}")


def _named(which: str) -> list[str]:
    functions = "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'kamailio'::regnamespace AND "
    return list(op.get_bind().scalars(sa.text(functions + which)))

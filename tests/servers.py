"""What a test starts for itself alone, and may take away: a database server, a worker."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.core import db, postgres
from tests.conftest import KEY


@contextmanager
def folder_of_a_server() -> Iterator[Path]:
    """For postgres.ensure; the server that was made there is gone afterwards."""
    above = Path(tempfile.mkdtemp(prefix="portal-test-"))
    above.chmod(0o755)  # its user has to get in
    yield above / "data"
    postgres.destroy(above / "data")
    shutil.rmtree(above, ignore_errors=True)


def kill(folder: Path) -> None:
    """As a power cut would end the server of this folder."""
    pid = int(next(folder.rglob("postmaster.pid")).read_text().partition("\n")[0])
    os.kill(pid, signal.SIGKILL)


@contextmanager
def working(database: db.Database) -> Iterator["subprocess.Popen[bytes]"]:
    own = {"PORTAL_DATABASE_URL": database.url.render_as_string(hide_password=False), "PORTAL_SECRET_KEY": KEY}
    process = subprocess.Popen([sys.executable, "-m", "portal", "worker"], env={**os.environ, "PORTAL_DEVELOPMENT": "", **own})
    try:
        yield process
    finally:
        process.terminate()
        process.wait(30)

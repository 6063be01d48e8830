"""A Kamailio on this machine that lasts as long as whoever started it: the demo's, and those that are measured."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.core import postgres
from portal.gateways.kamailio import Kamailio, SwitchTrouble

PATH = os.pathsep.join((os.defpath, "/usr/sbin", "/usr/local/sbin"))
PATIENCE_SECONDS = 20.0


class NoKamailio(Exception):  # noqa: N818  the sentence it carries is for whoever wanted one
    """There is no Kamailio that could carry calls; one sentence says why."""


@contextmanager
def running(script: str, folder: Path, *, rpc_url: str, server: postgres.Server) -> Iterator[None]:
    """While this holds, Kamailio runs by this script, in this folder, from a database of this server. Raises NoKamailio."""
    program = shutil.which("kamailio", path=PATH)
    if program is None:
        raise NoKamailio("Kamailio is missing: `make system-deps` installs it.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "kamailio.cfg"
    file.touch(mode=0o600)
    file.write_text(script)
    own = {"PATH": PATH, "TZ": "UTC", "PGHOST": str(server.socket_dir), "PGPORT": str(server.port)}
    with (folder / "log").open("wb") as log:
        command = [program, "-f", str(file), "-P", str(folder / "pid"), "-Y", str(folder), "-w", str(folder), "-DD", "-E"]
        process = subprocess.Popen(command, env=own, stdout=log, stderr=log)  # noqa: S603 - our own command
    try:
        _wait(process, rpc_url, folder)
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", url: str, folder: Path) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        try:
            Kamailio(url).uptime()
        except SwitchTrouble:
            time.sleep(0.1)
        else:
            return
    raise NoKamailio(f"Kamailio did not start; {folder / 'log'} says why. Does another one run here?")

"""The processes of a server, found by the mark in their command line: files with process numbers outlive their truth."""

import contextlib
import os
import signal
import time
from pathlib import Path

from portal.core.postgres.server import ServerTrouble


def processes(mark: str) -> tuple[list[int], list[int]]:
    """The server's main process, and those it has or left behind."""
    masters, children = [], []
    for entry in Path("/proc").glob("[0-9]*"):
        line = command(int(entry.name))
        if is_postgres(line) and f"cluster_name={mark}".encode() in line.split(b"\0"):
            masters.append(int(entry.name))
        elif line.startswith(f"postgres: {mark}: ".encode()):
            children.append(int(entry.name))
    return masters, children


def command(pid: int) -> bytes:
    """Empty for a process that ended, collected by its parent or not."""
    try:
        return Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return b""


def is_postgres(line: bytes) -> bool:
    return line.split(b"\0")[0].endswith(b"/postgres")


def end(mark: str) -> None:
    """Asks the main process to end in order, then at once. What a killed one left behind ends by itself, or is ended."""
    for sign, patience in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
        masters, children = processes(mark)
        orphans = [] if sign == signal.SIGINT else children
        for pid in masters or orphans:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
        if _gone(mark, patience if masters else 2.0):
            return
    raise ServerTrouble("Processes of the database do not end, not even when killed.")


def _gone(mark: str, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(processes(mark)):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True

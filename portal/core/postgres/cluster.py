"""Making a cluster and starting its server."""

import contextlib
import fcntl
import os
import re
import shutil
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from portal.core.postgres.home import Home, private_file
from portal.core.postgres.processes import command, end, is_postgres, processes
from portal.core.postgres.programs import programs
from portal.core.postgres.server import SUPERUSER, Server, ServerTrouble, answer

_BUILTIN_LOCALE_SINCE = 17
_START_SECONDS = 120.0
_SPAWN = 'log=$1; shift; if [ -e "$log" ]; then mv "$log" "$log.1"; fi; "$@" </dev/null >"$log" 2>&1 & echo $!'
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "shared_buffers": "128MB",
    "max_connections": "100",
    "max_wal_size": "2GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def check_socket_dir(home: Home) -> None:
    try:
        found = home.socket_dir.lstat()
    except FileNotFoundError:
        return
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != home.account.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise ServerTrouble(f"The folder {home.socket_dir} is somebody else’s or open to others: remove it, start again.")


def bring_up(home: Home, server: Server, *, fast: bool) -> psycopg.Connection:
    return _running(home, server) or _started(home, server, fast=fast)


def _running(home: Home, server: Server) -> psycopg.Connection | None:
    """A server that is still starting, or recovering. One that lost its socket folder or its data is of no use."""
    masters, _ = processes(home.mark)
    reachable = home.cluster.exists() and (server.socket_dir / f".s.PGSQL.{server.port}").exists()
    return _wait(home, server, masters[0]) if masters and reachable else None


def _started(home: Home, server: Server, *, fast: bool) -> psycopg.Connection:
    end(home.mark)
    with _no_other_server(home) as held:
        version, folder = programs(home)
        shutil.rmtree(home.socket_dir, ignore_errors=True)
        home.account.run("mkdir", "-m", "700", home.socket_dir)
        if not home.cluster.exists():
            _create(home, server, version, folder)
        if not home.account.reaches(home.cluster):
            raise ServerTrouble(f"The account {home.account.name} cannot reach {home.cluster}: a folder above it is closed.")
        _forget_stranger(home.cluster / "postmaster.pid")
        connection = _wait(home, server, _spawn(home, server, folder, held, fast=fast))
    if not connection:
        raise ServerTrouble(f"The database in {home.path} did not start: {_tail(_read(home.log))}")
    return connection


@contextlib.contextmanager
def _no_other_server(home: Home) -> Iterator[int]:
    """The server inherits this lock and holds it for life, so one in another container on the same folder is noticed."""
    with private_file(home.path / "running", os.O_RDWR | os.O_CREAT) as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise ServerTrouble(f"A server that cannot be seen from here (in another container?) uses {home.path}.") from error
        yield held


def _create(home: Home, server: Server, version: int, folder: Path) -> None:
    """Made beside its place and moved there when complete: a half-made cluster is never taken for one."""
    new = home.cluster.with_suffix(".new")
    password = home.socket_dir / "password"
    home.account.run("/bin/sh", "-c", 'cat >"$1"', "sh", password, given=server.password(SUPERUSER))
    fixed = [f"--pgdata={new}", f"--username={SUPERUSER}", f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
    said = ""
    for locale in _locales(version):
        _empty_folder(home, new)
        made = home.account.run(folder / "initdb", *fixed, *locale)
        if made.returncode == 0:
            password.unlink()
            new.rename(home.cluster)
            return
        said = made.stderr or made.stdout
    raise ServerTrouble(f"The database in {home.path} could not be created: {_tail(said)}")


def _empty_folder(home: Home, folder: Path) -> None:
    if folder.parent != home.path:
        folder.parent.mkdir(exist_ok=True)
        folder.parent.chmod(0o711)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    os.chown(folder, home.account.uid, home.account.gid)


def _locales(version: int) -> Iterator[list[str]]:
    if version >= _BUILTIN_LOCALE_SINCE:
        yield ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        yield ["--locale=C.UTF-8", "--lc-messages=C"]
        yield ["--locale=C"]


def _forget_stranger(file: Path) -> None:
    """PostgreSQL believes a number that now belongs to another program; a dead number it forgets itself."""
    first = _read(file).partition("\n")[0].strip()
    if first.isdigit() and Path("/proc", first).exists() and not is_postgres(command(int(first))):
        file.unlink()


def _spawn(home: Home, server: Server, folder: Path, held: int, *, fast: bool) -> int:
    own = {"cluster_name": home.mark, "unix_socket_directories": str(server.socket_dir), "port": str(server.port)}
    settings = [f"{name}={value}" for name, value in (_SETTINGS | own | (_FAST if fast else {})).items()]
    options = [part for setting in settings for part in ("-c", setting)]
    line = [str(folder / "postgres"), "-D", str(home.cluster), *options]
    started = home.account.run("/bin/sh", "-c", _SPAWN, "sh", home.log, *line, keep=(held,))
    return int(started.stdout)


def _wait(home: Home, server: Server, pid: int) -> psycopg.Connection | None:
    """A connection as soon as the process takes one (it may be recovering), or nothing when the process ended."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        connection = answer(server)
        if connection or not command(pid):
            return connection
        time.sleep(0.02)
    raise ServerTrouble(f"The database in {home.path} runs but takes no connections: {_tail(_read(home.log))}")


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:
        return ""


def _tail(words: str) -> str:
    lines = [re.sub(r"^[\d: .-]+ UTC \[\d+\] ", "", line.strip()) for line in words.splitlines() if line.strip()]
    return " ".join(lines[-5:])[-800:] or "it left no message."

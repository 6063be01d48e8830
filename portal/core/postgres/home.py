"""The data folder of a server: what is kept in it, which account it belongs to, and one process at a time in it."""

import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

from portal.core.postgres.server import ServerTrouble

RECORD = "server.json"

_SOCKETS = Path("/tmp")  # noqa: S108  the one short path every account reaches; owner and mode are checked
_ELSEWHERE = Path("/var/lib")  # /var/tmp is swept by age on many systems
_UNPRIVILEGED = ("postgres", "nobody")


@dataclass(frozen=True)
class Account:
    """Who the server runs as: oneself, or an unprivileged account when one is root."""

    uid: int
    gid: int

    @property
    def name(self) -> str:
        return _name(self.uid)

    def run(self, *command: str | Path, given: str = "", keep: tuple[int, ...] = ()) -> subprocess.CompletedProcess[str]:
        dropped = os.geteuid() == 0
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
            pass_fds=keep,
            user=self.uid if dropped else None,
            group=self.gid if dropped else None,
            extra_groups=() if dropped else None,
        )

    def reaches(self, path: Path) -> bool:
        return self.run("/bin/sh", "-c", 'test -x "$1"', "sh", path).returncode == 0


@dataclass(frozen=True)
class Home:
    path: Path
    cluster: Path
    account: Account
    secret: str = field(repr=False)

    @property
    def record(self) -> Path:
        return self.path / RECORD

    @property
    def mark(self) -> str:
        return _mark(self.path)

    @property
    def elsewhere(self) -> Path:
        return _elsewhere(self.path)

    @property
    def socket_dir(self) -> Path:
        return _SOCKETS / self.mark

    @property
    def log(self) -> Path:
        return self.cluster / "server.log"


@contextlib.contextmanager
def alone_in(data_dir: Path) -> Iterator[Home]:
    path = data_dir.resolve()
    try:
        path.mkdir(mode=0o711, parents=True, exist_ok=True)
        with private_file(path / "lock", os.O_RDWR | os.O_CREAT) as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield _home(path)
    except OSError as error:
        raise ServerTrouble(f"The database folder {path} cannot be used: {error.strerror} ({error.filename}).") from error
    except psycopg.Error as error:
        raise ServerTrouble(f"The database in {path} failed: {error}") from error


@contextlib.contextmanager
def private_file(path: Path, flags: int) -> Iterator[int]:
    descriptor = os.open(path, flags | os.O_NOFOLLOW, 0o600)
    try:
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        yield descriptor
    finally:
        os.close(descriptor)


def _home(path: Path) -> Home:
    record = path / RECORD
    kept = json.loads(record.read_text()) if record.exists() else {}
    cluster = Path(kept.get("cluster") or path / "cluster")
    if cluster.exists() and not kept:
        raise ServerTrouble(f"The passwords of the database in {path} are lost: {RECORD} is missing there.")
    account = _account(cluster)
    if not cluster.exists() and not account.reaches(path):
        cluster = _elsewhere(path) / "cluster"
    home = Home(path, cluster, account, kept.get("secret") or secrets.token_hex(32))
    _keep(home, kept)
    return home


def _keep(home: Home, kept: dict[str, str | None]) -> None:
    inside = home.cluster.parent == home.path
    record = {"secret": home.secret, "cluster": None if inside else str(home.cluster)}
    if record == kept:
        return
    if not inside and home.cluster.exists():  # left by a data folder of the same path that was deleted
        old = home.cluster.with_suffix(".old")
        shutil.rmtree(old, ignore_errors=True)
        home.cluster.rename(old)
    new = home.record.with_suffix(".new")
    new.unlink(missing_ok=True)
    with private_file(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL) as descriptor:
        os.write(descriptor, json.dumps(record).encode())
        os.fsync(descriptor)
    new.rename(home.record)


def _account(cluster: Path) -> Account:
    me = os.geteuid()
    if cluster.exists():
        owner = cluster.stat()
        if me not in (0, owner.st_uid) or owner.st_uid == 0:
            raise ServerTrouble(f"The database in {cluster} belongs to {_name(owner.st_uid)}, it cannot be run by {_name(me)}.")
        return Account(owner.st_uid, owner.st_gid)
    if me != 0:
        return Account(me, os.getegid())
    for name in _UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise ServerTrouble("PostgreSQL refuses to run as root, and there is no account “postgres” or “nobody” to run it as.")


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"account {uid}"


def _mark(path: Path) -> str:
    """Names the server's socket folder, and its processes in the system's list."""
    return f"portal-{hashlib.sha256(str(path).encode()).hexdigest()[:16]}"


def _elsewhere(path: Path) -> Path:
    """Where the server's files go when its account cannot reach the data folder (below /root, say)."""
    return _ELSEWHERE / _mark(path)

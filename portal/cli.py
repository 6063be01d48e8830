"""The `portal` command: gathers what each feature offers."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import click
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from werkzeug.utils import import_string

from portal import demo, start
from portal.bench.calls import calls as measured_calls
from portal.bench.imports import imports as measured_imports
from portal.bench.pages import pages as measured_pages
from portal.bench.report import report
from portal.bench.sign_in import sign_in as measured_sign_in
from portal.bench.switch import telephony as measured_telephony
from portal.core import db, keys, logs, outbox, postgres, schema
from portal.core.tenancy import Scope
from portal.features.accounts import cli as accounts, jobs as accounts_jobs
from portal.features.audit import cli as audit
from portal.features.branding import cli as branding
from portal.features.calls import cli as calls, jobs as calls_jobs
from portal.features.contacts import cli as contacts
from portal.features.pbx import jobs as pbx_jobs
from portal.features.platform import jobs as platform_jobs
from portal.features.resellers import jobs as resellers_jobs
from portal.features.resellers.operations import Watch
from portal.features.subscribers import jobs as subscribers_jobs
from portal.features.switch import cli as switch, jobs as switch_jobs
from portal.features.switch.operations import keep_tables
from portal.gateways.smtp import MailServerOutgoing
from portal.mail import delivery, posting
from portal.settings import Settings, SettingsError, announce, from_environment, mail_server, spare_memory

APP = "portal.app:create_app"
LOOPBACK = "127.0.0.1"
SHOWN_LOST = 5


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def portal() -> None:
    """A self-care portal for VoIP providers."""


@portal.group("db")
def database() -> None:
    """Look after the database."""


@database.command()
def upgrade() -> None:
    """Brings the tables to this version; safe to run again, and while the portal serves."""
    _upgrade(from_environment())
    click.echo("The database is up to date.")


def _upgrade(settings: Settings) -> None:
    owner = db.open_database(settings, role=db.OWNER)
    schema.upgrade(owner)
    db.install(owner)
    with db.unit_of_work(Scope.platform()):
        keep_tables()
    owner.dispose()


@portal.command()
@click.option("--host", default=LOOPBACK, show_default=True)
@click.option("--port", default=8000, show_default=True)
@click.option("--processes", default=2, show_default=True, help="Web processes; about one for each core.")
def serve(host: str, port: int, processes: int) -> None:
    """Serves the portal."""
    settings = from_environment()
    _announce_port(settings, port)
    if settings.database_url is None:
        _upgrade(settings)  # the portal's own database needs nobody to look after it
    _serve(host, port, processes)


def _announce_port(settings: Settings, port: int) -> None:
    """While developing nobody stands in front of the portal: links in mails lead to this very port."""
    if settings.development and settings.public_port is None:
        announce(PORTAL_PUBLIC_PORT=str(port))


def _check_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            trouble = f"Nothing can be served at {host}:{port}: {error.strerror}. Choose another port."
            raise click.ClickException(trouble) from error


def _serve(host: str, port: int, processes: int) -> None:
    """Until a signal comes; requests in flight finish."""
    _check_port(host, port)
    spare_memory()
    Granian(
        APP,
        factory=True,
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=processes,
        blocking_threads=32,  # whoever waits for a password hash must not keep the pages of others waiting
        respawn_failed_workers=True,
        workers_kill_timeout=20,
        websockets=False,
        log_level=LogLevels.error,
    ).serve()


@portal.command()
def worker() -> None:
    """Delivers what pages left to be done: mails, reloads, jobs."""
    settings = from_environment()
    start.prepare(settings)
    db.install(db.open_database(settings, role=db.WORKER))
    outgoing = MailServerOutgoing(mail_server(settings.smtp_url)) if settings.smtp_url else None
    mails = {posting.JOB: delivery.handler(outgoing, keep=settings.development)}
    names = resellers_jobs.handlers(Watch.of(settings))
    nodes = switch_jobs.nodes_of(settings)
    lanes = [mails, {**accounts_jobs.HANDLERS, **subscribers_jobs.HANDLERS}, pbx_jobs.HANDLERS, names, *switch_jobs.lanes(nodes)]
    switch_jobs.begin_keeping_tables()
    with platform_jobs.beating([calls_jobs.KIND, *(kind for lane in lanes for kind in lane)]), switch_jobs.asking(nodes):
        outbox.work_side_by_side(lanes, outbox.stop_on_signals(), calls_jobs.lane)


@portal.command("demo")
@click.option("--port", default=8000, show_default=True)
@click.option("--reset", is_flag=True, help="Forget everything first.")
@click.option("--serve/--fill-only", "serving", default=True)
@click.option("--sip-port", type=click.IntRange(0, 65535), default=0, help="Have Kamailio carry real calls there; 0 for none.")
def run_demo(*, port: int, reset: bool, serving: bool, sip_port: int) -> None:
    """Fills a database with the demo world and serves it, with its worker and, if wanted, with Kamailio."""
    announce(PORTAL_DEVELOPMENT="1")
    if sip_port:
        announce(PORTAL_KAMAILIO_RPC_URL=demo.rpc_url())
    settings = from_environment()
    _announce_port(settings, port)
    start.prepare(settings)
    if serving:
        _check_port(LOOPBACK, port)
    if reset:
        demo.forget(settings)
    _upgrade(settings)
    db.install(db.open_database(settings))
    demo.fill()
    if sip_port:
        demo.know_passwords()
    db.database().dispose()
    if serving:
        click.echo(demo.welcome(port, mailbox=settings.smtp_url is None))
        with _calls(settings, sip_port):
            _with_worker(port)
        if settings.database_url is None:
            postgres.stop(settings.data_dir / "postgres")


@contextmanager
def _calls(settings: Settings, sip_port: int) -> Iterator[None]:
    if not sip_port:
        yield
        return
    if settings.database_url is not None:
        raise click.ClickException("The demo makes real calls in its own database only: leave PORTAL_DATABASE_URL away.")
    try:
        with demo.carried(settings, db.EMBEDDED, sip_port=sip_port):
            click.echo(demo.how_to_call(sip_port))
            yield
    except demo.NoKamailio as trouble:
        raise click.ClickException(str(trouble)) from trouble


def _with_worker(port: int) -> None:
    worker_process = subprocess.Popen([sys.executable, "-m", "portal", "worker"])
    try:
        _serve(LOOPBACK, port, processes=2)
    finally:
        worker_process.terminate()
        worker_process.wait()


@portal.command()
@click.option(
    "--calls", "rows", default=1_000_000, show_default=True, help="Call records to measure among; 20000000 for the whole budget."
)
@click.option("--json", "target", type=click.Path(dir_okay=False, path_type=Path), help="Write the figures here as well.")
def bench(*, rows: int, target: Path | None) -> None:
    """Measures what has a budget, in a database of its own."""
    settings = from_environment()
    server = postgres.ensure(settings.data_dir / "postgres")
    postgres.create_database(server, "bench")
    measured = replace(settings, database_url=server.url("bench"), development=False, secure_cookies=False)
    _upgrade(measured)
    start.prepare(measured)
    db.install(db.open_database(measured))
    demo.fill()
    app = import_string(APP)(measured, db.database(), listen=False)
    signing_in = measured_sign_in(measured, demo.COLLEAGUES, demo.PASSWORD)
    imports, records = measured_imports(pbx_jobs.HANDLERS), measured_calls(app, rows)
    report([*measured_pages(app), *signing_in, *imports, *records, *measured_telephony(measured, server, "bench")], target)


@portal.group("keys")
def secret_keys() -> None:
    """Look after the secret keys."""


@secret_keys.command()
def rotate() -> None:
    """Encrypts all that is stored under an older key anew, with the first one of PORTAL_SECRET_KEY.

    Begin with every process knowing both keys: new,old. Safe to run while the portal serves, to interrupt, and to run again.
    """
    settings = from_environment()
    start.prepare(settings)
    db.install(db.open_database(settings, role=db.OWNER))
    lost = []
    for column in keys.sealed_columns():
        renewed = keys.rotate(column)
        click.echo(f"{column}: {renewed.seen} rows, {renewed.changed} of them encrypted anew")
        lost += [f"{column} of {row}" for row in renewed.lost]
    if lost:
        shown = ", ".join(lost[:SHOWN_LOST]) + (f" and {len(lost) - SHOWN_LOST} more" if len(lost) > SHOWN_LOST else "")
        raise click.ClickException(f"No key in PORTAL_SECRET_KEY opens {shown}. Add the key that does, and run this again.")
    older = "Older keys can be dropped from PORTAL_SECRET_KEY." if len(settings.secret_keys) > 1 else "There is no older key."
    click.echo(f"All is encrypted with the newest key. {older}")


portal.add_command(accounts.setup)
portal.add_command(audit.audit)
portal.add_command(branding.theme)
portal.add_command(calls.calls)
portal.add_command(contacts.mail)
portal.add_command(switch.kamailio)


def main() -> None:
    logs.install()
    try:
        portal()
    except (SettingsError, postgres.ServerTrouble) as error:
        click.echo(str(error), err=True)
        raise SystemExit(2) from error

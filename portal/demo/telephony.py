"""Real calls in the demo: a Kamailio on this machine, and SIP passwords that are known."""

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from portal.core import db, postgres, secrets
from portal.core.tenancy import Scope
from portal.demo import phones, world
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Status, Subscriber
from portal.features.switch.rules import Config, render
from portal.gateways.kamailio import Kamailio, SwitchTrouble
from portal.settings import Settings

ROLE = "kamailio"
LOOPBACK = "127.0.0.1"
PATH = os.pathsep.join((os.defpath, "/usr/sbin", "/usr/local/sbin"))
RPC_PORT = 8590
PATIENCE_SECONDS = 20.0
DOMAIN = world.CLARE.domain
PHONES = ("alice", "bob", "carol")


class NoKamailio(Exception):  # noqa: N818  the sentence it carries is for whoever started the demo
    """The demo cannot make calls; one sentence says why."""


def know_passwords() -> None:
    """Some phones sign in with the password of the demo: nobody has to make new ones first. Those that are made up leave."""
    phones.leave()
    theirs = (
        select(Subscriber, SipDomain.domain)
        .join(SipDomain, SipDomain.id == Subscriber.domain_id)
        .where(Subscriber.username.in_(PHONES), SipDomain.domain == DOMAIN, Subscriber.status == Status.ACTIVE)
    )
    with db.unit_of_work(Scope.platform()) as session:
        for line, domain in session.execute(theirs):
            line.ha1_md5, line.ha1_sha256 = secrets.ha1(line.username, domain, world.PASSWORD)


def rpc_url(port: int = RPC_PORT) -> str:
    return f"http://{LOOPBACK}:{port}/RPC"


@contextmanager
def carried(settings: Settings, database: str, *, sip_port: int, rpc_port: int = RPC_PORT) -> Iterator[None]:
    """While this holds, Kamailio carries the calls of the portal's own database. Raises NoKamailio."""
    program = shutil.which("kamailio", path=PATH)
    if program is None:
        raise NoKamailio("Kamailio is missing: `make system-deps` installs it.")
    server = postgres.ensure(settings.data_dir / "postgres")
    postgres.ensure_login(server, ROLE)
    folder = settings.data_dir / "kamailio"
    folder.mkdir(mode=0o700, exist_ok=True)
    config = Config(
        database_url=f"postgres://{ROLE}:{server.password(ROLE)}@/{database}",
        listen=(f"udp:{LOOPBACK}:{sip_port}", f"tcp:{LOOPBACK}:{sip_port}"),
        rpc=f"{LOOPBACK}:{rpc_port}",
        run_dir=str(folder),
        processes=2,
    )
    file = folder / "kamailio.cfg"
    file.touch(mode=0o600)
    file.write_text(render(config))
    own = {"PATH": PATH, "TZ": "UTC", "PGHOST": str(server.socket_dir), "PGPORT": str(server.port)}
    with (folder / "log").open("wb") as log:
        command = [program, "-f", str(file), "-P", str(folder / "pid"), "-Y", str(folder), "-w", str(folder), "-DD", "-E"]
        process = subprocess.Popen(command, env=own, stdout=log, stderr=log)  # noqa: S603 - our own command
    try:
        _wait(process, rpc_url(rpc_port))
        yield
    finally:
        process.terminate()
        process.wait()


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    give_up = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < give_up:
        try:
            Kamailio(url).uptime()
        except SwitchTrouble:
            time.sleep(0.1)
        else:
            return
    raise NoKamailio("Kamailio did not start; its log in the data folder, kamailio/log, says why. Does another one run here?")


def how_to_call(sip_port: int) -> str:
    """What a soft phone has to be told."""
    rows = (
        ("account", f"{PHONES[0]}@{DOMAIN}  ({', '.join(PHONES[1:])} likewise: extensions 101, 102, 103)"),
        ("password", world.PASSWORD),
        ("outgoing proxy", f"sip:{LOOPBACK}:{sip_port}"),
    )
    told = "\n".join(f"  {name:<16}{value}" for name, value in rows)
    return f"Phones on this machine sign in with\n\n{told}\n\nand call 101, 102, 103, the groups 600 to 602, or *0 to *9.\n"

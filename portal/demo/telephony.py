"""Real calls in the demo: a Kamailio on this machine, and SIP passwords that are known."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import select

from portal.core import db, postgres, secrets
from portal.core.tenancy import Scope
from portal.demo import phones, world
from portal.features.resellers.models import SipDomain
from portal.features.subscribers.models import Status, Subscriber
from portal.features.switch.rules import Config, render
from portal.gateways.kamailio_process import NoKamailio as NoKamailio, running
from portal.settings import Settings

ROLE = "kamailio"
LOOPBACK = "127.0.0.1"
RPC_PORT = 8590
DOMAIN = world.CLARE.domain
PHONES = ("alice", "bob", "carol")


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
    server = postgres.ensure(settings.data_dir / "postgres")
    postgres.ensure_login(server, ROLE)
    folder = settings.data_dir / "kamailio"
    config = Config(
        database_url=f"postgres://{ROLE}:{server.password(ROLE)}@/{database}",
        listen=(f"udp:{LOOPBACK}:{sip_port}", f"tcp:{LOOPBACK}:{sip_port}"),
        rpc=f"{LOOPBACK}:{rpc_port}",
        run_dir=str(folder),
        processes=2,
    )
    with running(render(config), folder, rpc_url=rpc_url(rpc_port), server=server):
        yield


def how_to_call(sip_port: int) -> str:
    """What a soft phone has to be told."""
    rows = (
        ("account", f"{PHONES[0]}@{DOMAIN}  ({', '.join(PHONES[1:])} likewise: extensions 101, 102, 103)"),
        ("password", world.PASSWORD),
        ("outgoing proxy", f"sip:{LOOPBACK}:{sip_port}"),
    )
    told = "\n".join(f"  {name:<16}{value}" for name, value in rows)
    return f"Phones on this machine sign in with\n\n{told}\n\nand call 101, 102, 103, the groups 600 to 602, or *0 to *9.\n"

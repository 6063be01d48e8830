"""`portal kamailio …`: the switch, from the command line."""

import click
from sqlalchemy import make_url

from portal.core import postgres
from portal.features.switch import operations
from portal.features.switch.rules import BadSetting, Config, render
from portal.gateways.kamailio import Kamailio, What
from portal.settings import SettingsError, from_environment

ROLE = "kamailio"


@click.group()
def kamailio() -> None:
    """Look after Kamailio, the SIP server that carries the calls."""


@kamailio.command()
@click.option(
    "--listen", multiple=True, metavar="udp:ADDRESS:PORT", help="Where phones find it; udp, tcp or tls, for each address."
)
@click.option("--certificate", default="", metavar="FILE", help="PEM, with the chain, for addresses with tls.")
@click.option("--key", default="", metavar="FILE", help="PEM, of the certificate.")
@click.option("--rpc", default=Config.rpc, show_default=True, metavar="ADDRESS:PORT", help="Where the portal finds it.")
@click.option("--database-url", metavar="postgres://…", help="Of the role kamailio; the portal’s own database when left out.")
@click.option("--log-level", default=Config.log_level, show_default=True, help="-1 errors, 0 warnings, 1 notices, 2 more, 3 all.")
@click.option("--log-facility", default=Config.log_facility, show_default=True, help="Of syslog.")
@click.option("--records-facility", default=Config.cdr_facility, show_default=True, help="Of syslog, for the records of calls.")
@click.option("--run-dir", default=Config.run_dir, show_default=True, help="A folder for its sockets.")
@click.option("--modules", default=Config.modules, show_default=True, help="The folder of its modules.")
@click.option("--processes", default=Config.processes, show_default=True, help="For each address.")
def config(
    *, listen: tuple[str, ...], certificate: str, key: str, rpc: str, database_url: str | None, log_level: int, log_facility: str,
    records_facility: str, run_dir: str, modules: str, processes: int,
) -> None:  # fmt: skip
    """Prints Kamailio’s configuration (5.6 or newer). It has to run with TZ=UTC in its environment."""
    try:
        made = Config(
            database_url=database_url or _own_database(),
            listen=listen or Config.listen,
            rpc=rpc,
            log_level=log_level,
            log_facility=log_facility,
            cdr_facility=records_facility,
            run_dir=run_dir,
            modules=modules,
            processes=processes,
            certificate=certificate,
            key=key,
        )
    except BadSetting as trouble:
        raise click.ClickException(str(trouble)) from trouble
    click.echo(render(made), nl=False)


def _own_database() -> str:
    settings = from_environment()
    if settings.database_url is not None:
        raise click.ClickException("Say with --database-url how Kamailio’s own role reaches the database.")
    server = postgres.ensure(settings.data_dir / "postgres")
    postgres.ensure_login(server, ROLE)
    return of_libpq(server.url("portal", ROLE))


def of_libpq(address: str) -> str:
    """Kamailio’s way to write an address; one without a host is looked for where PGHOST says."""
    url = make_url(address)
    host = "" if not url.host else f"{url.host}:{url.port or 5432}"
    return f"postgres://{url.username}:{url.password}@{host}/{url.database}"


@kamailio.command("reload")
@click.argument("what", nargs=-1, type=click.Choice([one.value for one in What]))
def reload_nodes(what: tuple[str, ...]) -> None:
    """Has each Kamailio read its SIP domains and peers anew, now.

    After a change in the portal the worker does it; this is for whoever has changed the database by hand. Needs no worker.
    """
    urls = from_environment().kamailio_rpc_urls
    if not urls:
        raise SettingsError("PORTAL_KAMAILIO_RPC_URL names no Kamailio to tell.")
    wanted = [What(one) for one in dict.fromkeys(what)] or list(What)
    troubles = [_tell(Kamailio(url), wanted) for url in urls]
    if any(troubles):
        raise click.exceptions.Exit(1)


def _tell(node: Kamailio, wanted: list[What]) -> bool:
    """True when something is in the way."""
    trouble = operations.tell(node, wanted)
    said = trouble or f"{', '.join(wanted)} read anew"
    click.echo(f"{node.name}: {said}", err=trouble is not None)
    return trouble is not None

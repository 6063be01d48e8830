"""`portal calls recover`: reads Kamailio's log."""

from typing import BinaryIO

import click

from portal.core import db, secrets
from portal.core.identity import Identity
from portal.features.calls import operations
from portal.features.calls.cli.importing import SOME_SET_ASIDE, calls
from portal.settings import from_environment

BY = Identity.system("portal calls recover")


@calls.command("recover")
@click.argument("file", type=click.File("rb"))
def recover_calls(file: BinaryIO) -> None:
    """Takes the ended calls that stand in FILE, a log of Kamailio ("-": what is piped in), and are missing here.

    To be used after the database was away. Reading a log again changes nothing. Ends with 1 when lines were set aside.
    """
    if not db.is_installed():
        settings = from_environment()
        secrets.install(settings.secret_keys)
        db.install(db.open_database(settings, role=db.WORKER))
    name = str(getattr(file, "name", "standard input"))
    done = operations.recover(operations.numbered(file), name=name, by=BY)
    click.echo(
        f"{done.calls:,} ended calls: {done.missing:,} taken ({done.records:,} records), "
        f"{done.known:,} known before or of nobody here, {done.set_aside:,} set aside.",
    )
    if done.set_aside:
        raise SystemExit(SOME_SET_ASIDE)

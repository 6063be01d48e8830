"""`portal mail …`: what mail servers tell the portal."""

from typing import BinaryIO

import click

from portal.core import db
from portal.core.tenancy import Scope
from portal.mail import bounces
from portal.mail.bounces import Noted
from portal.settings import from_environment

TRY_AGAIN = 75  # what sendmail and its heirs take for “keep it and come back”
SENTENCES = {
    Noted.BOUNCED: "The mail is marked as returned.",
    Noted.ALREADY: "The mail was marked as not delivered before.",
    Noted.UNKNOWN: "This portal has sent no such mail.",
}


@click.group()
def mail() -> None:
    """Look after mails."""


@mail.command()
@click.argument("report", type=click.File("rb"), default="-")
def bounced(report: BinaryIO) -> None:
    """Reads a mail server's REPORT of what it could not deliver (RFC 3464; standard input) and marks that mail as returned."""
    found = bounces.read(report.read(bounces.LARGEST))
    while report.read(1 << 16):
        pass  # a mail server that is not heard out would send it again
    if found is None:
        click.echo("This is no report of a mail that was given up.")
        return
    db.install(db.open_database(from_environment(), role=db.WORKER))
    try:
        with db.unit_of_work(Scope.platform()):
            noted = bounces.note(found)
    except db.Unavailable as error:
        click.echo("The database cannot be reached now.", err=True)
        raise SystemExit(TRY_AGAIN) from error
    click.echo(SENTENCES[noted])

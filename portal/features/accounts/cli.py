"""`portal setup`: the first operator, before anybody can sign in."""

import click

from portal.core import db, secrets
from portal.core.errors import Refused
from portal.core.identity import Identity
from portal.core.permissions import Role
from portal.core.tenancy import Scope
from portal.features.accounts import operations
from portal.features.resellers import operations as resellers
from portal.settings import from_environment


@click.command()
@click.option("--name", required=True, help="The platform's own brand, as people know it.")
@click.option("--host", required=True, help="Where its portal answers, for example portal.example.com.")
@click.option("--domain", required=True, help="Its SIP domain, for example sip.example.com.")
@click.option("--admin", required=True, help="E-mail address of the first operator; also the sign-in name.")
@click.option("--theme", default="neutral", show_default=True, help="A folder of themes/.")
@click.option("--languages", default="en,de", show_default=True, help="The default first.")
@click.option("--time-zone", default="Europe/Berlin", show_default=True)
@click.option("--country-code", default="49", show_default=True)
@click.option("--area-code", default="30", show_default=True)
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
def setup(
    *,
    name: str,
    host: str,
    domain: str,
    admin: str,
    theme: str,
    languages: str,
    time_zone: str,
    country_code: str,
    area_code: str,
    password: str,
) -> None:
    """Makes the platform's own reseller, its host and its first operator, who chooses a new password at the first sign-in."""
    settings = from_environment()
    secrets.install(settings.secret_keys)
    db.install(db.open_database(settings))
    by = Identity.system("setup")
    spoken = languages.split(",")
    try:
        with db.unit_of_work(Scope.platform()):
            own = resellers.create_reseller(by=by, name=name, theme=theme, languages=spoken, time_zone=time_zone, operator=True)
            sip = resellers.add_domain(
                by=by, reseller=own, domain=domain, languages=spoken, time_zone=time_zone, cc=country_code, ac=area_code,
            )
            resellers.add_host(by=by, reseller=own, host=host, domain=sip)
            account = operations.open_staff_account(by=by, reseller_id=own.id, role=Role.OPERATOR, email=admin, name=admin)
            operations.set_password(by=by, account=account, password=password)
    except Refused as refusal:
        raise click.ClickException(refusal.sentence()) from refusal
    click.echo(f"{admin} signs in at https://{host}/login.")

"""What a process of the portal, web or worker, needs to know before its first work."""

from portal.core import i18n, links, secrets
from portal.features.accounts.queries.speakers import speakers
from portal.features.branding import mails as branding
from portal.features.callhandling import queries as callhandling
from portal.features.callhandling.operations import begin_lines
from portal.features.contacts.queries import install_uses
from portal.features.customers.operations import install_acts
from portal.features.customers.operations.domains import leave_domain
from portal.features.customers.queries import install_above
from portal.features.pbx.operations.of_customer import ACTS
from portal.features.pbx.queries.exchange import GROUPS
from portal.features.pbx.queries.of_customer import ABOVE
from portal.features.resellers import operations as resellers
from portal.features.resellers.queries import Users, install_users
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.queries.contacts import USES
from portal.features.subscribers.queries.domains import lines_in_domains
from portal.settings import Settings


def prepare(settings: Settings) -> None:
    i18n.install(settings.translations_dir)
    secrets.install(settings.secret_keys)
    links.install(links.Origin("http" if settings.development else "https", settings.public_port))
    branding.install(settings.themes_dir)
    callhandling.install_groups(GROUPS)
    install_uses(USES)
    install_above(ABOVE)
    install_acts(ACTS)
    install_users(Users(lines=lines_in_domains, speakers=speakers))
    resellers.install_let_go(leave_domain)
    subscribers.install_beginnings(begin_lines)

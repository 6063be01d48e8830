"""What a process of the portal, web or worker, needs to know before its first work."""

from portal.core import i18n, links, secrets
from portal.features.branding import mails as branding
from portal.features.callhandling import queries as callhandling
from portal.features.pbx.queries.exchange import GROUPS
from portal.settings import Settings


def prepare(settings: Settings) -> None:
    i18n.install(settings.translations_dir)
    secrets.install(settings.secret_keys)
    links.install(links.Origin("http" if settings.development else "https", settings.public_port))
    branding.install(settings.themes_dir)
    callhandling.install_groups(GROUPS)

"""The language of a request: explicit choice, then the account's, then the browser's best among those offered here, then the default."""

from flask import Flask, g, request, session as visit
from flask_babel import Babel, Domain

from portal.core import i18n
from portal.core.tenancy import Tenant
from portal.web.session import me_or_nobody


class SourceCatalogues(Domain):
    """The catalogues that `core.i18n` read from their source form."""

    def get_translations(self) -> object:
        return i18n.catalogue(i18n.current())


def choose(tenant: Tenant) -> str:
    who = me_or_nobody()
    for wish in (visit.get("language"), who.language if who else None):
        if wish in tenant.languages:
            return str(wish)
    return i18n.best([language for language, _quality in request.accept_languages], tenant.languages) or tenant.languages[0]


def time_zone_name() -> str:
    who = me_or_nobody()
    if who is not None and who.time_zone:
        return who.time_zone
    return g.tenant.time_zone if g.get("tenant") else "UTC"


def install(app: Flask) -> None:
    Babel(app, locale_selector=lambda: i18n.current().replace("-", "_"), timezone_selector=time_zone_name)
    app.extensions["babel"].domain_instance = SourceCatalogues()

    @app.before_request
    def speak() -> None:
        if g.get("tenant") is not None:
            i18n.set_current(choose(g.tenant))
        else:
            i18n.set_current(i18n.best([language for language, _quality in request.accept_languages], tuple(sorted(i18n.available()))) or "en")

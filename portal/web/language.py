"""The language of a request: explicit choice, the account's, the browser's best among those offered here, the default."""

from flask import Flask, g, request, session as visit
from flask_babel import Babel, Domain

from portal.core import i18n
from portal.core.tenancy import Tenant
from portal.web.session import me_or_nobody


class SourceCatalogues(Domain):
    """The catalogues that `core.i18n` read from their source form."""

    def get_translations(self) -> object:
        return i18n.catalogue(i18n.current())


class Speech(Babel):
    @property
    def domain_instance(self) -> Domain:
        return SourceCatalogues()


def choose(tenant: Tenant) -> str:
    who = me_or_nobody()
    for wish in (visit.get("language"), who.language if who else None):
        if wish in tenant.languages:
            return str(wish)
    return _browsers(tenant.languages) or tenant.languages[0]


def _browsers(offered: tuple[str, ...]) -> str | None:
    return i18n.best([language for language, quality in request.accept_languages if quality > 0], offered)


def ensure() -> None:
    """For an answer that is given before it is known who asks: as the browser wishes, never as the one before wished."""
    if "spoken" not in g:
        offered = g.tenant.languages if g.get("tenant") else tuple(sorted(i18n.available()))
        i18n.set_current(_browsers(offered) or (offered[0] if g.get("tenant") else i18n.SOURCE_LANGUAGE))


def time_zone_name() -> str:
    who = me_or_nobody()
    if who is not None and who.time_zone:
        return who.time_zone
    return g.tenant.time_zone if g.get("tenant") else "UTC"


def install(app: Flask) -> None:
    Speech(app, locale_selector=lambda: i18n.current().replace("-", "_"), timezone_selector=time_zone_name)

    @app.before_request
    def speak() -> None:
        if g.get("tenant") is None:
            ensure()
        else:
            i18n.set_current(choose(g.tenant))
        g.spoken = True

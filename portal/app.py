"""The factory: the only place that knows every feature."""

import threading
from datetime import timedelta
from functools import partial

from flask import Flask
from flask_compress import Compress
from werkzeug.routing import BaseConverter

from portal import settings as environment, start
from portal.core import db, ids, logs
from portal.core.identity import Identity
from portal.features.accounts import operations as accounts_operations, queries as accounts_queries, views as accounts
from portal.features.audit import views as audit
from portal.features.branding import queries as branding_queries, views as branding
from portal.features.callhandling import views as callhandling
from portal.features.calls import views as calls
from portal.features.contacts import views as contacts
from portal.features.customers import views as customers
from portal.features.dashboard import queries as dashboard_queries, views as dashboard
from portal.features.numbers import views as numbers
from portal.features.pbx import views as pbx
from portal.features.peering import views as peering
from portal.features.phonebook import views as phonebook
from portal.features.platform import views as platform
from portal.features.resellers import operations as resellers_operations, queries as resellers_queries, views as resellers
from portal.features.subscribers import (
    operations as subscribers_operations,
    queries as subscribers_queries,
    views as subscribers,
)
from portal.features.subscribers.models import Subscriber
from portal.gateways import oidc
from portal.gateways.guarded import Guarded
from portal.settings import Settings
from portal.web import access, assets, errors, gallery, language, nav, security, session, shell, templating, tenant, unit, uploads

LARGEST_REQUEST = 2 * 1024 * 1024
FEATURES = (
    accounts,
    audit,
    branding,
    callhandling,
    calls,
    contacts,
    customers,
    dashboard,
    numbers,
    pbx,
    peering,
    phonebook,
    platform,
    resellers,
    subscribers,
)


class PublicIdConverter(BaseConverter):
    regex = ids.PATTERN.pattern
    part_isolating = True


def create_app(settings: Settings | None = None, database: db.Database | None = None, *, listen: bool = True) -> Flask:
    """The portal's web side. Without arguments everything comes from the environment.

    `listen`: hear from the database when a tenant changes.
    """
    settings = settings or environment.from_environment()
    logs.install()
    start.prepare(settings)
    db.install(database or db.open_database(settings))
    app = Flask("portal", static_folder=None, template_folder="web/templates")
    _configure(app, settings)
    _shell(app, settings)
    for feature in FEATURES:
        for blueprint in getattr(feature, "BLUEPRINTS", (feature.bp,)):
            app.register_blueprint(blueprint)
    unit.install(app)
    access.seal(app)
    if listen:
        tenant.listen(app.extensions["tenants"], db.database(), threading.Event())
    return app


def _configure(app: Flask, settings: Settings) -> None:
    prefix = "__Host-" if settings.secure_cookies else ""
    app.config.update(
        SECRET_KEY=settings.secret_keys[0],
        SECRET_KEY_FALLBACKS=list(settings.secret_keys[1:]),
        SECRET_KEYS=settings.secret_keys,
        SESSION_COOKIE_NAME=f"{prefix}visit",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_HOURS=settings.session_hours,
        SESSION_IDLE=timedelta(minutes=settings.session_idle_minutes),
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        WTF_CSRF_TIME_LIMIT=None,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_MIMETYPES=["text/html"],
        COMPRESS_STREAMS=False,
        DEVELOPMENT=settings.development,
    )
    app.url_map.converters["public_id"] = PublicIdConverter
    app.url_map.strict_slashes = True


def _shell(app: Flask, settings: Settings) -> None:
    """The order is the order of what happens to a request."""
    themes = branding_queries.themes(settings.themes_dir)
    brands = branding.Brands(themes, settings.themes_dir)
    assets.install(app, watch=settings.development).ask(brands.find)
    app.extensions["brands"] = brands
    cache = tenant.TenantCache(resellers_queries.tenant_by_host)
    tenant.install(app, cache, settings.trusted_proxies)
    app.extensions["tenants"] = cache
    idle = timedelta(minutes=settings.session_idle_minutes)
    session.install(app, partial(accounts_queries.signed_in, idle=idle), partial(accounts_queries.half_signed_in, idle=idle))
    language.install(app)
    templating.install(app, brands.of)
    uploads.install(app)
    security.install(app)
    shell.install(app, _keep_preference)
    app.extensions["nav"] = nav.Nav(_card)
    app.extensions["nav"].add(*(place for feature in FEATURES for place in feature.PLACES))
    app.extensions["dns"] = resellers_operations.Watch.of(settings)
    app.extensions["oidc"] = oidc.Client(Guarded(loopback=settings.development))
    branding.install(app, settings.themes_dir, _samples())
    numbers.install_lines(Subscriber)
    accounts.install(app, dashboard_queries.own_line, subscribers_operations.follow_account)
    platform.install(app, settings)
    errors.install(app)
    Compress(app)
    if settings.development:
        gallery.install(app, themes)
        contacts.install_mailbox(app, sends=settings.smtp_url is not None)


def _samples() -> branding.Samples:
    return branding.Samples(
        login=accounts.samples.sign_in,
        dashboard=dashboard.samples.dashboard,
        list=pbx.samples.extensions,
        mail=accounts.samples.invitation,
    )


def _keep_preference(who: Identity, name: str, value: str | None) -> None:
    accounts_operations.keep_preference(by=who, name=name, value=value)


def _card(who: Identity) -> nav.Card | None:
    card = subscribers_queries.card(who)
    return nav.Card(card.name, card.number) if card else None

"""How the platform is, and what can be done about it at once."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from babel.units import format_unit
from flask import Flask, current_app, request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response

from portal.core import clock, i18n
from portal.core.permissions import P
from portal.features.contacts.rules import trouble_words
from portal.features.platform import operations, queries
from portal.features.platform.forms import PlainForm
from portal.features.platform.queries import DatabaseState, HostState, Worker
from portal.features.platform.rules import health as rules, switching
from portal.features.platform.rules.health import Beats, Finding, MailState, Mark, Queue
from portal.features.platform.views.door import bp
from portal.features.switch import queries as switch
from portal.features.switch.rules.nodes import Node
from portal.gateways.kamailio import Kamailio
from portal.gateways.smtp import MailServerOutgoing, NotNow
from portal.settings import Settings, mail_server
from portal.web.access import requires
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

PAGE = "platform.health"
GIGABYTE = 1024**3
PATIENCE_SECONDS = 5.0  # of somebody who looks at the page


def install(app: Flask, settings: Settings) -> None:
    """What this process was told about the world outside."""
    app.extensions["plant"] = settings


@bp.get("/health")
@within(PAGE)
@requires(P.HEALTH_VIEW)
def health() -> Response:
    return _page()


@bp.post("/health/mail")
@within(PAGE)
@requires(P.HEALTH_VIEW, looks=True)
def check_mail() -> Response:
    """Asks the mail server whether it would take a mail; none is sent."""
    settings: Settings = current_app.extensions["plant"]
    if not settings.smtp_url or not PlainForm().validate_on_submit():
        return _page()
    try:
        MailServerOutgoing(mail_server(settings.smtp_url), patience_seconds=PATIENCE_SECONDS).check(tenant().host)
    except NotNow as trouble:
        return _page(mail_check=(Mark.BAD, trouble_words(str(trouble))))
    return _page(mail_check=(Mark.GOOD, _("The mail server answers and lets the portal in.")))


@bp.post("/health/queues")
@within(PAGE)
@requires(P.HEALTH_VIEW, in_person=True)
def retry() -> Response:
    kind, form = request.form.get("kind", "")[:100], PlainForm()
    if kind in {one.kind for one in queries.queues()} and form.validate_on_submit():
        number = operations.retry_jobs(by=me(), kind=kind)
        return done(ngettext("%(num)s is tried again now.", "%(num)s are tried again now.", number), ".health", _anchor="queues")
    return _page()


def _page(**more: Any) -> Response:
    settings: Settings = current_app.extensions["plant"]
    seen = _seen(settings)
    found = _found(seen, demo=settings.development)
    return render(
        "platform/health.html",
        findings={one.what: one for one in found},
        worst=rules.worst(found),
        open=sum(one.mark is not Mark.GOOD for one in found),
        database=seen.database,
        workers=seen.workers,
        queues=seen.queues,
        kind_words=rules.kind_words,
        mails=seen.mails,
        hosts=seen.hosts,
        nodes=[(one, switching.node(one, clock.now()), switching.words_of(one)) for one in seen.nodes],
        free=_size(seen.free),
        total=_size(seen.total),
        database_size=_size(seen.database.size),
        **more,
    )


@dataclass(frozen=True)
class Seen:
    """`free` and `total`: bytes of the disk with the data folder."""

    database: DatabaseState
    workers: Sequence[Worker]
    queues: Sequence[Queue]
    mails: MailState
    hosts: HostState
    nodes: Sequence[Node]
    free: int
    total: int


def _seen(settings: Settings) -> Seen:
    room = shutil.disk_usage(_there(settings.data_dir))
    mails = queries.mails(server=settings.smtp_url is not None, keeps=settings.development)
    nodes = switch.nodes([Kamailio(url).name for url in settings.kamailio_rpc_urls])
    return Seen(queries.database(), queries.workers(), queries.queues(), mails, queries.hosts(), nodes, room.free, room.total)


def _found(seen: Seen, *, demo: bool) -> list[Finding]:
    beats = Beats(sum(one.alive for one in seen.workers), seen.workers[0].seen_at if seen.workers else None)
    hosts = seen.hosts
    return [
        rules.database(recovering=seen.database.recovering),
        rules.schema(seen.database.tables, queries.head()),
        rules.worker(beats),
        rules.queues(seen.queues, clock.now()),
        switching.switch([switching.node(one, clock.now()) for one in seen.nodes], demo=demo),
        rules.mail(seen.mails),
        rules.hosts(proved=hosts.proved, unproved=hosts.unproved, troubled=hosts.troubled),
        rules.catalogues(complete=sorted(i18n.available()), incomplete=_incomplete()),
        rules.disk(free=seen.free, total=seen.total),
    ]


def _there(folder: Path) -> Path:
    """The folder, or as long as nothing has been put there, the one that it will be made in."""
    return next(one for one in (folder, *folder.parents) if one.exists())


def _incomplete() -> list[str]:
    """Languages that are there, and not whole."""
    return sorted(i18n.shipped() - i18n.available())


def _size(size: int) -> str:
    unit, amount = ("gigabyte", size / GIGABYTE) if size >= GIGABYTE else ("megabyte", size / 1024**2)
    return str(format_unit(round(amount, 1), f"digital-{unit}", "short", locale=i18n.babel_name(i18n.current())))

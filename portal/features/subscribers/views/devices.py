"""Telephones that are signed in: at the own line or, for whoever runs a company, at each of its lines."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.subscribers import operations, queries
from portal.features.subscribers.forms import PlainForm
from portal.features.subscribers.models import Kind, Registration, Subscriber
from portal.features.subscribers.queries import DeviceFilters
from portal.features.subscribers.rules import telephone
from portal.features.subscribers.views.door import bp
from portal.web.access import requires
from portal.web.leafing import read_leafing
from portal.web.nav import within
from portal.web.session import customer_id, me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LIST = "subscribers.devices"


@bp.get("/devices")
@within(LIST)
@requires(P.DEVICES_VIEW)
def devices() -> AnyResponse:
    return _of_company() if me().can(P.DEVICES_COMPANY) else _of_line()


def _of_line() -> AnyResponse:
    line = queries.own_line(me().subscriber_id or 0)
    return render(
        "subscribers/devices_of_line.html",
        access=line,
        devices=queries.devices_of(line.line.id),
        gone=queries.gone_of(line.line.id),
    )


def _of_company() -> AnyResponse:
    asked = read_leafing(LIST, filters={"person": None}, sorts=tuple(queries.DEVICE_SORTS))
    person = asked.values.get("person")
    filters, home = DeviceFilters(asked.words, PublicId(person) if person else None), tenant().home
    order: dict[str, Any] = {"sort": asked.sort, "descending": asked.descending}
    page = queries.device_page(customer_id(), filters, home, size=asked.size, place=asked.place, **order)
    near: dict[str, Any] = asked.neighbours(page)
    return render(
        "subscribers/devices.html",
        asked=asked,
        filters=filters,
        page=page,
        counted=queries.device_count(customer_id(), filters, home),
        people=queries.company_phones(customer_id()),
        access=queries.own_line(me().subscriber_id or 0),
        **near,
    )


@bp.route("/devices/<public_id:device_id>/remove", methods=["GET", "POST"])
@within(LIST)
@requires(P.DEVICES_EDIT)
def remove_device(device_id: PublicId) -> AnyResponse:
    registration, line = queries.device(device_id)
    _check_own(line)
    return removed(registration, line, LIST, {}, url_here="subscribers.remove_device", here={"device_id": device_id})


def removed(
    registration: Registration, line: Subscriber, back: str, values: dict[str, Any], *, url_here: str, here: dict[str, Any]
) -> AnyResponse:
    """Asks first, then signs it off. `back` is the endpoint of the page that people came from."""
    name, form = str(telephone(registration.user_agent)), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.sign_off(by=me(), line=line, registration=registration)
            return done(_("%(phone)s of %(name)s is signed off.", phone=name, name=line.display_name), back, **values)
    return render(
        "subscribers/device_remove.html",
        form=form,
        line=line,
        phone=name,
        back=(back, values),
        action=(url_here, here),
    )


@bp.post("/devices/mail")
@within(LIST)
@requires(P.DEVICES_EDIT)
def own_device_mail() -> AnyResponse:
    """Whether a mail tells of new phones at the own line."""
    return _switched(queries.own_line(me().subscriber_id or 0).line, LIST)


@bp.post("/devices/mail/<public_id:line_id>")
@within(LIST)
@requires(P.DEVICES_EDIT)
def device_mail(line_id: PublicId) -> AnyResponse:
    """The same of any line of the company."""
    line = queries.line(line_id)
    _check_own(line)
    if line.kind != Kind.EXTENSION:
        return _switched(line, LIST)
    return _switched(line, "pbx.show", extension_id=line_id, _anchor="devices")


def _switched(line: Subscriber, back: str, **values: Any) -> AnyResponse:
    form, on = PlainForm(), bool(request.form.get("on"))
    if form.validate_on_submit():
        operations.switch_device_mail(by=me(), line=line, on=on)
    told = _("%(name)s is told by mail of phones that were not seen before.", name=line.display_name)
    untold = _("%(name)s is not told of new phones any more.", name=line.display_name)
    return done(told if on else untold, back, **values)


def _check_own(line: Subscriber) -> None:
    if line.id != me().subscriber_id and not (me().can(P.DEVICES_COMPANY) and line.customer_id == me().customer_id):
        raise NotFound

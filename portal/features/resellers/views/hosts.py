"""Web hosts: adding one, proving whose it is, its page, removing it."""

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PATTERN, PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.resellers import operations, queries, rules
from portal.features.resellers.forms import HostForm, NewHostForm, PlainForm
from portal.features.resellers.queries import HostSheet
from portal.features.resellers.rules import Sight
from portal.features.resellers.views.door import bp, history, own_reseller, watch, words
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

MOST_OFFERED = 500


@bp.route("/hosts/new", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def add_host() -> AnyResponse:
    reseller, wanted = own_reseller(), request.args.get("domain", "")
    own = queries.domains_of(reseller.id, most=MOST_OFFERED)
    form = NewHostForm().offer(own, PublicId(wanted) if PATTERN.fullmatch(wanted) else None)
    if form.validate_on_submit():
        with form.refusals():
            added = operations.add_host(
                by=me(), reseller=reseller, host=form.host.data, domain=form.chosen, title=form.title.data
            )
            name = rules.readable(added.host)
            text = _("%(name)s answers from now on.", name=name) if added.proved_at else _("%(name)s is there.", name=name)
            return done(text, ".host", host_id=added.public_id)
    return render("resellers/host_new.html", form=form, **words())


@bp.get("/hosts/<public_id:host_id>")
@within("resellers.domains")
@requires(P.DOMAINS_VIEW)
def host(host_id: PublicId) -> Response:
    return page(queries.host_sheet(host_id))


@bp.get("/hosts/<public_id:host_id>/dns")
@within("resellers.domains")
@requires(P.DOMAINS_VIEW)
def host_dns(host_id: PublicId) -> Response:
    """The same page with what the DNS says at this moment."""
    sheet = queries.host_sheet(host_id)
    return page(sheet, sight=watch().at_host(sheet.host))


@bp.post("/hosts/<public_id:host_id>/check")
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def check_host(host_id: PublicId) -> AnyResponse:
    """Looks now, and with the record there the host is proved."""
    sheet, form = queries.host_sheet(host_id), PlainForm()
    sight = watch().at_host(sheet.host)
    if form.validate_on_submit():
        with form.refusals():
            found = operations.keep_host_sight(by=me(), host=sheet.host, sight=sight)
            if found.proved:
                text = _("It is proved that %(name)s is yours. It answers from now on.", name=rules.readable(sheet.host.host))
                return done(text, ".host", host_id=host_id)
    return page(queries.host_sheet(host_id), sight=sight, checked=True, form=form)


def page(
    sheet: HostSheet,
    *,
    editing: str = "",
    form: Form | None = None,
    status: int | None = None,
    beside: bool = True,
    sight: Sight | None = None,
    checked: bool = False,
    **context: Any,
) -> Response:
    """`checked`: somebody has just asked whether its record is there."""
    return render(
        "resellers/host.html",
        status=status,
        form=form,
        sheet=sheet,
        editing=editing,
        sight=sight,
        checked=checked,
        proof_name=rules.proof_name(sheet.host.host),
        everybodys=me().can(P.RESELLERS_VIEW),
        **words(),
        **history(sheet.host.public_id, beside=beside),
        **context,
    )


@bp.route("/hosts/<public_id:host_id>/edit", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def edit_host(host_id: PublicId) -> AnyResponse:
    now = queries.host_sheet(host_id)
    form = HostForm().offer(queries.domains_of(now.reseller.id, most=MOST_OFFERED))

    def save(sheet: HostSheet, version: int) -> object:
        return operations.change_host(by=me(), host=sheet.host, version=version, domain=form.chosen, title=form.title.data)

    section = Section(
        read=lambda: queries.host_sheet(host_id),
        stored=lambda sheet: (form.stored(sheet), sheet.host.version),
        save=save,
        show=lambda sheet, **more: page(sheet, editing="host", form=form, beside=False, **more),
        last=lambda: last_change(host_id),
        done=lambda: done(_("Saved."), ".host", host_id=host_id, _anchor="host"),
    )
    return edit(form, now, section)


@bp.route("/hosts/<public_id:host_id>/remove", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT, in_person=True)
def remove_host(host_id: PublicId) -> AnyResponse:
    sheet, form = queries.host_sheet(host_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_host(by=me(), host=sheet.host)
            return done(_("%(name)s is removed.", name=rules.readable(sheet.host.host)), ".domains", _anchor="hosts")
    in_use = sheet.host.host == tenant().host
    return render("resellers/host_remove.html", form=form, sheet=sheet, in_use=in_use, goes=_goes(sheet), **words())


def _goes(sheet: HostSheet) -> list[str]:
    """What ends together with a host."""
    if sheet.host.proved_at is None:
        return [_("The claim, and the value of its record. A new claim has a new one.")]
    sentences = [_("Nobody reaches the portal at this address any more; whoever is signed in there is signed out.")]
    sentences.append(_("Links in mails that lead there stop working. New mails lead to another address of yours."))
    if not sheet.siblings:
        sentences.append(_("It is your last address: nobody of you can sign in until the platform adds another one."))
    return sentences

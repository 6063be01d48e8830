"""One SIP domain: adding it, its page, removing it."""

from typing import Any

from flask import Response, current_app
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n, zones
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.resellers import operations, queries, rules
from portal.features.resellers.forms import NewDomainForm, PlainForm
from portal.features.resellers.queries import DomainSheet
from portal.features.resellers.rules import Sight
from portal.features.resellers.views.door import bp, history, own_reseller, watch, words
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import done, render, say
from portal.web.tenant import tenant


@bp.route("/domains/new", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def add_domain() -> AnyResponse:
    reseller = own_reseller()
    form = NewDomainForm().offer(reseller, tenant().home)
    if form.validate_on_submit():
        with form.refusals():
            added = operations.add_domain(
                by=me(),
                reseller=reseller,
                domain=form.domain.data,
                languages=form.ordered,
                time_zone=form.time_zone.data,
                cc=form.cc.data,
                ac=form.ac.data or "",
                defaults=form.defaults,
                addresses=current_app.config["DEVELOPMENT"],
            )
            if rules.is_ip(added.domain):
                say(_("This domain is an IP address. That will do for trying things out only."), kind="bad")
            name = rules.readable(added.domain)
            return done(_("%(name)s is there.", name=name), ".domain", domain_id=added.public_id)
    return render("resellers/domain_new.html", form=form, reseller=reseller, **words())


@bp.get("/domains/<public_id:domain_id>")
@within("resellers.domains")
@requires(P.DOMAINS_VIEW)
def domain(domain_id: PublicId) -> Response:
    return page(queries.domain_sheet(domain_id))


@bp.get("/domains/<public_id:domain_id>/dns")
@within("resellers.domains")
@requires(P.DOMAINS_VIEW)
def domain_dns(domain_id: PublicId) -> Response:
    """The same page with what the DNS says at this moment."""
    sheet = queries.domain_sheet(domain_id)
    return page(sheet, sight=watch().at_domain(sheet.domain))


@bp.post("/domains/<public_id:domain_id>/check")
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def check_domain(domain_id: PublicId) -> Response:
    """Looks, and keeps for the list what was seen."""
    sheet, form = queries.domain_sheet(domain_id), PlainForm()
    sight = watch().at_domain(sheet.domain)
    if form.validate_on_submit():
        operations.keep_domain_sight(domain=sheet.domain, sight=sight)
    return page(queries.domain_sheet(domain_id), sight=sight)


def page(
    sheet: DomainSheet,
    *,
    editing: str = "",
    form: Form | None = None,
    status: int | None = None,
    beside: bool = True,
    sight: Sight | None = None,
    **context: Any,
) -> Response:
    """`sight`: what the DNS says now; it is asked for by the page itself where there is none."""
    return render(
        "resellers/domain.html",
        status=status,
        form=form,
        sheet=sheet,
        editing=editing,
        sight=sight,
        is_ip=rules.is_ip(sheet.domain.domain),
        everybodys=me().can(P.RESELLERS_VIEW),
        place_of=zones.place_of,
        **words(),
        **history(sheet.domain.public_id, beside=beside),
        **context,
    )


@bp.route("/domains/<public_id:domain_id>/remove", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT, in_person=True)
def remove_domain(domain_id: PublicId) -> AnyResponse:
    sheet, form = queries.domain_sheet(domain_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_domain(by=me(), domain=sheet.domain)
            return done(_("%(name)s is removed.", name=rules.readable(sheet.domain.domain)), ".domains")
    return render("resellers/domain_remove.html", form=form, sheet=sheet, goes=_goes(sheet), **words())


def _goes(sheet: DomainSheet) -> list[str]:
    """What ends together with a domain."""
    sentences = [_("Nobody can set up lines in it any more, and somebody else may take its name.")]
    if sheet.hosts:
        names = i18n.listed(rules.readable(host.host) for host in sheet.hosts)
        sentences.append(
            ngettext(
                "%(hosts)s stays, without a SIP domain: people sign in there with their whole names.",
                "%(hosts)s stay, without a SIP domain: people sign in there with their whole names.",
                len(sheet.hosts),
                hosts=names,
            )
        )
    return sentences

"""A new CloudPBX customer, step by step. What was typed is kept on the server: going back, reloading and leaving lose nothing."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _, lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse

from portal.core import clock
from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.contacts import queries as contacts
from portal.features.customers.rules import KIND_DEFAULTS, Kind
from portal.features.numbers import queries as number_queries
from portal.features.pbx.forms import PlainForm
from portal.features.pbx.forms.wizard import (
    CompanyForm,
    CompanyNumbersForm,
    DomainForm,
    ExtensionsForm,
    MakeForm,
    PilotForm,
    StepForm,
)
from portal.features.pbx.models import CompanyDraft
from portal.features.pbx.operations import wizard as operations
from portal.features.pbx.operations.wizard import MADE, Made
from portal.features.pbx.queries import wizard as queries
from portal.features.pbx.rules.wizard import STEPS, Step, place_of
from portal.features.pbx.views.door import bp, within
from portal.features.pbx.views.staff.company import OFFERED, Said
from portal.features.resellers import queries as resellers
from portal.web import once
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

PLACE = "customers.index"
MOST_DOMAINS = 200
TITLES: Mapping[Step, Any] = {
    Step.CUSTOMER: _l("Customer"),
    Step.DOMAIN: _l("SIP domain"),
    Step.PILOT: _l("Pilot"),
    Step.NUMBERS: _l("Numbers"),
    Step.EXTENSIONS: _l("Extensions and limits"),
}


@bp.route("/customers/new/cloudpbx", methods=["GET", "POST"])
@within(PLACE)
@requires(P.CUSTOMERS_EDIT, in_person=True)
def new_company() -> AnyResponse:
    form = _company_form(Said({}, _own(), tenant().home))
    if _sent(form):
        with form.refusals():
            Said({Step.CUSTOMER.value: form.kept}, _own(), tenant().home).check(Step.CUSTOMER)
            draft = operations.begin_draft(by=me(), values=form.kept)
            return _onward(draft)
    return _page(None, Step.CUSTOMER, form, begun=queries.drafts(me().account_id or 0, clock.now()))


@bp.route("/customers/new/cloudpbx/<public_id:draft_id>/<wizard_step>", methods=["GET", "POST"])
@within(PLACE)
@requires(P.CUSTOMERS_EDIT, in_person=True)
def company_step(draft_id: PublicId, wizard_step: str) -> AnyResponse:
    if wizard_step not in set(Step):
        raise NotFound
    draft, step = _draft(draft_id), Step(wizard_step)
    if MADE in draft.values:
        return _finished(draft)
    said = _said(draft)
    if said.missing is not None and STEPS.index(step) > STEPS.index(said.missing):
        return redirect(_url(draft, said.missing), code=303)
    form = FORMS[step](said)
    if _sent(form):
        with form.refusals():
            Said({**draft.values, step.value: form.kept}, draft.reseller_id, tenant().home).check(step)
            return _onward(operations.keep_step(draft=draft, step=step, values=form.kept))
    return _page(draft, step, form)


@bp.route("/customers/new/cloudpbx/<public_id:draft_id>/summary", methods=["GET", "POST"])
@within(PLACE)
@requires(P.CUSTOMERS_EDIT, in_person=True)
def company_summary(draft_id: PublicId) -> AnyResponse:
    draft = _draft(draft_id)
    if MADE in draft.values:
        return _finished(draft)
    said, form = _said(draft), PlainForm()
    if said.missing is not None:
        return redirect(_url(draft, said.missing), code=303)
    if form.validate_on_submit():
        return _make(draft, said)
    return _page(draft, None, form)


@bp.post("/customers/new/cloudpbx/<public_id:draft_id>/drop")
@within(PLACE)
@requires(P.CUSTOMERS_EDIT, in_person=True)
def drop_company(draft_id: PublicId) -> AnyResponse:
    draft = _draft(draft_id)
    operations.drop_draft(draft=draft)
    return done(_("What was typed is gone. Nothing was made."), ".new_company")


# --- the end --------------------------------------------------------------------------------------------------------------


def _make(draft: CompanyDraft, said: Said) -> AnyResponse:
    """Everything in one transaction. What is refused leads back to its step, with all that was typed."""
    for step in STEPS:
        form = FORMS[step](said, fresh=True)
        with form.refusals():
            said.check(step)
            continue
        return _page(draft, step, form)
    trying = MakeForm()
    with trying.refusals():
        return _made(operations.create_company(by=me(), draft=draft, plan=said.plan(), home=tenant().home))
    step, refusal = place_of(trying.refusal)
    form = FORMS[step](said, fresh=True)
    form.refuse(refusal)
    return _page(draft, step, form)


def _made(made: Made) -> AnyResponse:
    customer = made.customer
    once.keep("company", json.dumps({"sip": made.pilot.sip_password}), subject=customer.public_id)
    return done(_("%(name)s is set up.", name=customer.name), "pbx.company_made", customer_id=customer.public_id)


def _finished(draft: CompanyDraft) -> AnyResponse:
    return redirect(url_for("pbx.company_made", customer_id=draft.values[MADE]), code=303)


# --- steps ----------------------------------------------------------------------------------------------------------------


def _own() -> int:
    return me().reseller_id or 0


def _draft(draft_id: PublicId) -> CompanyDraft:
    return queries.draft(me().account_id or 0, draft_id, clock.now())


def _said(draft: CompanyDraft) -> Said:
    return Said(draft.values, draft.reseller_id, tenant().home)


def _sent(form: StepForm) -> bool:
    searches = isinstance(form, CompanyForm) and form.searches
    return not searches and bool(form.validate_on_submit())


def _company_form(said: Said, *, fresh: bool = False) -> CompanyForm:
    form = _of(CompanyForm, said, Step.CUSTOMER, fresh=fresh)
    found = contacts.found(said.reseller_id, form.who.data, OFFERED) if form.who.data else []
    exact = [one for one in found if one.email.lower() == form.address.lower()] if form.address else found
    form.offer(exact)
    if form.searches and not exact and not form.address:
        form.who.errors = [_("No contact begins like that. Type an e-mail address to make a new one.")]
    return form


def _domain_form(said: Said, *, fresh: bool = False) -> DomainForm:
    form = _of(DomainForm, said, Step.DOMAIN, fresh=fresh)
    return form.offer(resellers.domains_of(said.reseller_id, most=MOST_DOMAINS))


def _pilot_form(said: Said, *, fresh: bool = False) -> PilotForm:
    return _of(PilotForm, said, Step.PILOT, fresh=fresh)


def _numbers_form(said: Said, *, fresh: bool = False) -> CompanyNumbersForm:
    form = _of(CompanyNumbersForm, said, Step.NUMBERS, fresh=fresh)
    return form.offer(number_queries.next_free(said.reseller_id), tenant().home.cc)


def _extensions_form(said: Said, *, fresh: bool = False) -> ExtensionsForm:
    form = _of(ExtensionsForm, said, Step.EXTENSIONS, fresh=fresh)
    if Step.EXTENSIONS.value not in said.values and not form.is_submitted():
        usual = KIND_DEFAULTS[Kind.CLOUDPBX]
        form.extension_min.data, form.extension_max.data = usual.first, usual.last
        form.max_subscribers.data, form.max_calls.data = usual.lines, usual.calls
    return form


def _of(kind: Any, said: Said, step: Step, *, fresh: bool) -> Any:
    """`fresh`: as it stands in the draft, although something else was sent."""
    form = kind(formdata=None) if fresh else kind()
    if fresh:
        for name in form.KEPT:
            form[name].data = said.of(step).get(name)
        return form
    return form.show(said.of(step))


FORMS: Mapping[Step, Callable[..., Any]] = {
    Step.CUSTOMER: _company_form,
    Step.DOMAIN: _domain_form,
    Step.PILOT: _pilot_form,
    Step.NUMBERS: _numbers_form,
    Step.EXTENSIONS: _extensions_form,
}


def _url(draft: CompanyDraft, step: Step) -> str:
    return url_for("pbx.company_step", draft_id=draft.public_id, wizard_step=step.value)


def _onward(draft: CompanyDraft) -> AnyResponse:
    """To the next step that nobody has gone through, or to the summary."""
    missing = _said(draft).missing
    where = _url(draft, missing) if missing else url_for("pbx.company_summary", draft_id=draft.public_id)
    return redirect(where, code=303)


def _shown(said: Said, draft: CompanyDraft | None, step: Step, current: Step | None) -> dict[str, Any]:
    told = said.told(step) if step is not current else []
    url = _url(draft, step) if draft and step.value in said.values else ""
    return {"step": step, "title": TITLES[step], "told": told, "url": url, "done": bool(url and told)}


def _page(draft: CompanyDraft | None, current: Step | None, form: Any, **context: Any) -> AnyResponse:
    said = _said(draft) if draft else Said({}, _own(), tenant().home)
    steps = [_shown(said, draft, step, current) for step in STEPS]
    return render(
        "pbx/staff/company.html",
        form=form,
        steps=steps,
        current=current,
        draft=draft,
        action=request.path
        if current is None or request.endpoint == "pbx.new_company"
        else _url(draft, current)
        if draft
        else "",
        suffix=said.of(Step.DOMAIN),
        **context,
    )

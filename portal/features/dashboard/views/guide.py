"""What is left until a provider goes live, as its administrators see it on their first page."""

from dataclasses import dataclass

from flask import current_app, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import db
from portal.core.permissions import P, Role
from portal.features.dashboard import operations, queries, rules
from portal.features.dashboard.rules import Guide, ProviderFacts
from portal.features.dashboard.views.door import bp
from portal.web.access import requires
from portal.web.brand import Brand
from portal.web.forms import Form
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant


@dataclass(frozen=True)
class Shown:
    """`rows`: title, text, whether it is done, and where; for the component `guide`."""

    guide: Guide
    closed: bool

    @property
    def rows(self) -> list[tuple[str, str, bool, str]]:
        return [
            (step.title, step.text, step.done, url_for(step.endpoint) if me().can(step.permission) else "")
            for step in self.guide.steps
        ]


def shown() -> Shown | None:
    """For administrators of a reseller; the operator has set up everything already.

    Once all is done it is shown for the last time: who reads that is the one who puts it away.
    """
    who = me()
    if who.role is not Role.RESELLER or who.reseller_id is None or not who.may_change:
        return None
    found = queries.way(who.reseller_id)
    brand: Brand = current_app.extensions["brand_of"](tenant())
    facts = ProviderFacts(
        brand_published=found.brand_published,
        languages_chosen=found.languages_decided or found.languages > 1,
        host_proved=found.hosts,
        domain_made=found.domains,
        legal_linked={"imprint", "privacy"} <= brand.addresses.keys(),
        support_address=bool(brand.support.mail),
        factor_required=found.factor_required,
        customer_made=found.customers,
        second_administrator=found.administrators > 1,
    )
    guide, closed = rules.provider_guide(facts), found.closed_at is not None
    if guide.whole and closed:
        return None
    if guide.whole:
        with db.unit_of_work(who.scope):  # of its own, for pages are only read
            operations.close_guide(by=who)
    return Shown(guide, closed)


@bp.post("/guide/close")
@requires(P.BRANDING_EDIT)
def close_guide() -> Response:
    if Form().validate_on_submit():
        operations.close_guide(by=me())
    return done(_("The set-up guide is put away. It is at the end of this page."), ".show")


@bp.post("/guide/open")
@requires(P.BRANDING_EDIT)
def open_guide() -> Response:
    if Form().validate_on_submit():
        operations.open_guide(by=me())
    return done(_("Here is the set-up guide again."), ".show")

"""The sections of a SIP domain: each is edited in place and saves on its own."""

from collections.abc import Callable

from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.resellers import operations, queries
from portal.features.resellers.forms import DefaultsForm, PlaceForm
from portal.features.resellers.queries import DomainSheet
from portal.features.resellers.views.domains import page
from portal.features.resellers.views.door import bp
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done

Save = Callable[[DomainSheet, int], object]


@bp.route("/domains/<public_id:domain_id>/place", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def domain_place(domain_id: PublicId) -> AnyResponse:
    form = PlaceForm()

    def save(sheet: DomainSheet, version: int) -> object:
        return operations.change_place(
            by=me(),
            domain=sheet.domain,
            version=version,
            time_zone=form.time_zone.data,
            cc=form.cc.data,
            ac=form.ac.data or "",
        )

    return _edit(domain_id, form, "place", save)


@bp.route("/domains/<public_id:domain_id>/defaults", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def domain_defaults(domain_id: PublicId) -> AnyResponse:
    form = DefaultsForm()

    def save(sheet: DomainSheet, version: int) -> object:
        return operations.change_defaults(
            by=me(),
            domain=sheet.domain,
            version=version,
            lock_level=int(form.lock_level.data),
            ring_seconds=form.ring_seconds.data,
            hide_number=form.hide_number.data,
        )

    return _edit(domain_id, form, "defaults", save)


def _edit(domain_id: PublicId, form: PlaceForm | DefaultsForm, editing: str, save: Save) -> AnyResponse:
    section = Section(
        read=lambda: queries.domain_sheet(domain_id),
        stored=lambda sheet: (form.stored(sheet.domain), sheet.domain.version),
        save=save,
        show=lambda sheet, **more: page(sheet, editing=editing, form=form, beside=False, **more),
        last=lambda: last_change(domain_id),
        done=lambda: done(_("Saved."), ".domain", domain_id=domain_id, _anchor=editing),
    )
    return edit(form, queries.domain_sheet(domain_id), section)

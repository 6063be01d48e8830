"""All peers in the order in which they are tried, and each with its servers."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.queries import last_change
from portal.features.audit.rules import told
from portal.features.peering import operations, queries, rules
from portal.features.peering.forms import GroupForm, PlainForm
from portal.features.peering.queries import Sheet
from portal.features.peering.views.door import LIST, bp
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LATEST = 10


@bp.get("/peering")
@within(LIST)
@requires(P.PEERING_VIEW)
def peers() -> Response:
    found = queries.peers()
    ways = [one.way for one in found]
    tried: dict[str, Any] = {"order": rules.in_order(ways), "open": any(way.open for way in ways)}
    return render("peering/peers.html", peers=found, may_edit=me().can(P.PEERING_EDIT), **tried)


@bp.route("/peering/new", methods=["GET", "POST"])
@within(LIST)
@requires(P.PEERING_EDIT)
def add_peer() -> Response:
    form = GroupForm().offer(queries.contracts_offered())
    if form.validate_on_submit():
        with form.refusals():
            wanted = {"name": form.name.data, "priority": form.priority.data, "contract": form.chosen}
            group = operations.add_group(by=me(), **wanted)
            return done(
                _("%(name)s is there. Add the servers that calls go to.", name=group.name), ".peer", peer_id=group.public_id
            )
    return render("peering/peer_new.html", form=form)


@bp.get("/peering/<public_id:peer_id>")
@within(LIST)
@requires(P.PEERING_VIEW)
def peer(peer_id: PublicId) -> Response:
    return _page(queries.peer(peer_id))


def _page(sheet: Sheet, **editing: Any) -> Response:
    entries = audit.history([sheet.group.public_id], LATEST).entries
    history = told(entries, reader=me().public_id, home_cc=tenant().home.cc)
    return render("peering/peer.html", sheet=sheet, may_edit=me().can(P.PEERING_EDIT), history=history, **editing)


@bp.route("/peering/<public_id:peer_id>/details", methods=["GET", "POST"])
@within(LIST)
@requires(P.PEERING_EDIT)
def peer_details(peer_id: PublicId) -> Response:
    sheet = queries.peer(peer_id)
    form = GroupForm().offer(queries.contracts_offered(), sheet.contract)

    def save(sheet: Sheet, version: int) -> object:
        wanted = {"name": form.name.data, "priority": form.priority.data, "contract": form.chosen}
        return operations.change_group(by=me(), group=sheet.group, version=version, **wanted)

    section = Section(
        read=lambda: queries.peer(peer_id),
        stored=lambda sheet: (form.stored(sheet), sheet.group.version),
        save=save,
        show=lambda sheet, **more: _page(sheet, editing=True, form=form, **more),
        last=lambda: last_change(peer_id),
        done=lambda: done(_("Saved."), ".peer", peer_id=peer_id),
    )
    return edit(form, sheet, section)


@bp.route("/peering/<public_id:peer_id>/remove", methods=["GET", "POST"])
@within(LIST)
@requires(P.PEERING_EDIT)
def remove_peer(peer_id: PublicId) -> Response:
    sheet, form = queries.peer(peer_id), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_group(by=me(), group=sheet.group)
            return done(_("%(name)s has been removed.", name=sheet.group.name), ".peers")
    return render("peering/peer_remove.html", form=form, sheet=sheet)

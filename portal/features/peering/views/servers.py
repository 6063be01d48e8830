"""The servers of a peer."""

from typing import Any

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.peering import operations, queries
from portal.features.peering.forms import PlainForm, ServerForm
from portal.features.peering.models import PeeringGroup, PeeringServer
from portal.features.peering.views.door import LIST, bp
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Section, edit
from portal.web.session import me
from portal.web.templating import done, render

Server = tuple[PeeringGroup, PeeringServer]


@bp.route("/peering/<public_id:peer_id>/servers/new", methods=["GET", "POST"])
@within(LIST)
@requires(P.PEERING_EDIT)
def add_server(peer_id: PublicId) -> Response:
    group, form = queries.peer(peer_id).group, ServerForm()
    if form.validate_on_submit():
        with form.refusals():
            server = operations.add_server(by=me(), group=group, facts=form.facts)
            return done(_("%(name)s is there.", name=server.name), ".peer", peer_id=peer_id, _anchor="servers")
    return render("peering/server_new.html", group=group, form=form)


@bp.route("/peering/<public_id:peer_id>/servers/<public_id:server_id>", methods=["GET", "POST"])
@within(LIST)
@requires(P.PEERING_EDIT)
def edit_server(peer_id: PublicId, server_id: PublicId) -> Response:
    form = ServerForm()

    def save(found: Server, version: int) -> object:
        return operations.change_server(by=me(), group=found[0], server=found[1], version=version, facts=form.facts)

    section = Section(
        read=lambda: queries.server(peer_id, server_id),
        stored=lambda found: (form.stored(found[1]), found[1].version),
        save=save,
        show=lambda found, **more: _page(found, form, **more),
        last=lambda: last_change(peer_id),
        done=lambda: done(_("Saved."), ".peer", peer_id=peer_id, _anchor="servers"),
    )
    return edit(form, section.read(), section)


def _page(found: Server, form: ServerForm, **more: Any) -> Response:
    return render("peering/server.html", group=found[0], server=found[1], form=form, **more)


@bp.route("/peering/<public_id:peer_id>/servers/<public_id:server_id>/remove", methods=["GET", "POST"])
@within(LIST)
@requires(P.PEERING_EDIT)
def remove_server(peer_id: PublicId, server_id: PublicId) -> Response:
    group, server = queries.server(peer_id, server_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.remove_server(by=me(), group=group, server=server)
            return done(_("%(name)s has been removed.", name=server.name), ".peer", peer_id=peer_id, _anchor="servers")
    return render("peering/server_remove.html", form=form, group=group, server=server)

"""One import: how far it is, what it would do row by row, what came of it; and writing and undoing it."""

from typing import Any

from flask import Response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.core.sheets import line
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import PlainForm, WriteForm
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.features.pbx.views import outcomes, rows
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.subscribers import queries as subscriber_queries
from portal.web.access import requires
from portal.web.download import spreadsheet
from portal.web.session import me
from portal.web.templating import render


@bp.get("/imports/<public_id:import_id>")
@within("pbx.extensions")
@requires(P.BULK)
def show_import(import_id: PublicId) -> AnyResponse:
    run = queries.imports.run(import_id)
    if run.state == ImportState.UPLOADED and not me().viewer:
        return redirect(url_for(".import_columns", import_id=import_id))
    if run.state in queries.imports.RUNNING:
        label, meanwhile = outcomes.progress(run)
        return render("pbx/import_progress.html", imported=run, kinds=outcomes.KINDS, label=label, meanwhile=meanwhile)
    return _report(run, WriteForm()) if run.state == ImportState.CHECKED else _result(run)


def _report(run: Import, form: WriteForm) -> Response:
    count = outcomes.counts(run)
    form.version.data = str(run.version)
    return render(
        "pbx/import_report.html",
        form=form.offer(count["refused"]),
        sentence=outcomes.would(run),
        importable=count["new"] + count["changed"],
        promise=outcomes.promise(run),
        refused=count["refused"],
        invitable=bool(run.kind == ImportKind.EXTENSIONS and count["new"]),
        **_shown(run),
    )


def _result(run: Import) -> Response:
    sentence, note, icon = outcomes.result(run)
    return render(
        "pbx/import_result.html",
        sentence=sentence,
        note=note,
        icon_name=icon,
        passwords=run.state == ImportState.WRITTEN and run.kind == ImportKind.EXTENSIONS and queries.imports.has_secrets(run),
        history=outcomes.history(run),
        **_shown(run),
    )


def _shown(run: Import) -> dict[str, Any]:
    """The rows, and what stands above them."""
    query, page = rows.asked(run)
    return {
        "imported": run,
        "kinds": outcomes.KINDS,
        "subject_word": outcomes.SUBJECTS[run.kind],
        "verdicts": outcomes.verdicts(run),
        "parts": outcomes.parts(run, query) if run.counts and run.state != ImportState.DROPPED else [],
        "is_done": outcomes.is_done(run),
        "trouble": queries.imports.trouble(run),
        "query": query,
        "page": page,
        "rows": rows.shown(run, page),
    }


@bp.post("/imports/<public_id:import_id>/write")
@within("pbx.extensions")
@requires(P.BULK, in_person=True)
def write_import(import_id: PublicId) -> AnyResponse:
    run = queries.imports.run(import_id)
    form = WriteForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.imports.write(
                by=me(), run=run, version=form.version.number, invite=form.invite.data, leave_out=form.leave_out.data
            )
            return redirect(url_for(".show_import", import_id=import_id), code=303)
    return _report(run, form) if run.state == ImportState.CHECKED else outcomes.refused(form, run)


@bp.route("/imports/<public_id:import_id>/undo", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.BULK, in_person=True)
def undo_import(import_id: PublicId) -> AnyResponse:
    run = queries.imports.run(import_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.imports.undo(by=me(), run=run)
            return redirect(url_for(".show_import", import_id=import_id), code=303)
    if run.state != ImportState.WRITTEN and not form.summary:
        return redirect(url_for(".show_import", import_id=import_id))
    return render("pbx/import_undo.html", form=form, imported=run, goes=outcomes.goes(run))


@bp.get("/imports/<public_id:import_id>/rows.csv")
@requires(P.BULK)
def import_rows(import_id: PublicId) -> Response:
    """What becomes of each row and why; those of a corrected file can be taken from it."""
    run = queries.imports.run(import_id)
    chunks = queries.files.row_chunks(me().scope, run.id)
    return spreadsheet(f"import-{run.created_at:%Y-%m-%d}", rows.report_header(run), rows.report_lines(run, chunks))


@bp.route("/imports/<public_id:import_id>/passwords", methods=["GET"])
@within("pbx.extensions")
@requires(P.BULK, confirmed=True, in_person=True)
def import_passwords(import_id: PublicId) -> AnyResponse:
    run = queries.imports.run(import_id)
    return render("pbx/import_passwords.html", form=PlainForm(), imported=run, waiting=queries.imports.has_secrets(run))


@bp.post("/imports/<public_id:import_id>/passwords.csv")
@within("pbx.extensions")
@requires(P.BULK, confirmed=True, in_person=True)
def take_passwords(import_id: PublicId) -> AnyResponse:
    """The SIP passwords, once: after that they are nowhere."""
    run = queries.imports.run(import_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            server = subscriber_queries.company(customer_id()).domain.domain
            found = operations.imports.take_passwords(by=me(), run=run)
            lines = [line(one.extension, one.name, one.username, one.password, server) for one in found]
            header = line(_("Extension"), _("Name"), _("SIP user"), _("SIP password"), _("Server"))
            return spreadsheet(f"sip-passwords-{run.created_at:%Y-%m-%d}", header, lines)
    return render("pbx/import_passwords.html", form=form, imported=run, waiting=False)

"""Files on their way in: the list of them, uploading one, and which of its columns is which."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from portal.core import db, ids
from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.pbx import operations, queries
from portal.features.pbx.forms import ColumnsForm, PlainForm, UploadForm
from portal.features.pbx.models import Import, ImportKind, ImportState
from portal.features.pbx.rules import files
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.examples import EXPORTS, guide
from portal.features.pbx.views.outcomes import KINDS, listed, refused
from portal.web import errors
from portal.web.access import requires
from portal.web.listing import read_query
from portal.web.session import me
from portal.web.templating import done, render, say
from portal.web.uploads import drain, takes

LARGEST_UPLOAD = 3 * files.LARGEST  # somewhat too large a file gets an answer at its field


@bp.get("/imports")
@within("pbx.extensions")
@requires(P.BULK)
def imports() -> AnyResponse:
    query = read_query("pbx.imports", sorts=["when"], filters={})
    runs = queries.imports.latest(customer_id(), query.size + 1, query.offset)
    before, after = query.neighbours(query.offset + len(runs))
    return render("pbx/imports.html", listed=listed(runs[: query.size]), kinds=KINDS, before=before, after=after)


@bp.route("/imports/new", methods=["GET", "POST"])
@within("pbx.extensions")
@takes(LARGEST_UPLOAD)
@requires(P.BULK, in_person=True)
def new_import() -> AnyResponse:
    corrects = _corrected(request.args.get("corrects", ""))
    kind = ImportKind(corrects.kind) if corrects else _kind(request.args.get("kind", ""))
    form = UploadForm()
    if "large" in request.args and request.method == "GET":
        form.refuse(Refused("file-large", field="file", most=files.LARGEST // 1_000_000))
    elif form.validate_on_submit():
        with form.refusals():
            return _uploaded(form, kind, corrects)
    return render(
        "pbx/import_new.html", form=form, kind=kind, corrects=corrects, kinds=KINDS, exports=EXPORTS, columns=guide(kind)
    )


@bp.errorhandler(RequestEntityTooLarge)
def too_large(_error: RequestEntityTooLarge) -> AnyResponse:
    """The file cannot even be read: said at the field all the same."""
    if request.endpoint != "pbx.new_import":
        return errors.page(413)
    drain()
    asked: dict[str, Any] = {**request.args, "large": "1"}
    return redirect(url_for(".new_import", **asked), code=303)


def _corrected(typed: str) -> Import | None:
    return queries.imports.run(PublicId(typed)) if ids.PATTERN.fullmatch(typed) else None


def _kind(typed: str) -> ImportKind:
    return ImportKind(typed) if typed in set(ImportKind) else ImportKind.EXTENSIONS


def _uploaded(form: UploadForm, kind: ImportKind, corrects: Import | None) -> AnyResponse:
    file = form.file.data
    run = operations.imports.upload(by=me(), customer_id=customer_id(), kind=kind, name=file.filename or "", content=file.read())
    columns = _as_before(run, corrects)
    found = files.chosen(kind, run.options["headers"], columns)
    if found.trouble or found.unknown:
        return redirect(url_for(".import_columns", import_id=run.public_id), code=303)
    return _check(run, columns)


def _as_before(run: Import, corrects: Import | None) -> Sequence[str | None]:
    """A corrected file's columns mean what they meant, unless they are others."""
    same = corrects is not None and corrects.options.get("headers") == run.options["headers"]
    return list(corrects.options["columns"] if corrects is not None and same else run.options["columns"])


def _check(run: Import, columns: Sequence[str | None]) -> AnyResponse:
    try:
        with db.session().begin_nested():
            operations.imports.check(by=me(), run=run, columns=columns)
    except Refused as refusal:  # the file stays, for later
        say(refusal.sentence(), kind="bad")
        return redirect(url_for(".import_columns", import_id=run.public_id), code=303)
    return redirect(url_for(".show_import", import_id=run.public_id), code=303)


@bp.route("/imports/<public_id:import_id>/columns", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.BULK, in_person=True)
def import_columns(import_id: PublicId) -> AnyResponse:
    run = queries.imports.run(import_id)
    if run.state not in {ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED} or "headers" not in run.options:
        return redirect(url_for(".show_import", import_id=import_id))
    form = ColumnsForm(separator=run.options["separator"], encoding=run.options["encoding"]).offer()
    if form.validate_on_submit():
        with form.refusals():
            return _read_again(run, form) if "again" in request.form else _columns_chosen(run, form)
    return _columns_page(run, form)


def _read_again(run: Import, form: ColumnsForm) -> AnyResponse:
    operations.imports.read_again(by=me(), run=run, encoding=form.encoding.data, separator=form.separator.data)
    return redirect(url_for(".import_columns", import_id=run.public_id), code=303)


def _columns_chosen(run: Import, form: ColumnsForm) -> AnyResponse:
    operations.imports.check(by=me(), run=run, columns=form.columns.data)
    return redirect(url_for(".show_import", import_id=run.public_id), code=303)


def _columns_page(run: Import, form: ColumnsForm) -> AnyResponse:
    columns = queries.imports.columns(run)
    chosen = form.columns.data or [column.field for column in columns]
    return render(
        "pbx/import_columns.html",
        form=form,
        imported=run,
        columns=list(zip(columns, [*chosen, *[None] * len(columns)], strict=False)),
        choices=files.choices(run.kind),
        kinds=KINDS,
    )


@bp.post("/imports/<public_id:import_id>/check")
@within("pbx.extensions")
@requires(P.BULK, in_person=True)
def check_import(import_id: PublicId) -> AnyResponse:
    """Once more, as its columns were chosen."""
    run = queries.imports.run(import_id)
    form = PlainForm()
    with form.refusals():
        operations.imports.check(by=me(), run=run)
        return redirect(url_for(".show_import", import_id=import_id), code=303)
    return refused(form, run)


@bp.post("/imports/<public_id:import_id>/drop")
@within("pbx.extensions")
@requires(P.BULK, in_person=True)
def drop_import(import_id: PublicId) -> AnyResponse:
    run = queries.imports.run(import_id)
    form = PlainForm()
    with form.refusals():
        operations.imports.drop(by=me(), run=run)
        return done(_("%(name)s is dropped. Nothing was changed.", name=run.name), ".imports")
    return refused(form, run)

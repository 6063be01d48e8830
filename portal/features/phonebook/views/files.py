"""A file of contacts: choosing it, seeing what it would bring, and saying yes."""

from flask import redirect, request, url_for
from flask_babel import gettext as _, ngettext
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.phonebook import operations, queries, rules
from portal.features.phonebook.forms import FileForm, PlainForm
from portal.features.phonebook.models import Kept
from portal.features.phonebook.queries import Book
from portal.features.phonebook.views.door import bp, reader, writable
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import Undo, done, number, render
from portal.web.tenant import tenant
from portal.web.uploads import takes

LARGEST = 10_000_000  # with photos, which are left out
SHOWN = 50


@bp.route("/phonebook/import", methods=["GET", "POST"])
@takes(LARGEST)
@requires(P.PHONEBOOK)
def upload() -> AnyResponse:
    books = writable(queries.facts(reader()))
    if not books:
        raise NotFound
    form = FileForm()
    form.book.offer(books)
    if "large" in request.args and request.method == "GET":
        form.refuse(Refused("contacts-file-large", field="file", most=LARGEST // 1_000_000))
    elif form.validate_on_submit():
        with form.refusals():
            return _read(form)
    kept = queries.waiting_file(me().public_id)
    return _preview(kept) if kept and not form.errors and "other" not in request.args else _ask(form, books)


def _ask(form: FileForm, books: list[Book]) -> AnyResponse:
    return render("phonebook/import.html", form=form, books=books)


def _read(form: FileForm) -> AnyResponse:
    file, here = form.file.data, tenant()
    operations.read_file(
        by=me(), book=form.book.book, name=file.filename or "", data=file.read(), languages=here.languages, home=here.home
    )
    return redirect(url_for(".upload"), code=303)


def _preview(kept: Kept, form: PlainForm | None = None) -> AnyResponse:
    book = Book.MINE if kept.own else Book.COMPANY
    found = rules.compare(rules.from_stored(kept.content), queries.known_keys(reader(), book))
    return render("phonebook/preview.html", form=form, kept=kept, found=found, shown=SHOWN, labels=rules.LABELS)


@bp.errorhandler(RequestEntityTooLarge)
def too_large(error: RequestEntityTooLarge) -> AnyResponse | RequestEntityTooLarge:
    """The file cannot even be read: said at the field all the same."""
    if request.endpoint != "phonebook.upload":
        return error
    return redirect(url_for(".upload", large=1), code=303)


@bp.post("/phonebook/import/write")
@requires(P.PHONEBOOK)
def write() -> AnyResponse:
    form, kept = PlainForm(), queries.waiting_file(me().public_id)
    if kept is None:
        raise NotFound
    if form.validate_on_submit():
        with form.refusals():
            book = Book.MINE if kept.own else Book.COMPANY
            imported = operations.write_file(by=me(), key=_key())
            added = imported.added
            text = ngettext("%(count)s entry is added.", "%(count)s entries are added.", added, count=number(added))
            undo = Undo("phonebook.undo_import", {}, {"key": imported.key, "book": book})
            return done(text, ".index", undo=undo, book=book)
    return _preview(kept, form)


@bp.post("/phonebook/import/drop")
@requires(P.PHONEBOOK)
def drop() -> AnyResponse:
    operations.drop_file(by=me(), key=_key())
    return done(_("Nothing was imported."), ".index")


@bp.post("/phonebook/import/undo")
@requires(P.PHONEBOOK)
def undo_import() -> AnyResponse:
    book = Book(request.form["book"]) if request.form.get("book") in set(Book) else Book.MINE
    try:
        gone = operations.undo_import(by=me(), book=book, key=_key())
    except Refused as refusal:
        return done(refusal.sentence(), ".index", kind="bad")
    removed = gone.removed
    text = ngettext("%(count)s entry is removed again.", "%(count)s entries are removed again.", removed, count=number(removed))
    if gone.stayed:
        text += " " + _("Those that somebody has changed since stay: %(count)s.", count=number(gone.stayed))
    return done(text, ".index")


def _key() -> PublicId:
    typed = request.form.get("key", "")
    if not ids.PATTERN.fullmatch(typed):
        raise NotFound
    return PublicId(typed)

"""One entry: adding it, looking at it, removing it, bringing it back."""

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core import ids
from portal.core.errors import NotFound, Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.phonebook import operations, queries, rules
from portal.features.phonebook.forms import EntryForm, PlainForm
from portal.features.phonebook.rules import Label
from portal.features.phonebook.views.door import bp, reader, writable
from portal.features.phonebook.views.page import entry_of, page
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import Undo, done, render
from portal.web.tenant import tenant


@bp.route("/phonebook/new", methods=["GET", "POST"])
@requires(P.PHONEBOOK)
def create() -> AnyResponse:
    """`number` in the address: whom somebody wants to remember from a list of calls."""
    books = writable(queries.facts(reader()))
    if not books:
        raise NotFound
    form = EntryForm()
    form.book.offer(books)
    number = request.args.get("number", "")[: rules.LONGEST_TYPED]
    if request.method == "GET" and number:
        form.numbers.data = f"{Label.WORK} {rules.shown_again(number, tenant().home)}"
    if form.validate_on_submit():
        with form.refusals():
            return _create(form)
    return render("phonebook/new.html", form=form, books=books)


def _create(form: EntryForm) -> AnyResponse:
    entry = operations.add(
        by=me(),
        book=form.book.book,
        name=form.name.data,
        company=form.company.data,
        email=form.email.data,
        note=form.note.data,
        numbers=form.numbers.pairs,
        home=tenant().home,
    )
    return done(_("%(name)s is in the phonebook.", name=entry.name), ".show", entry_id=entry.public_id)


@bp.get("/phonebook/<public_id:entry_id>")
@requires(P.PHONEBOOK)
def show(entry_id: PublicId) -> AnyResponse:
    return page(entry_of(entry_id))


@bp.post("/phonebook/<public_id:entry_id>/remove")
@requires(P.PHONEBOOK)
def remove(entry_id: PublicId) -> AnyResponse:
    shown, form = entry_of(entry_id), PlainForm()
    name = shown.entry.name
    if form.validate_on_submit():
        with form.refusals():
            key = operations.remove(by=me(), entry=shown.entry)
            undo = Undo("phonebook.bring_back", {}, {"key": key})
            return done(_("%(name)s is no longer in the phonebook.", name=name), ".index", undo=undo)
    return page(shown, form=form)


@bp.post("/phonebook/back")
@requires(P.PHONEBOOK)
def bring_back() -> AnyResponse:
    """The way back from a removal."""
    typed = request.form.get("key", "")
    if not ids.PATTERN.fullmatch(typed):
        raise NotFound
    try:
        entry = operations.bring_back(by=me(), key=PublicId(typed))
    except Refused as refusal:
        return done(refusal.sentence(), ".index", kind="bad")
    return done(_("%(name)s is back in the phonebook.", name=entry.name), ".show", entry_id=entry.public_id)

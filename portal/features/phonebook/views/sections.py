"""The sections of an entry: each is edited in place and saves on its own."""

from collections.abc import Callable

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.errors import NotFound
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.phonebook import operations
from portal.features.phonebook.forms import NumbersForm, PersonForm
from portal.features.phonebook.views.door import bp
from portal.features.phonebook.views.page import Shown, entry_of, page
from portal.web.access import requires
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant

Save = Callable[[Shown, int], object]


@bp.route("/phonebook/<public_id:entry_id>/details", methods=["GET", "POST"])
@requires(P.PHONEBOOK)
def person(entry_id: PublicId) -> AnyResponse:
    form = PersonForm()

    def save(shown: Shown, version: int) -> object:
        return operations.change_person(
            by=me(),
            entry=shown.entry,
            version=version,
            name=form.name.data,
            company=form.company.data,
            email=form.email.data,
            note=form.note.data,
        )

    return _edit(entry_id, form, "person", save)


@bp.route("/phonebook/<public_id:entry_id>/numbers", methods=["GET", "POST"])
@requires(P.PHONEBOOK)
def numbers(entry_id: PublicId) -> AnyResponse:
    form = NumbersForm()

    def save(shown: Shown, version: int) -> object:
        home = tenant().home
        return operations.change_numbers(by=me(), entry=shown.entry, version=version, numbers=form.numbers.pairs, home=home)

    return _edit(entry_id, form, "numbers", save)


def _edit(entry_id: PublicId, form: PersonForm | NumbersForm, editing: str, save: Save) -> AnyResponse:
    shown = entry_of(entry_id)
    if request.method == "GET":
        if not shown.may_change:
            raise NotFound
        form.show(_stored(form, shown), shown.entry.version)
        return page(shown, editing=editing, form=form)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, shown, save, lambda: _again(entry_id, form))
        if clashes:
            return _conflict(entry_id, form, editing, clashes)
        if not form.summary:
            return done(_("Saved."), ".show", entry_id=entry_id, _anchor=editing)
    return page(entry_of(entry_id), editing=editing, form=form)


def _stored(form: PersonForm | NumbersForm, shown: Shown) -> Values:
    return form.stored(shown.entry, shown.numbers, tenant().home)


def _again(entry_id: PublicId, form: PersonForm | NumbersForm) -> tuple[Shown, Values, int]:
    fresh = entry_of(entry_id)
    return fresh, _stored(form, fresh), fresh.entry.version


def _conflict(entry_id: PublicId, form: PersonForm | NumbersForm, editing: str, clashes: tuple[str, ...]) -> AnyResponse:
    shown = entry_of(entry_id)
    theirs = _stored(form, shown)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, shown.entry.version)
    last = audit_queries.history([entry_id], 1).entries
    return page(shown, editing=editing, form=form, status=409, clashes=rows, last=last[0] if last else None)

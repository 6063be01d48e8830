"""The sections of an extension: each is edited in place and saves on its own."""

from collections.abc import Callable

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit_queries
from portal.features.pbx import operations, queries, rules
from portal.features.pbx.forms import AllowedForm, NumbersForm, OwnProfileForm, PersonForm, SheetForm, offer_languages
from portal.features.pbx.queries import Sheet
from portal.features.pbx.views.door import bp, customer_id, within
from portal.features.pbx.views.profiles import agreement, to_ask, wanted_profile
from portal.features.pbx.views.sheet import page
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import Profile
from portal.features.subscribers.rules import Allowance
from portal.web.access import requires
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant

FREE_OFFERED = 200
Save = Callable[[Sheet, int], object]


@bp.route("/extensions/<public_id:extension_id>/person", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def person(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = PersonForm()
    offer_languages(form.language, tenant().languages, sheet.line.language)

    def save(sheet: Sheet, version: int) -> object:
        return operations.change_person(
            by=me(),
            line=sheet.line,
            version=version,
            display_name=form.display_name.data,
            email=form.email.data,
            web_username=form.web_username.data,
            language=form.language.data,
        )

    return _edit(sheet, form, "person", save)


@bp.route("/extensions/<public_id:extension_id>/numbers", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def extension_numbers(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = NumbersForm()
    facts, free = queries.facts(customer_id()), queries.free_numbers(customer_id(), FREE_OFFERED)
    form.offer_numbers(sheet, facts, free, tenant().home.cc)

    def save(sheet: Sheet, version: int) -> object:
        outgoing, alias = form.chosen_outgoing
        return operations.change_numbers(
            by=me(),
            line=sheet.line,
            version=version,
            extension=form.extension.data,
            outgoing=outgoing,
            outgoing_alias=alias,
            keep=[PublicId(one) for one in form.keep.data or ()],
            add=[PublicId(form.add.data)] if form.add.data else [],
        )

    return _edit(sheet, form, "numbers", save)


@bp.route("/extensions/<public_id:extension_id>/allowed", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.EXTENSIONS_EDIT)
def allowed(extension_id: PublicId) -> AnyResponse:
    form = AllowedForm()

    def save(sheet: Sheet, version: int) -> object:
        return operations.change_allowed(
            by=me(),
            line=sheet.line,
            version=version,
            do_not_disturb=form.do_not_disturb.data,
            music_on_hold=form.music_on_hold.data,
        )

    return _edit(queries.sheet(extension_id), form, "allowed", save)


@bp.route("/extensions/<public_id:extension_id>/profile", methods=["GET", "POST"])
@within("pbx.extensions")
@requires(P.PROFILES_EDIT)
def own_profile(extension_id: PublicId) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    form = OwnProfileForm().offer(subscriber_queries.profiles(customer_id()))
    form.settle()
    if form.validate_on_submit():
        counts = wanted_profile(form.profile.data) or sheet.company_profile
        lost = queries.losing(customer_id(), queries.these([extension_id]), Allowance(counts.levels if counts else None))
        if to_ask(lost):
            told = rules.losses(lost, sheet.line.display_name)
            return page(sheet, editing="may-use", form=form, lost=told, agreed=agreement(lost))

    def save(sheet: Sheet, version: int) -> Profile | None:
        return subscribers.give_profile(by=me(), line=sheet.line, profile=wanted_profile(form.profile.data), version=version)

    return _edit(sheet, form, "may-use", save)


def _edit(sheet: Sheet, form: SheetForm, editing: str, save: Save) -> AnyResponse:
    if request.method == "GET":
        form.show(form.stored(sheet), sheet.line.version)
        return page(sheet, editing=editing, form=form)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, sheet, save, lambda: _again(sheet, form))
        if clashes:
            return _conflict(sheet.line.public_id, form, editing, clashes)
        if not form.summary:
            return done(_("Saved."), ".show", extension_id=sheet.line.public_id, _anchor=editing)
        sheet = queries.sheet(sheet.line.public_id)
    return page(sheet, editing=editing, form=form)


def _again(sheet: Sheet, form: SheetForm) -> tuple[Sheet, Values, int]:
    fresh = queries.sheet(sheet.line.public_id)
    return fresh, form.stored(fresh), fresh.line.version


def _conflict(extension_id: PublicId, form: SheetForm, editing: str, clashes: tuple[str, ...]) -> AnyResponse:
    sheet = queries.sheet(extension_id)
    theirs = form.stored(sheet)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, sheet.line.version)
    last = audit_queries.history(sheet.subjects, 1).entries
    return page(sheet, editing=editing, form=form, status=409, clashes=rows, last=last[0] if last else None)

"""Classes of service: the list, a new one, one of them, its end."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit import queries as audit
from portal.features.audit.queries import last_change
from portal.features.audit.rules import told
from portal.features.customers import operations, queries
from portal.features.customers.forms import ClassForm, PlainForm
from portal.features.customers.forms.classes import LEVEL_TEXTS
from portal.features.customers.models import ServiceClass
from portal.features.customers.queries import ClassUse
from portal.features.customers.rules import FEATURE_TEXTS, KIND_TEXTS, Allowance, Level
from portal.features.customers.views.door import CLASSES, bp
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done, render
from portal.web.tenant import tenant

LATEST = 5


def _titles(allowance: Allowance, level: Level) -> list[str]:
    return [i18n.gettext(FEATURE_TEXTS[feature].title) for feature in allowance.at(level)]


@bp.get("/service-classes")
@within(CLASSES)
@requires(P.SERVICE_CLASSES)
def classes() -> Response:
    every = queries.service_classes(me().reseller_id or 0)
    fixed = {one.service_class.id: _titles(one.allowance, Level.USE) for one in every}
    absent = {one.service_class.id: _titles(one.allowance, Level.OFF) for one in every}
    return render("customers/classes.html", classes=every, fixed=fixed, absent=absent, kinds=KIND_TEXTS)


@bp.route("/service-classes/new", methods=["GET", "POST"])
@within(CLASSES)
@requires(P.SERVICE_CLASSES)
def new_class() -> Response:
    form = ClassForm().offer(queries.service_classes(me().reseller_id or 0))
    if form.validate_on_submit():
        with form.refusals():
            facts = {"name": form.name.data, "kinds": form.chosen_kinds, "levels": form.levels}
            made = operations.add_class(by=me(), reseller_id=me().reseller_id or 0, **facts)
            return done(_("“%(name)s” is added.", name=made.name), ".service_class", service_class_id=made.public_id)
    return render("customers/class_new.html", form=form, level_texts=LEVEL_TEXTS)


@bp.route("/service-classes/<public_id:service_class_id>", methods=["GET", "POST"])
@within(CLASSES)
@requires(P.SERVICE_CLASSES)
def service_class(service_class_id: PublicId) -> Response:
    use, form = _asked(service_class_id)
    if request.method == "GET":
        form.show(form.stored(use.service_class), use.service_class.version)
        return _page(use, form)
    form.settle()
    if not form.validate_on_submit():
        return _page(use, form)
    return _save(use, form)


def _asked(service_class_id: PublicId) -> tuple[ClassUse, ClassForm]:
    wanted = queries.service_class(service_class_id)
    every = queries.service_classes(wanted.reseller_id)
    use = next(one for one in every if one.service_class is wanted)
    return use, ClassForm().offer(every, besides=wanted)


def _save(use: ClassUse, form: ClassForm) -> Response:
    def save(thing: ServiceClass, version: int) -> object:
        facts = {"name": form.name.data, "kinds": form.chosen_kinds, "levels": form.levels}
        return operations.change_class(by=me(), service_class=thing, version=version, **facts)

    clashes = saved(form, use.service_class, save, lambda: _again(use.service_class, form))
    if clashes:
        return _conflict(use, form, clashes)
    if not form.summary:
        return done(_("Saved."), ".service_class", service_class_id=use.service_class.public_id)
    return _page(use, form)


def _again(thing: ServiceClass, form: ClassForm) -> tuple[ServiceClass, Values, int]:
    fresh = queries.hold_class(thing)
    return fresh, form.stored(fresh), fresh.version


def _conflict(use: ClassUse, form: ClassForm, clashes: tuple[str, ...]) -> Response:
    theirs = form.stored(use.service_class)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, use.service_class.version)
    return _page(use, form, status=409, clashes=rows, last=last_change(use.service_class.public_id))


def _page(use: ClassUse, form: ClassForm, **context: Any) -> Response:
    history = audit.history([use.service_class.public_id], LATEST)
    return render(
        "customers/class.html",
        form=form,
        use=use,
        level_texts=LEVEL_TEXTS,
        history=told(history.entries, reader=me().public_id, home_cc=tenant().home.cc),
        **context,
    )


@bp.route("/service-classes/<public_id:service_class_id>/remove", methods=["GET", "POST"])
@within(CLASSES)
@requires(P.SERVICE_CLASSES)
def remove_class(service_class_id: PublicId) -> Response:
    use, _form = _asked(service_class_id)
    form = PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            name = use.service_class.name
            operations.remove_class(by=me(), service_class=use.service_class)
            return done(_("“%(name)s” is removed.", name=name), ".classes")
    return render("customers/class_remove.html", form=form, use=use)

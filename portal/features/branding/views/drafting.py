"""Saving a part of the draft; whoever saves first begins it."""

from collections.abc import Mapping
from typing import Any

from flask import request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core.errors import Conflict
from portal.features.branding import operations
from portal.features.branding.forms.fields import SheetForm
from portal.features.branding.models import ThemeVersion
from portal.features.branding.views.page import page
from portal.features.branding.views.subject import Work, work
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done
from portal.web.tenant import tenant

NEW = 1  # the version of a draft that nobody has changed yet


def edit(form: SheetForm, template: str, back: Mapping[str, str] | None = None, **context: Any) -> Response:
    """A part of theme.toml: shown, tried on, or saved; `back` are the values of the page's address."""
    at = work()
    address: dict[str, Any] = dict(back or {})
    form.offer(at.values)
    if request.method == "GET":
        form.show(form.stored(at.values), at.version)
        return page(template, at, form=form, **context)
    form.settle()
    if "show" in request.form:
        return page(template, at, form=form, **context)
    if form.validate_on_submit():
        clashes = saved(form, at, lambda seen, version: _save(form, seen, version), lambda: _again(form))
        if clashes:
            return _conflict(form, template, clashes, context)
        if not form.summary:
            return done(_("Saved in the draft. Nobody else sees it yet."), request.endpoint or "", **address)
    return page(template, work(), form=form, **context)


def drafted(at: Work, version: int) -> tuple[ThemeVersion, int]:
    """The draft and its version as it was seen. Raises Conflict when it has gone, or when somebody else has begun one."""
    if at.draft is not None:
        return at.draft, version
    if version:
        raise Conflict(0)
    draft = operations.begin_draft(by=me(), start=at.live or at.files or None, name=tenant().reseller_name)
    return draft, NEW if draft.version == NEW else 0


def _save(form: SheetForm, at: Work, version: int) -> None:
    draft, seen = drafted(at, version)
    operations.change_draft(by=me(), draft=draft, version=seen, values=form.new)


def _again(form: SheetForm) -> tuple[Work, Values, int]:
    fresh = work()
    return fresh, form.stored(fresh.values), fresh.version


def _conflict(form: SheetForm, template: str, clashes: tuple[str, ...], context: dict[str, Any]) -> Response:
    at = work()
    theirs = form.stored(at.values)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, at.version)
    return page(template, at, form=form, status=409, clashes=rows, **context)

"""Which languages a provider allows, and which a SIP domain offers: in order, the default first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import request
from flask_babel import gettext as _, ngettext
from werkzeug.wrappers import Response as AnyResponse

from portal.core import i18n
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.audit.queries import last_change
from portal.features.resellers import operations, queries
from portal.features.resellers.forms import LanguagesForm
from portal.features.resellers.models import Reseller, SipDomain
from portal.features.resellers.views import domains, listing
from portal.features.resellers.views.door import bp, own_reseller
from portal.web.access import requires
from portal.web.nav import within
from portal.web.sections import Values, saved
from portal.web.session import me
from portal.web.templating import done

Speaks = Reseller | SipDomain


@dataclass(frozen=True)
class Section:
    """Whose languages are edited: read anew, written, shown."""

    read: Callable[[], Speaks]
    write: Callable[[Speaks, int, Sequence[str]], object]
    show: Callable[..., AnyResponse]
    saved: Callable[[], AnyResponse]
    speakers: Callable[[Speaks], Mapping[str, int]]


@bp.route("/domains/<public_id:domain_id>/languages", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def domain_languages(domain_id: PublicId) -> AnyResponse:
    sheet = queries.domain_sheet(domain_id)

    def write(fresh: Speaks, version: int, languages: Sequence[str]) -> object:
        assert isinstance(fresh, SipDomain)
        return operations.change_languages(by=me(), domain=fresh, version=version, languages=languages)

    section = Section(
        read=lambda: queries.domain(domain_id),
        write=write,
        show=lambda **more: domains.page(queries.domain_sheet(domain_id), beside=False, **more),
        saved=lambda: done(_("Saved."), ".domain", domain_id=domain_id, _anchor="languages"),
        speakers=lambda one: queries.speakers(sheet.reseller.id, one.id),
    )
    return _edit(sheet.domain, section, sheet.reseller.languages)


@bp.route("/domains/languages", methods=["GET", "POST"])
@within("resellers.domains")
@requires(P.DOMAINS_EDIT)
def reseller_languages() -> AnyResponse:
    def write(fresh: Speaks, version: int, languages: Sequence[str]) -> object:
        assert isinstance(fresh, Reseller)
        return operations.change_reseller_languages(by=me(), reseller=fresh, version=version, languages=languages)

    section = Section(
        read=own_reseller,
        write=write,
        show=listing.page,
        saved=lambda: done(_("Saved."), ".domains", _anchor="languages"),
        speakers=lambda one: queries.speakers(one.id),
    )
    return _edit(own_reseller(), section, None)


def _edit(now: Speaks, section: Section, allowed: Sequence[str] | None) -> AnyResponse:
    form = LanguagesForm().offer(now.languages, allowed)
    if request.method == "GET":
        form.show(form.stored(now.languages), now.version)
        return _show(form, section, now)
    form.settle()
    if not form.validate_on_submit():
        return _show(form, section, now)
    only_arranged = form.arrange(request.form)
    if form.refused or only_arranged:
        return _show(form, section, now)
    asked = form.taken_away(section.speakers(now))
    return _show(form, section, now, asked=asked) if asked else _save(form, section, now)


def _save(form: LanguagesForm, section: Section, now: Speaks) -> AnyResponse:
    clashes = saved(form, now, lambda fresh, version: section.write(fresh, version, form.order), lambda: _again(form, section))
    if clashes:
        fresh, theirs, version = _again(form, section)
        rows = form.clashes(theirs, clashes)
        form.remember(theirs, version)
        return section.show(editing="languages", form=form, status=409, clashes=rows, last=last_change(fresh.public_id))
    return _show(form, section, now) if form.summary else section.saved()


def _again(form: LanguagesForm, section: Section) -> tuple[Speaks, Values, int]:
    fresh = section.read()
    form.kept = fresh.languages
    return fresh, form.stored(fresh.languages), fresh.version


def _show(form: LanguagesForm, section: Section, now: Speaks, *, asked: Sequence[tuple[str, int]] = ()) -> AnyResponse:
    form.choices()
    if asked:
        form.agreed.data = " ".join([*(form.agreed.data or "").split(), *(language for language, _people in asked)])
    default = form.order[0] if form.order else now.languages[0]
    return section.show(
        editing="languages",
        form=form,
        speakers=section.speakers(now),
        losing=[_losing(language, people, default) for language, people in asked],
    )


def _losing(language: str, people: int, default: str) -> str:
    """What becomes of those who have chosen it."""
    return ngettext(
        "%(num)s person has chosen %(language)s. They will then see what their browser asks for, or else %(default)s.",
        "%(num)s people have chosen %(language)s. They will then see what their browser asks for, or else %(default)s.",
        people,
        language=i18n.language_name(language),
        default=i18n.language_name(default),
    )

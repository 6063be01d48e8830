"""The words of mails: the list, one mail in one language, and trying them before anybody reads them."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request
from flask_babel import gettext as _, lazy_gettext as _l
from markupsafe import Markup
from werkzeug.wrappers import Response

from portal.core import i18n
from portal.core.errors import NotFound, Refused
from portal.core.permissions import P
from portal.features.accounts import queries as accounts
from portal.features.contacts import mails, operations, queries, rules
from portal.features.contacts.forms import MailForm, PlainForm
from portal.features.contacts.queries import Spoken
from portal.mail.composing import Words, Written
from portal.mail.models import MailTemplate
from portal.web.access import requires
from portal.web.nav import Group, Place
from portal.web.sections import Values, saved
from portal.web.security import framed, shows_frames
from portal.web.session import me
from portal.web.templating import done, render

bp = Blueprint("mail_templates", __name__, template_folder="../templates")
PLACES = [
    Place("mail_templates.index", _l("Mail templates"), "file-text", 60, permission=P.MAIL_TEMPLATES, group=Group.PROVIDER)
]
# What a mail shows is nothing of this site's: no scripts, nothing to follow; it brings its own styles.
POLICY = (
    "sandbox allow-same-origin; default-src 'none'; style-src 'self' 'unsafe-inline'; font-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Page:
    """A kind of mail in one language. `stored`: the provider's own words; without any, the usual ones stand."""

    kind: str
    language: str
    spoken: Spoken
    stored: MailTemplate | None
    sample: mails.Sample

    @property
    def place(self) -> dict[str, Any]:
        return {"mail_kind": self.kind, "mail_language": self.language}

    @property
    def own(self) -> Words | None:
        return Words(self.stored.subject, self.stored.body) if self.stored else None

    @property
    def words(self) -> Words:
        return self.own or self.sample.usual

    @property
    def version(self) -> int:
        return self.stored.version if self.stored else operations.NEW


def own() -> int:
    reseller_id = me().reseller_id
    if reseller_id is None:
        raise NotFound
    return reseller_id


def _read(kind: str, language: str) -> Page:
    """Raises NotFound for mails that there are not, and for languages that are not spoken here."""
    spoken = queries.spoken(own())
    if kind not in rules.KINDS or language not in spoken.languages:
        raise NotFound
    sample = mails.sample(accounts.own(me()), kind, language, me().address, request.user_agent.string)
    return Page(kind, language, spoken, queries.mail_template(own(), kind, language), sample)


@bp.get("/mail-templates")
@requires(P.MAIL_TEMPLATES)
def index() -> Response:
    spoken = queries.spoken(own())
    kinds = sorted(rules.KINDS, key=lambda kind: i18n.sort_key(rules.kind_words(kind)))
    changed = queries.changed_mails(own())
    rows = [(kind, [one for one in spoken.languages if one in changed.get(kind, ())]) for kind in kinds]
    return render("contacts/mail_templates.html", rows=rows, spoken=spoken, words=rules, own_name=i18n.own_name)


@bp.get("/mail-templates/<mail_kind>/<mail_language>")
@requires(P.MAIL_TEMPLATES)
def show(mail_kind: str, mail_language: str) -> Response:
    return _page(_read(mail_kind, mail_language))


@bp.route("/mail-templates/<mail_kind>/<mail_language>/words", methods=["GET", "POST"])
@requires(P.MAIL_TEMPLATES, in_person=True)
def edit(mail_kind: str, mail_language: str) -> Response:
    page, form = _read(mail_kind, mail_language), MailForm()
    if request.method == "GET":
        form.show(form.stored(page.words), page.version)
        return _page(page, editing=True, form=form)
    form.settle()
    if form.validate_on_submit():
        clashes = saved(form, page, lambda page, version: _save(page, form, version), lambda: _again(page, form))
        if clashes:
            return _conflict(page, form, clashes)
        if not form.summary:
            return done(_("Saved. Mails are written like this from now on."), ".show", **page.place)
    return _page(page, editing=True, form=form)


def _save(page: Page, form: MailForm, version: int) -> object:
    what: dict[str, Any] = {"reseller_id": own(), "kind": page.kind, "language": page.language}
    return operations.change_mail(by=me(), version=version, words=form.words, **what)


def _again(page: Page, form: MailForm) -> tuple[Page, Values, int]:
    fresh = _read(page.kind, page.language)
    return fresh, form.stored(fresh.words), fresh.version


def _conflict(page: Page, form: MailForm, clashes: tuple[str, ...]) -> Response:
    fresh, theirs, version = _again(page, form)
    rows = form.clashes(theirs, clashes)
    form.remember(theirs, version)
    return _page(fresh, editing=True, form=form, status=409, clashes=rows)


@bp.route("/mail-templates/<mail_kind>/<mail_language>/usual", methods=["GET", "POST"])
@requires(P.MAIL_TEMPLATES, in_person=True)
def reset(mail_kind: str, mail_language: str) -> Response:
    page, form = _read(mail_kind, mail_language), PlainForm()
    if form.validate_on_submit():
        with form.refusals():
            operations.reset_mail(by=me(), reseller_id=own(), kind=page.kind, language=page.language)
            return done(_("The usual words stand again."), ".show", **page.place)
    return render("contacts/mail_template_reset.html", form=form, page=page, **_words())


@bp.post("/mail-templates/<mail_kind>/<mail_language>/try")
@requires(P.MAIL_TEMPLATES, in_person=True)
def send(mail_kind: str, mail_language: str) -> Response:
    """What is typed, or without a form what stands."""
    page, typed = _read(mail_kind, mail_language), "body" in request.form
    form = MailForm() if typed else PlainForm()
    sent = ""
    if form.validate_on_submit():
        with form.refusals():
            words = form.words if isinstance(form, MailForm) else page.own
            what: dict[str, Any] = {"kind": page.kind, "language": page.language, "words": words}
            sent = operations.try_mail(by=me(), account=accounts.own(me()), **what)
    if sent and not typed:
        return done(_("A test is on its way to %(address)s.", address=sent), ".show", **page.place)
    return _page(page, editing=typed, form=form, sent=sent)


@bp.route("/mail-templates/<mail_kind>/<mail_language>/preview", methods=["GET", "POST"])
@requires(P.MAIL_TEMPLATES)
def preview(mail_kind: str, mail_language: str) -> Response:
    """The mail as HTML and as text, for a frame; what is typed, or what stands."""
    page, form = _read(mail_kind, mail_language), MailForm()
    try:
        if request.method == "POST":
            operations.check_mail(reseller_id=own(), kind=page.kind, words=form.words)
        written = page.sample.written(form.words if request.method == "POST" else page.own)
    except Refused as refusal:
        return framed(render("contacts/mail_beside.html", trouble=refusal.sentence(), written=None, page=page), POLICY)
    return framed(render("contacts/mail_beside.html", trouble="", written=written, letter=_letter(written), page=page), POLICY)


def _letter(written: Written) -> Markup:
    """What stands between the mail's own <body> and </body>: composed by us, and escaped there."""
    return Markup(written.html.partition("<body")[2].partition(">")[2].rpartition("</body>")[0])  # noqa: S704


def _page(page: Page, *, editing: bool = False, **more: Any) -> Response:
    return shows_frames(render("contacts/mail_template.html", page=page, editing=editing, **_words(), **more))


def _words() -> dict[str, Any]:
    return {"kinds": rules, "own_name": i18n.own_name}

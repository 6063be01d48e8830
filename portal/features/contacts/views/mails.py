"""What became of mails, for the provider's people. What a mail says is not theirs to read."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.core import ids
from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.permissions import P
from portal.features.contacts import operations, queries, rules
from portal.features.contacts.queries import Asked
from portal.web.access import requires
from portal.web.session import me
from portal.web.templating import done, render

bp = Blueprint("mails", __name__, template_folder="../templates")
LONGEST_WORDS = 100
SIZES = (25, 50, 100)
USUAL_SIZE = 50


@dataclass(frozen=True)
class Query:
    """What the address of the list says; what is not offered is left out."""

    values: dict[str, str]

    @property
    def asked(self) -> Asked:
        after, before = (PublicId(self.values[name]) if name in self.values else None for name in ("after", "before"))
        return Asked(self.values.get("q", ""), "trouble" in self.values, after, before)

    @property
    def size(self) -> int:
        return int(self.values.get("rows", USUAL_SIZE))

    def kept(self, *without: str) -> dict[str, Any]:
        return {name: value for name, value in self.values.items() if name not in {"after", "before", *without}}

    def url(self, **changes: str | int | None) -> str:
        """The same list with something else, from its beginning."""
        wanted: dict[str, Any] = {**self.kept(), **changes}
        return url_for("mails.index", **{name: value for name, value in wanted.items() if value is not None})

    def sizes(self) -> list[tuple[int, str, bool]]:
        return [(size, self.url(rows=None if size == USUAL_SIZE else size), size == self.size) for size in SIZES]


def read_query() -> Query:
    asked = request.args.get
    words = "".join(sign for sign in asked("q", "") if sign.isprintable()).strip()[:LONGEST_WORDS]
    values = {name: value for name in ("after", "before") if ids.PATTERN.fullmatch(value := asked(name, ""))}
    values |= {"q": words} if words else {}
    values |= {"trouble": "1"} if asked("trouble") == "1" else {}
    values |= {"rows": asked("rows", "")} if asked("rows") in {str(size) for size in SIZES if size != USUAL_SIZE} else {}
    return Query(values)


@bp.get("/mails")
@requires(P.MAILS_VIEW)
def index() -> Response:
    query = read_query()
    page = queries.mails(query.asked, query.size)
    return render("contacts/mails.html", query=query, page=page, troubled=queries.troubled_count(), words=rules)


@bp.post("/mails/<public_id:mail_id>/again")
@requires(P.MAILS_VIEW)
def again(mail_id: PublicId) -> Response:
    mail, kept = queries.mail(mail_id), read_query().kept()
    try:
        operations.repeat_mail(by=me(), mail=mail)
    except Refused as refusal:
        return done(refusal.sentence(), ".index", kind="bad", **kept)
    return done(_("The mail to %(address)s is on its way again.", address=mail.recipient), ".index", **kept)

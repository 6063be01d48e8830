"""SIP domains and web hosts on one page, with the languages of the provider."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for

from portal.core import ids
from portal.core.ids import PublicId
from portal.core.leaves import Beside
from portal.core.permissions import P
from portal.core.places import Page
from portal.features.resellers import queries
from portal.features.resellers.views.door import bp, own_reseller, words
from portal.web.access import requires
from portal.web.forms import Form
from portal.web.listing import LONGEST_WORDS
from portal.web.nav import within
from portal.web.session import me
from portal.web.templating import render

SIZE = 25
PLACES = ("before", "after", "hosts_before", "hosts_after")


@dataclass(frozen=True)
class Asked:
    """What the address of the page says; what is not offered is left out."""

    values: Mapping[str, str]

    @property
    def words(self) -> str:
        return self.values.get("q", "")

    def place(self, of: str) -> Beside | None:
        for name in ("before", "after"):
            if of + name in self.values:
                return Beside(PublicId(self.values[of + name]), back=name == "before")
        return None

    def pages(self, of: str, page: Page[Any]) -> tuple[str, str]:
        """The addresses of the pages before and after, empty where there is none."""
        earlier = self._url(of, "before", page.rows[0].public_id) if page.rows and page.earlier else ""
        further = self._url(of, "after", page.rows[-1].public_id) if page.rows and page.further else ""
        return earlier, further

    def _url(self, of: str, name: str, public_id: PublicId) -> str:
        """Of one list, with the other one as it is."""
        kept = {key: value for key, value in self.values.items() if key not in {f"{of}before", f"{of}after"}}
        anchor = "hosts" if of else "domains"
        return url_for("resellers.domains", _anchor=anchor, **dict[str, Any]({**kept, of + name: public_id}))


def read_asked() -> Asked:
    values = {name: value for name in PLACES if (value := request.args.get(name)) and ids.PATTERN.fullmatch(value)}
    typed = request.args.get("q", "").strip()[:LONGEST_WORDS].replace("\0", "")
    return Asked({**values, "q": typed} if typed else values)


@bp.get("/domains")
@within("resellers.domains")
@requires(P.DOMAINS_VIEW)
def domains() -> Response:
    return page()


def page(*, form: Form | None = None, status: int | None = None, **editing: Any) -> Response:
    asked = read_asked()
    found = queries.domain_page(asked.words, size=SIZE, place=asked.place(""))
    hosts = queries.host_page(asked.words, size=SIZE, place=asked.place("hosts_"))
    return render(
        "resellers/domains.html",
        status=status,
        form=form,
        asked=asked,
        found=found,
        pages=asked.pages("", found),
        lines=queries.lines_in([row.id for row in found.rows]),
        hosts=hosts,
        host_pages=asked.pages("hosts_", hosts),
        reseller=own_reseller(),
        everybodys=me().can(P.RESELLERS_VIEW),
        **words(),
        **editing,
    )

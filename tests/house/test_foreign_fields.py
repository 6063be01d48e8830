"""Ids of another provider in every field of every form of the staff: nothing of theirs is given, taken, or told of."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

import html5lib
from sqlalchemy import text

from portal.core import db
from portal.core.ids import PATTERN
from portal.core.tenancy import Scope
from tests.browser import Browser
from tests.cast import Cast
from tests.house import ids

START = (
    "/",
    "/customers",
    "/contacts",
    "/domains",
    "/service-classes",
    "/number-blocks",
    "/staff",
    "/mail-templates",
    "/accounts",
    "/branding",
)
NEVER = (
    "/logout",
    "/viewing",
    "/account",
    "/preview",
    "/scheme",
    "/language",
    "/branding/preview",
    "/mail-templates/",
    "/audit",
    "/mails",
)
MOST_PAGES = 90
KINDS = ("domain_id", "host_id", "customer_id", "contact_id", "staff_line_id", "service_class_id")
TYPED = {"name": "Acme", "display_name": "Acme", "who": "new@acme.test", "numbers": "030 4440001", "number": "030 4440002"}
POINTING = frozenset({"contact", "domain", "host", "like", "line", "profile", "reseller", "service_class", "to", "who"})
LINK = re.compile(r'<a [^>]*href="(/[^"#]*)')


@dataclass(frozen=True)
class Field:
    """One of a form that carries an id."""

    action: str
    name: str
    rest: tuple[tuple[str, str], ...]


def pages(browser: Browser) -> Iterator[tuple[str, str]]:
    """All that one can get to by links, with the address that it has."""
    waiting, seen = list(START), set[str]()
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        if path.partition("?")[0] in seen or path.startswith(NEVER) or path.endswith((".csv", ".zip")):
            continue
        seen.add(path.partition("?")[0])
        answer = browser.get(path, check=False)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            yield path, answer.text
            waiting += [unescape(link) for link in LINK.findall(answer.text)]


def fields(path: str, page: str) -> Iterator[Field]:
    for form in html5lib.parse(page, namespaceHTMLElements=False).iter("form"):
        if (form.get("method") or "get").lower() != "post" or (form.get("action") or path).startswith(NEVER):
            continue
        held, carrying = {}, set[str]()
        for control in form.iter():
            name = control.get("name")
            if control.tag not in {"input", "select", "textarea"} or name is None or name == "csrf_token":
                continue
            offered = [control.get("value") or "", *(one.get("value") or "" for one in control.iter("option"))]
            chosen = [one.get("value") or "" for one in control.iter("option") if one.get("selected") is not None]
            if control.tag == "select" or control.get("type") not in {"radio", "checkbox"} or control.get("checked") is not None:
                held[name] = (chosen or offered[-1:])[0]
            if name in POINTING or any(PATTERN.fullmatch(value) for value in offered):
                carrying.add(name)
        for name in sorted(carrying):
            yield Field(form.get("action") or path, name, tuple(sorted({**held, name: ""}.items())))


def everything_of(reseller_id: int) -> dict[str, str]:
    """What stands in each table of a provider."""
    with db.unit_of_work(Scope.platform(), read_only=True) as session:
        tables = session.scalars(
            text(
                "SELECT table_name FROM information_schema.columns WHERE column_name = 'reseller_id' AND table_schema = 'public'"
            )
        ).all()
        statement = "SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {} t WHERE reseller_id = :owner"
        readable = [name for name in tables if session.scalar(text(f"SELECT has_table_privilege('{name}', 'SELECT')"))]
        return {name: str(session.scalar(text(statement.format(name)), {"owner": reseller_id})) for name in readable}


def test_nothing_of_another_provider_moves(cast: Cast, browse: Callable[..., Browser]) -> None:
    browser = browse(cast.rita)
    foreign = {name: ids.MAKERS[name](cast) for name in KINDS}
    before = everything_of(cast.telephone.id)
    found = {(one.action, one.name): one for path, page in pages(browser) for one in fields(path, page)}
    assert {name for _action, name in found} >= {"domain", "service_class", "who"}, sorted(found)
    for field in found.values():
        for kind, public_id in foreign.items():
            filled = {name: value or TYPED.get(name, "") for name, value in field.rest}
            answer = browser.post(field.action, {**filled, field.name: public_id}, check=False)
            assert answer.status_code < 500, (field, kind)
            shown = answer.text
            for told in ("Lantern", "Clare Fenn", "Alice Meier", "lantern.example", "TelephOne"):
                assert told not in shown, (field.action, field.name, kind, told)
    assert before["customer"] != before["trusted_source"], "there was something to move"
    assert {name for name, now in everything_of(cast.telephone.id).items() if now != before[name]} == set()

"""Whoever may look and not change: no unsafe route lets them, and no page offers what they are refused."""

from collections.abc import Callable

import html5lib
import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, Rule

from portal.core import db
from portal.core.permissions import GRANTS, WITHHOLDS, Role, Withheld
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.web import access
from tests.cast import Cast, Person
from tests.house import ids
from tests.house.conftest import Ask

# What everybody does with their own account, and seeing what somebody sees.
OWN = {access.Kind.PUBLIC, access.Kind.SIGNED_IN, access.Kind.SUDO}
STAFF = {"tom": Role.RESELLER, "olga": Role.OPERATOR}


def _path(cast: Cast, rule: Rule) -> str:
    known = all(name in ids.MAKERS or name in ids.PLAIN for name in rule.arguments)
    return ids.path(rule, ids.lanterns(cast, rule) if known else ids.nobodys(rule))


def read_only(person: Person) -> Person:
    with db.unit_of_work(Scope.platform()) as session:
        own = update(Account).where(Account.id == person.account.id)
        session.execute(own.values(withheld=[Withheld.CHANGES.value]))
    return person


@pytest.mark.parametrize("name", STAFF)
def test_no_unsafe_route_lets_them_change_anything(name: str, app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    ask, swept = plainly(read_only(cast.people[name])), 0
    for rule in ids.routes(app):
        mark = access.mark_of(app, rule.endpoint)
        if mark.kind in OWN or mark.looks:
            continue
        for method in set(ids.methods(rule)) - {"GET"}:
            swept += 1
            answer = ask(method, _path(cast, rule))
            assert answer.status_code in {403, 404}, f"{method} {rule} answered {answer.status}"
    assert swept > 60


@pytest.mark.parametrize("name", STAFF)
def test_no_page_offers_what_they_are_refused(name: str, app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    """Links and forms of every page that they see lead to what they may do."""
    ask = plainly(read_only(cast.people[name]))
    may = GRANTS[STAFF[name]] - WITHHOLDS[Withheld.CHANGES]
    adapter = app.url_map.bind(cast.people[name].host)
    refused = set()
    for rule in ids.routes(app):
        if "GET" not in ids.methods(rule):
            continue
        path = _path(cast, rule)
        answer = ask("GET", path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            refused |= {
                f"{path}: {method} {goal}" for method, goal in _offers(answer.text) if not _may(app, adapter, method, goal, may)
            }
    assert refused == set()


def _offers(page: str) -> set[tuple[str, str]]:
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(page)
    links = {("GET", link.get("href") or "") for link in tree.iter("a")}
    forms = {((form.get("method") or "get").upper(), form.get("action") or "") for form in tree.iter("form")}
    return {(method, goal.partition("?")[0].partition("#")[0]) for method, goal in links | forms if goal.startswith("/")}


def _may(app: Flask, adapter: MapAdapter, method: str, goal: str, may: frozenset[object]) -> bool:
    try:
        rule, _values = adapter.match(goal, method=method, return_rule=True)
    except HTTPException:
        return True  # of the gallery, or a redirect
    mark = access.mark_of(app, rule.endpoint)
    if mark.permission is None:
        return True
    return mark.permission in may and (mark.looks or ids.methods(rule) == ["GET"])

"""Somebody else's thing does not exist: every route with an id, asked by another customer and by other resellers."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.accounts.models import AccountSession
from portal.features.numbers.models import Number
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.house import ids
from tests.house.conftest import Ask

# Another customer of the same reseller; a customer and the administrator of another reseller.
STRANGERS = ("ike", "charlie", "rita")
TOKEN = re.compile(r'name="csrf_token" value="[^"]*"')


def bare(response: TestResponse, asked: dict[str, str]) -> str:
    """The page without what differs from one request to the next: the CSRF token and the address itself."""
    text = TOKEN.sub("", response.text)
    for value in asked.values():
        text = text.replace(value, "…")
    return text


def headers(response: TestResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers if name not in {"Set-Cookie", "Content-Length"}}


@pytest.mark.parametrize("stranger", STRANGERS)
def test_lanterns_things_do_not_exist_for(stranger: str, app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    ask = plainly(cast.people[stranger])
    rules = [rule for rule in ids.routes(app) if ids.has_id(rule)]
    assert len(rules) > 10
    for rule in rules:
        theirs, nobodys = ids.lanterns(cast, rule), ids.nobodys(rule)
        for method in ids.methods(rule):
            seen, missing = ask(method, ids.path(rule, theirs)), ask(method, ids.path(rule, nobodys))
            assert seen.status_code == 404, f"{stranger}: {method} {rule} answered {seen.status}"
            assert (bare(seen, theirs), headers(seen)) == (bare(missing, nobodys), headers(missing)), f"{method} {rule} tells"


@pytest.mark.parametrize("stranger", STRANGERS)
def test_half_an_address_helps_nobody(stranger: str, app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    """Own things in the address do not open those of others beside them."""
    ask = plainly(cast.people[stranger])
    several = [rule for rule in ids.routes(app) if len(rule.arguments) > 1 and ids.has_id(rule)]
    for rule in several:
        theirs = ids.lanterns(cast, rule)
        for name in rule.arguments:
            mixed = {**theirs, name: ids.NOT_THERE}
            assert {ask(method, ids.path(rule, mixed)).status_code for method in ids.methods(rule)} == {404}
    assert [rule for rule in several if set(rule.arguments) <= set(ids.PLAIN)] == []


def test_the_same_addresses_answer_those_whose_they_are(app: Flask, cast: Cast, plainly: Callable[..., Ask]) -> None:
    """Without this the sweep above could be happy with ids that are nobody's."""
    family = [plainly(cast.people[name]) for name in ("clare", "alice", "tom", "olga")]
    for rule in ids.routes(app):
        if ids.has_id(rule):
            path = ids.path(rule, ids.lanterns(cast, rule))
            answers = {ask(method, path).status_code for ask in family for method in ids.methods(rule)}
            assert answers - {404}, f"nobody at all is answered at {rule}"


def test_every_kind_of_id_is_swept(app: Flask, cast: Cast) -> None:
    unknown = {name for rule in ids.routes(app) for name in rule.arguments if name not in ids.MAKERS and name not in ids.PLAIN}
    assert not unknown, f"tests/house/ids.py does not know how to make: {sorted(unknown)}"
    for name, make in ids.MAKERS.items():
        assert len(make(cast)) == len(ids.NOT_THERE), name


def test_ids_in_addresses_are_public_ids(app: Flask) -> None:
    careless = [str(rule) for rule in ids.routes(app) if ids.has_id(rule) and not _typed(rule)]
    assert careless == []


def _typed(rule: Rule) -> bool:
    return all(f"<public_id:{name}>" in rule.rule for name in rule.arguments if name in ids.MAKERS)


@pytest.mark.parametrize("odd", ["0", "1", "0" * 15, "0" * 17, "O" * 16, "I" * 16, "a/b", "..", "%00", "' OR 1=1 --", "😀" * 16])
def test_what_is_no_id_is_not_there(odd: str, cast: Cast, browse: Callable[..., Browser]) -> None:
    assert browse(cast.clare).get(f"/extensions/{odd}").status_code == 404


# --- ids beside the path ----------------------------------------------------------------------------------------------------

QUERIES = {
    "/calls": "person",
    "/calls.csv": "person",
    "/extensions": "group",
    "/extensions/new": "like",
    "/imports/new": "corrects",
    "/numbers": "owner",
    "/search": "q",
}


@pytest.mark.parametrize(("path", "name"), QUERIES.items())
def test_ids_of_others_in_a_question_are_ids_of_nobody(path: str, name: str, cast: Cast, browse: Callable[..., Browser]) -> None:
    ike = browse(cast.ike)
    for make in ids.MAKERS.values():
        theirs = {name: make(cast)}
        seen, missing = (ike.get(path, query_string=asked) for asked in (theirs, {name: ids.NOT_THERE}))
        assert seen.status_code == missing.status_code < 500
        assert bare(seen, theirs) == bare(missing, {name: ids.NOT_THERE})


def test_nothing_of_others_is_given_or_taken_by_naming_it(cast: Cast, browse: Callable[..., Browser]) -> None:
    """City Bank's pilot names Lantern's numbers and people in forms of his own."""
    ike, own = browse(cast.ike), _line(cast.ike)
    number, line = ids.MAKERS["number_id"](cast), ids.MAKERS["extension_id"](cast)
    before = _held(cast)
    for theirs, nobodys in (
        ({"number": number, "return": "1"}, {"number": ids.NOT_THERE, "return": "1"}),
        ({"number": number, "to": own}, {"number": ids.NOT_THERE, "to": own}),
        ({"number": number, "to": line}, {"number": ids.NOT_THERE, "to": ids.NOT_THERE}),
    ):
        seen, missing = ike.post("/numbers", theirs), ike.post("/numbers", nobodys)
        assert seen.status_code == missing.status_code
        assert bare(seen, theirs) == bare(missing, nobodys)
    for holder, back in ((line, f"{number}.{line}"), (own, f"{number}.{own}"), (own, f"{number}.{line}")):
        assert ike.post("/numbers/undo", query_string={"holder": holder, "back": back}).status_code in {303, 404}
    assert _held(cast) == before


def _line(person: Person) -> str:
    assert person.subscriber is not None
    return str(person.subscriber.public_id)


def _held(cast: Cast) -> list[tuple[str, int | None]]:
    with db.unit_of_work(Scope.platform()) as session:
        rows = session.execute(select(Number.digits, Number.subscriber_id).order_by(Number.digits))
        return [(digits, line) for digits, line in rows]


# --- a session belongs to the host it was made at -----------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["telephone.localhost", "cheapcall.localhost", "isar.localhost", "lantern.telephone.example"])
def test_a_session_replayed_at_another_host_is_nobody(host: str, app: Flask, cast: Cast, browse: Callable[..., Browser]) -> None:
    alice = browse(cast.alice)
    assert alice.get("/account").status_code == 200
    cookie = alice.client.get_cookie("session", domain="lantern.localhost")
    assert cookie is not None
    thief = browse(host=host)
    thief.client.set_cookie("session", cookie.value, domain=host)
    assert thief.get("/account").headers["Location"] == "/login?next=/account"
    assert alice.get("/account").status_code == 200


def test_a_session_moved_to_another_tenant_in_the_database_is_nobody(cast: Cast, browse: Callable[..., Browser]) -> None:
    """Even if the host in the row were that of another tenant, the account is not."""
    alice = browse(cast.alice)
    cookie = alice.client.get_cookie("session", domain="lantern.localhost")
    assert cookie is not None
    with db.unit_of_work(Scope.platform()) as session:
        session.query(AccountSession).update({"host": "cheapcall.localhost"})
    thief = browse(host="cheapcall.localhost")
    thief.client.set_cookie("session", cookie.value, domain="cheapcall.localhost")
    assert thief.get("/account").headers["Location"] == "/login?next=/account"


def test_no_page_names_another_tenant(cast: Cast, browse: Callable[..., Browser]) -> None:
    names = {"isar.localhost": "Isar Telecom", "lantern.localhost": "TelephOne", "cheapcall.localhost": "Cheap Call"}
    for host, own in names.items():
        for path in ("/login", "/nothing-here"):
            text = browse(host=host).get(path).text
            assert own in text
            assert [name for name in names.values() if name != own and name in text] == []

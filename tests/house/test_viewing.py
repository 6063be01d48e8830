"""While staff view as somebody, whatever proves who that person is stays out of reach: on every route there is."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts.models import AccountSession
from portal.web import access
from tests.cast import Cast
from tests.house import ids
from tests.house.conftest import Ask

# What an address speaks of that is for the person alone, whoever's it is.
ALONE = re.compile(
    r"password|factor|passkey|authenticator|codes|session|email|person$|link|invit|confirm|enrol|view-as|sign-in|display",
)
# Addresses that only sound like it, and those that nobody has to be signed in for.
BESIDE = {
    "/contacts/<public_id:contact_id>/person": "a contact has no account; staff who view as somebody do not get there at all",
    "/extensions/<public_id:extension_id>/person": "the name may be changed; the operation refuses an address or a sign-in name",
    "/sign-in-rules": "a provider’s own: nobody who can be viewed reaches it",
}


@pytest.fixture
def viewing(cast: Cast, plainly: Callable[..., Ask]) -> Callable[[str, str], Ask]:
    """Makes a member of staff who views as somebody."""

    def of(staff: str, person: str) -> Ask:
        ask = plainly(cast.people[staff])
        viewed = {
            "viewing_account_id": cast.people[person].account.id,
            "viewing_reason": "a test",
            "viewing_until": clock.now() + timedelta(minutes=10),
        }
        own = AccountSession.account_id == cast.people[staff].account.id
        with db.unit_of_work(Scope.platform()) as session:
            session.execute(update(AccountSession).where(own).values(**viewed))
        return ask

    return of


def swept(app: Flask, cast: Cast, ask: Ask, *, in_person: bool) -> dict[str, TestResponse]:
    return {
        f"{method} {rule}": ask(method, ids.path(rule, ids.lanterns(cast, rule)))
        for rule in ids.routes(app)
        if access.mark_of(app, rule.endpoint).in_person is in_person
        for method in ids.methods(rule)
    }


@pytest.mark.parametrize(("staff", "person"), [("tom", "clare"), ("cora", "alice")])
def test_what_is_for_the_person_alone_is_not_there(
    staff: str, person: str, app: Flask, cast: Cast, viewing: Callable[..., Ask]
) -> None:
    answers = swept(app, cast, viewing(staff, person), in_person=True)
    assert len(answers) > 20
    assert {name: answer.status for name, answer in answers.items() if answer.status_code != 403} == {}


@pytest.mark.parametrize(("staff", "person"), [("tom", "clare"), ("cora", "alice")])
def test_everything_else_goes_on(staff: str, person: str, app: Flask, cast: Cast, viewing: Callable[..., Ask]) -> None:
    answers = swept(app, cast, viewing(staff, person), in_person=False)
    assert {name: answer.status for name, answer in answers.items() if answer.status_code in {403, 500}} == {}


def test_nothing_that_sounds_like_it_was_forgotten(app: Flask) -> None:
    marks = {str(rule): access.mark_of(app, rule.endpoint) for rule in ids.routes(app)}
    unmarked = {
        name
        for name, mark in marks.items()
        if ALONE.search(name) and not mark.in_person and mark.kind is not access.Kind.PUBLIC and name not in BESIDE
    }
    assert unmarked == set()


def test_those_beside_it_exist(app: Flask) -> None:
    assert set(BESIDE) <= {str(rule) for rule in ids.routes(app)}

"""What somebody who had a foot in the door keeps of it, once the owner acts: nothing."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.core.tenancy import Scope
from portal.features.accounts import operations, queries
from portal.features.accounts.models import Account, AccountSession, Method, SignInRules
from portal.features.resellers.queries import tenant_by_host
from portal.web.session import token_hash
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.features.accounts.factors import give_app, sessions, shown, type_password
from tests.mailbox import mails

Browse = Callable[..., Browser]
NEW = "seven purple kettles humming 9"
OTHER = "quiet otter drives nine tractors"


@pytest.fixture
def alice(cast: Cast) -> Person:
    change(cast.alice, email="alice@old.example")
    return cast.alice


def change(person: Person, **values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        account = session.get_one(Account, person.account.id)
        for name, value in values.items():
            setattr(account, name, value)


def address_of(person: Person) -> str | None:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(Account.email).where(Account.id == person.account.id))


def reset_path(person: Person) -> str:
    with db.unit_of_work(person.scope):
        operations.send_reset(by=person.identity, account=queries.account(person.account.public_id))
    return mails("password_reset")[-1].path


def invitation_path(person: Person, by: Person) -> str:
    change(person, password_hash=None)
    with db.unit_of_work(by.scope):
        operations.invite(by=by.identity, account=queries.account(person.account.public_id))
    return mails("invitation")[-1].path


def pilot_corrects(browse: Browse, cast: Cast, email: str) -> None:
    clare, path = browse(cast.clare), f"/extensions/{cast.alice.subscriber.public_id}/person"
    version = re.search(r'name="version"[^>]*value="(\d+)"', clare.get(path).text)
    assert version is not None
    person = {"display_name": "Alice Meier", "email": email, "web_username": "alice", "language": ""}
    assert clare.post(path, {"version": version[1], **person}).status_code == 303


def renews(visitor: Browser, path: str, data: dict[str, str]) -> bool:
    before = visitor.client.get_cookie("session", domain=visitor.host)
    assert visitor.post(path, data).status_code == 303
    after = visitor.client.get_cookie("session", domain=visitor.host)
    assert before is not None
    assert after is not None
    return before.value != after.value


def token(visitor: Browser) -> bytes:
    cookie = visitor.client.get_cookie("session", domain=visitor.host)
    assert cookie is not None
    return token_hash(cookie.value)


# --- links that were mailed before ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["reset", "change"])
def test_an_address_that_a_thief_asked_for_is_not_confirmed_after_a_new_password(alice: Person, browse: Browse, way: str) -> None:
    thief = browse(alice)
    assert thief.post("/account/email", {"email": "thief@evil.example"}).status_code == 303
    evil = mails("confirm_email")[-1].path
    if way == "reset":
        answer = browse(host=alice.host).post(reset_path(alice), {"password": NEW, "repeat": NEW})
    else:
        answer = browse(alice).post("/account/password", {"current": PASSWORD, "password": NEW, "repeat": NEW})
    assert answer.status_code == 303
    assert browse(host=alice.host).post(evil).status_code == 404
    assert address_of(alice) == "alice@old.example"


def test_a_link_to_a_new_password_dies_with_ones_own_change(alice: Person, browse: Browse) -> None:
    path = reset_path(alice)
    assert renews(browse(alice), "/account/password", {"current": PASSWORD, "password": NEW, "repeat": NEW})
    assert browse(host=alice.host).get(path).status_code == 404


def test_an_invitation_dies_when_a_password_is_given(alice: Person, cast: Cast, browse: Browse) -> None:
    path = invitation_path(alice, cast.clare)
    with db.unit_of_work(cast.clare.scope):
        operations.set_password(by=cast.clare.identity, account=queries.account(alice.account.public_id), password=NEW)
    assert browse(host=alice.host).get(path).status_code == 404


def test_links_die_when_the_pilot_corrects_the_address_and_the_owner_is_told(alice: Person, cast: Cast, browse: Browse) -> None:
    path = reset_path(alice)
    pilot_corrects(browse, cast, "alice@new.example")
    assert browse(host=alice.host).get(path).status_code == 404
    assert [mail.to for mail in mails("email_changed")] == ["alice@old.example"]


def test_whoever_has_not_come_yet_is_invited_at_the_corrected_address(alice: Person, cast: Cast, browse: Browse) -> None:
    path = invitation_path(alice, cast.clare)
    pilot_corrects(browse, cast, "alice@right.example")
    assert browse(host=alice.host).get(path).status_code == 404
    again = mails("invitation")[-1]
    assert again.to == "alice@right.example"
    assert browse(host=alice.host).get(again.path).status_code == 200


def test_links_die_with_a_lock(alice: Person, cast: Cast, browse: Browse) -> None:
    path = reset_path(alice)
    with db.unit_of_work(cast.clare.scope):
        operations.close_door(queries.account(alice.account.public_id))
        operations.open_door(queries.account(alice.account.public_id))
    assert browse(host=alice.host).get(path).status_code == 404


# --- copies of a token, half sessions, known devices ----------------------------------------------------------------------------


def test_an_owed_password_comes_with_a_new_token(alice: Person, browse: Browse) -> None:
    change(alice, must_change_password=True)
    assert renews(browse(alice), "/new-password", {"password": NEW, "repeat": NEW})


def test_a_half_session_read_before_a_reset_opens_nothing_after_it(alice: Person, browse: Browse) -> None:
    seed, _codes = give_app(alice)
    thief = browse(host=alice.host)
    type_password(thief, alice)
    tenant = tenant_by_host(alice.host)
    assert tenant is not None
    half = queries.half_signed_in(tenant, token(thief), timedelta(minutes=30))
    assert half is not None
    browse(host=alice.host).post(reset_path(alice), {"password": NEW, "repeat": NEW})
    until = clock.now() + timedelta(hours=1)
    visit = operations.Visit(
        tenant=tenant, address="192.0.2.9", user_agent="x", token_hash=b"0" * 32, until=until, instead_of=half
    )
    with db.unit_of_work(tenant.scope):
        account = operations.pass_totp(by=half, code=shown(seed))
        with pytest.raises(Refused, match="sign-in-failed"):
            operations.enter(visit=visit, account=account, method=Method.TOTP, finishing=True)
    assert sessions(alice) == []


def test_a_device_from_before_a_reset_counts_as_new(alice: Person, browse: Browse) -> None:
    thief = browse(host=alice.host)
    thief.post("/login", {"username": alice.sign_in_name, "password": PASSWORD})
    with clock.frozen(clock.now() + timedelta(seconds=2)):
        browse(host=alice.host).post(reset_path(alice), {"password": NEW, "repeat": NEW})
        told = len(mails("new_device"))
        assert thief.post("/login?next=/account", {"username": alice.sign_in_name, "password": NEW}).status_code == 303
        assert len(mails("new_device")) == told + 1
        assert thief.post("/login?next=/account", {"username": alice.sign_in_name, "password": NEW}).status_code == 303
        assert len(mails("new_device")) == told + 1, "from then on it is known"


# --- an open browser ------------------------------------------------------------------------------------------------------------


def test_an_expired_password_is_replaced_only_by_who_has_just_shown_it(alice: Person, cast: Cast, browse: Browse) -> None:
    visitor = browse(alice)
    with db.unit_of_work(Scope.platform()) as session:
        session.add(SignInRules(reseller_id=cast.telephone.id, factor_roles=[], password_days=30))
        session.execute(update(AccountSession).values(confirmed_at=clock.now() - timedelta(hours=5)))
    change(alice, password_set_at=clock.now() - timedelta(days=31))
    assert visitor.get("/calls").headers["Location"] == "/new-password"
    assert visitor.get("/new-password").headers["Location"] == "/confirm?next=/new-password"
    assert visitor.post("/new-password", {"password": NEW, "repeat": NEW}).headers["Location"].startswith("/confirm")
    page = visitor.post("/confirm?next=/new-password", {"current": PASSWORD})
    assert page.headers["Location"] == "/new-password"
    assert "longer than your provider allows" in visitor.get("/new-password").text
    assert visitor.post("/new-password", {"password": NEW, "repeat": NEW}).status_code == 303


def test_signing_in_anew_while_viewing_ends_the_view_in_the_log(cast: Cast, browse: Browse) -> None:
    cora = browse(cast.cora)
    path = f"/accounts/{cast.clare.account.public_id}/view-as"
    assert cora.post(path, {"reason": "ticket 4711"}).status_code == 303
    assert cora.post("/login?next=/account", {"username": cast.cora.sign_in_name, "password": PASSWORD}).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        ended = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.VIEW_ENDED)).one()
        assert (ended.actor, ended.subject) == (cast.cora.account.public_id, cast.clare.account.public_id)

"""Telephones that are signed in: who sees them, who signs them off, and what lets go of them by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import db
from portal.core.audit import AuditEntry
from portal.core.ids import PublicId
from portal.core.leaves import Beside
from portal.core.phone import Home
from portal.core.tenancy import Scope
from portal.features.subscribers import operations, queries
from portal.features.subscribers.models import Registration, Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast, Person
from tests.factories.phones import signs_in
from tests.features.pbx.reading import text_of

Browse = Callable[..., Browser]
HOSTILE = "<script>alert(1)</script>"


def phone_of(person: Person) -> PublicId:
    with db.unit_of_work(Scope.platform()):
        return queries.devices_of(person.subscriber.id)[0].public_id


def phones(person: Person) -> int:
    with db.unit_of_work(Scope.platform()) as session:
        own = Registration.subscriber_id == person.subscriber.id
        return session.scalar(select(func.count()).select_from(Registration).where(own)) or 0


def again(person: Person, user_agent: str, **facts: object) -> PublicId:
    with db.unit_of_work(Scope.platform()):
        return signs_in(person.subscriber, user_agent, **facts)  # type: ignore[arg-type]


def test_somebody_sees_the_own_phones(cast: Cast, browse: Browse) -> None:
    again(cast.bob, "Grandstream GXP2170 1.0.11.23")
    page = browse(cast.alice).get("/devices")
    text = text_of(page)
    assert "1 phone is signed in at your line" in text
    assert "Yealink T46S" in text
    assert "Version 66.86.0.15" in text
    assert "203.0.113.9" in text
    assert "TLS" in text
    assert "Expires in" in text
    assert "192.168.1.20" not in text  # what is only known behind a router says nothing
    assert "Grandstream" not in text
    assert "lantern.telephone.example" in text


def test_without_a_phone_it_is_said_how_one_signs_in(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    alice.post(f"/devices/{phone_of(cast.alice)}/remove")
    text = text_of(alice.get("/devices"))
    assert "No phone is signed in at your line" in text
    assert "lantern.telephone.example" in text
    assert "Whoever runs the telephone system of your company can make a new one." in text
    assert "Not signed in now" in text  # it is remembered
    assert "Yealink T46S" in text
    assert "How to sign a phone in" in text_of(alice.get("/"))


def test_what_has_expired_is_not_there(cast: Cast, browse: Browse) -> None:
    again(cast.alice, "Old 1.0", lasting=timedelta(seconds=-1))
    text = text_of(browse(cast.alice).get("/devices"))
    assert "1 phone is signed in" in text
    assert text.index("Old") > text.index("Not signed in now")


def test_removing_signs_off_at_once_and_is_written_down(cast: Cast, browse: Browse) -> None:
    alice, here = browse(cast.alice), f"/devices/{phone_of(cast.alice)}/remove"
    asked = text_of(alice.get(here))
    assert "Yealink T46S is signed off from Alice Meier at once" in asked
    assert "This cannot be undone." in asked
    assert phones(cast.alice) == 1
    page = alice.follow(alice.post(here))
    assert "Yealink T46S of Alice Meier is signed off." in text_of(page)
    assert phones(cast.alice) == 0
    assert alice.post(here).status_code == 404
    told = text_of(browse(cast.clare).get(f"/extensions/{cast.alice.subscriber.public_id}"))
    assert "Alice Meier signed a phone of Alice Meier off: Yealink T46S" in told
    with db.unit_of_work(Scope.platform()) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == "device-signed-off")).one()
        assert (entry.subject, entry.details) == (
            cast.alice.subscriber.public_id,
            {"device": "Yealink T46S", "network": "203.0.113.9"},
        )


def test_the_pilot_sees_and_removes_those_of_the_company(cast: Cast, browse: Browse) -> None:
    again(cast.alice, "Linphone Desktop/5.0.2 (Debian)")
    clare = browse(cast.clare)
    text = text_of(clare.get("/devices"))
    assert all(name in text for name in ("Alice Meier", "Bob Turner", "Carol Nguyen", "Linphone Desktop"))
    assert "3 of 3 people have a phone signed in" in text
    found = text_of(clare.get("/devices?q=linphone"))
    assert "Alice Meier" in found
    assert "Bob Turner" not in found
    assert "Bob Turner" in text_of(clare.get("/devices?q=102"))
    assert "Alice Meier" not in text_of(clare.get(f"/devices?person={cast.bob.subscriber.public_id}"))
    assert "No phone fits" in text_of(clare.get("/devices?q=nobody"))
    page = clare.follow(clare.post(f"/devices/{phone_of(cast.bob)}/remove"))
    assert "Yealink T46S of Bob Turner is signed off." in text_of(page)
    assert "2 of 3 people have a phone signed in" in text_of(page)


def test_a_long_list_is_leafed_through(cast: Cast) -> None:
    for number in range(30):
        again(cast.carol, f"Phone {number}.0")
    with db.unit_of_work(cast.clare.scope):
        filters, home = queries.DeviceFilters(), Home("49", "30")
        seen: list[PublicId] = []
        for _page in range(3):
            place = Beside(seen[-1]) if seen else None
            page = queries.device_page(cast.lantern.id, filters, home, sort="name", size=15, place=place)
            seen += [row.public_id for row in page.rows]
        assert len(seen) == len(set(seen)) == 34
        assert not page.further
        assert queries.device_count(cast.lantern.id, filters, home) == (34, False)


@pytest.mark.parametrize("who", ["charlie", "ike", "rita"])
def test_those_of_others_are_not_there(cast: Cast, browse: Browse, who: str) -> None:
    key, them = phone_of(cast.alice), browse(cast.people[who])
    assert them.get(f"/devices/{key}/remove").status_code == 404
    assert them.post(f"/devices/{key}/remove").status_code == 404
    assert them.post(f"/devices/mail/{cast.alice.subscriber.public_id}", {"on": ""}).status_code == 404
    assert them.post(f"/lines/{cast.alice.subscriber.public_id}/devices/{key}/remove").status_code == 404
    assert "Alice" not in text_of(them.get("/devices"))
    assert phones(cast.alice) == 1


def test_a_colleague_sees_only_the_own(cast: Cast, browse: Browse) -> None:
    bob, key = browse(cast.bob), phone_of(cast.alice)
    assert bob.post(f"/devices/{key}/remove").status_code == 404
    assert bob.post(f"/devices/mail/{cast.alice.subscriber.public_id}", {"on": ""}).status_code == 404
    assert phones(cast.alice) == 1


def test_the_database_shows_nobody_those_of_others(cast: Cast) -> None:
    for scope, lines in ((cast.clare.scope, 4), (cast.ike.scope, 1), (cast.tom.scope, 5), (cast.charlie.scope, 1)):
        with db.unit_of_work(scope) as session:
            assert session.scalar(select(func.count()).select_from(Registration)) == lines


def test_staff_sign_off_at_the_page_of_the_line(cast: Cast, browse: Browse) -> None:
    cora, here = browse(cast.cora), f"/lines/{cast.alice.subscriber.public_id}"
    assert "Yealink T46S" in text_of(cora.get(here))
    page = cora.follow(cora.post(f"{here}/devices/{phone_of(cast.alice)}/remove"))
    assert "Yealink T46S of Alice Meier is signed off." in text_of(page)
    assert "No phone signed in" in text_of(page)
    assert cora.get(f"/lines/{cast.alice.subscriber.public_id}/devices/{phone_of(cast.bob)}/remove").status_code == 404


def test_the_list_of_extensions_says_who_is_signed_in(cast: Cast, browse: Browse) -> None:
    clare = browse(cast.clare)
    again(cast.alice, "Linphone Desktop/5.0.2 (Debian)")
    clare.post(f"/devices/{phone_of(cast.bob)}/remove")
    text = text_of(clare.get("/extensions"))
    assert "2 signed in" in text
    assert "None signed in" in text
    out, inside = text_of(clare.get("/extensions?phones=out")), text_of(clare.get("/extensions?phones=in"))
    assert "Bob Turner" in out
    assert "Alice Meier" not in out
    assert "Alice Meier" in inside
    assert "Bob Turner" not in inside
    assert "1 without a phone" in text_of(clare.get("/"))
    assert "2 phones signed in" in text_of(clare.get(f"/extensions/{cast.alice.subscriber.public_id}"))


def test_callers_are_told_what_they_experience_now(cast: Cast, browse: Browse) -> None:
    clare, here = browse(cast.clare), f"/extensions/{cast.bob.subscriber.public_id}"
    assert "no phone is signed in" not in text_of(clare.get(here))
    clare.post(f"/devices/{phone_of(cast.bob)}/remove")
    assert "do not ring: no phone is signed in." in text_of(clare.get(here))
    tried = f"/call-handling/{cast.bob.subscriber.public_id}?caller=&day=2026-11-26&time=10:00"
    assert "Bob Turner does not ring: no phone is signed in." in text_of(clare.get(tried))
    assert "Bob Turner does not ring" not in text_of(clare.get(f"{tried}&phones=free"))


def held(cast: Cast, name: str) -> Subscriber:
    found = db.session().get(Subscriber, cast.people[name].subscriber.id)
    assert found is not None
    return found


@pytest.mark.parametrize("how", ["terminated", "locked", "new password"])
def test_whoever_may_not_call_any_more_has_no_phone(cast: Cast, how: str) -> None:
    with db.unit_of_work(cast.clare.scope):
        line, by = held(cast, "alice"), cast.clare.identity
        if how == "locked":
            operations.lock(by=by, line=line, level=LockLevel.GLOBAL, reason="Unpaid")
        elif how == "new password":
            operations.renew_sip_password(by=by, line=line)
        else:
            operations.end_line(line=line)
    assert phones(cast.alice) == 0
    assert phones(cast.bob) == 1


def test_a_lock_that_still_lets_calls_in_keeps_them(cast: Cast) -> None:
    with db.unit_of_work(cast.clare.scope):
        operations.lock(by=cast.clare.identity, line=held(cast, "alice"), level=LockLevel.OUTGOING, reason="Unpaid")
    assert phones(cast.alice) == 1


def test_whatever_a_phone_says_is_only_text(cast: Cast, browse: Browse) -> None:
    again(cast.alice, HOSTILE, heard=f"sip:x@{HOSTILE}")
    for person, path in (
        (cast.alice, "/devices"),
        (cast.alice, "/"),
        (cast.clare, "/devices"),
        (cast.clare, f"/extensions/{cast.alice.subscriber.public_id}"),
        (cast.cora, f"/lines/{cast.alice.subscriber.public_id}"),
    ):
        assert HOSTILE not in browse(person).get(path).text

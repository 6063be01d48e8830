"""A company has no more calls with others at the same time than it may."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select, text

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.calls.models import CallRecord
from tests.cast import Cast
from tests.features.calls.switch import Switch, as_owner

ANNA, OUTSIDE, ALICE = "4930441287", "+491715550001", "49305550000101"
DIALOG = """INSERT INTO kamailio.dialog
    (hash_entry, hash_id, callid, from_uri, from_tag, to_uri, to_tag, caller_cseq, callee_cseq,
    caller_contact, callee_contact, caller_sock, callee_sock, state, start_time, req_uri)
    VALUES (1, 1, 'sip', '', '', '', '', '1', '1', '', '', '', '', 4, 0, '') RETURNING 1"""


@pytest.fixture
def switch(own_database: db.Database, own_cast: Cast) -> Switch:
    """Lantern Co may have one call."""
    made = Switch(own_database)
    made.phones(own_cast.alice, own_cast.bob)
    made.peer()
    may_have(own_cast, 1)
    return made


def may_have(cast: Cast, calls: int | None) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(text("UPDATE customer SET max_calls = :calls WHERE id = :id"), {"calls": calls, "id": cast.lantern.id})


def said(rows: Sequence[Any]) -> tuple[str, int]:
    return rows[0].action, rows[0].code


def test_one_more_call_to_others_is_refused(own_cast: Cast, switch: Switch) -> None:
    assert said(switch.begins(own_cast.alice, OUTSIDE)) == ("leave", 0)
    assert said(switch.begins(own_cast.bob, OUTSIDE)) == ("refuse", 403)
    may_have(own_cast, 2)
    assert said(switch.begins(own_cast.bob, OUTSIDE)) == ("leave", 0)
    may_have(own_cast, None)
    assert said(switch.begins(own_cast.bob, OUTSIDE)) == ("leave", 0)


def test_one_more_call_from_others_finds_it_busy(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.bob, OUTSIDE)
    assert said(switch.begins(ANNA, ALICE)) == ("refuse", 486)
    switch.ends(486)
    switch.taken()
    with db.unit_of_work(Scope.platform()) as session:
        [(line, result)] = session.execute(select(CallRecord.subscriber_id, CallRecord.result))
    assert (line, result) == (own_cast.alice.subscriber.id, "busy")


def test_colleagues_and_emergencies_are_called_all_the_same(own_cast: Cast, switch: Switch) -> None:
    switch.begins(ANNA, ALICE)
    assert said(switch.begins(own_cast.alice, "102")) == ("ring", 0)
    assert said(switch.begins(own_cast.alice, "112")) == ("leave", 0)
    assert said(switch.begins(own_cast.alice, OUTSIDE)) == ("refuse", 403)


def test_another_company_is_not_held_up(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, OUTSIDE)
    assert said(switch.begins(own_cast.ike, OUTSIDE)) == ("leave", 0)
    assert said(switch.begins(own_cast.ike, "+" + ALICE)) == ("refuse", 486)


@pytest.mark.parametrize("taken", [False, True])
def test_a_call_that_has_ended_makes_room(own_cast: Cast, switch: Switch, taken: bool) -> None:
    switch.begins(own_cast.alice, OUTSIDE)
    switch.ends(200, peer="carrier")
    if taken:
        switch.taken()
    assert said(switch.begins(own_cast.alice, OUTSIDE)) == ("leave", 0)


def test_a_call_that_was_lost_holds_nobody_up_for_long(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, OUTSIDE)
    switch.ask("UPDATE kamailio.call SET began_at = now() - interval '6 minutes' RETURNING 1")
    assert said(switch.begins(own_cast.alice, OUTSIDE)) == ("leave", 0)


def test_one_that_goes_on_counts_as_long_as_it_lasts(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, OUTSIDE)
    switch.ask("UPDATE kamailio.call SET began_at = now() - interval '6 hours' RETURNING 1")
    switch.ask(DIALOG)
    assert said(switch.begins(own_cast.alice, OUTSIDE)) == ("refuse", 403)


def test_many_that_begin_together_are_not_too_many(own_cast: Cast, switch: Switch) -> None:
    may_have(own_cast, 3)
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: begin(switch, own_cast), range(16)))
    assert sorted(begun) == ["leave"] * 3 + ["refuse"] * 13


def begin(switch: Switch, cast: Cast) -> str:
    with as_owner(switch.database) as connection:
        connection.execute(text("SET LOCAL ROLE portal_switch"))
        asked = "SELECT action FROM kamailio.begin_call('line', :line, :to, :domain, 'alice', 0, 'sip', now())"
        values = {"line": str(cast.alice.subscriber.id), "to": OUTSIDE, "domain": "lantern.telephone.example"}
        return str(connection.execute(text(asked), values).all()[0].action)

"""Calls that ended at the switch: what was tried becomes the legs that the call lists show."""

import threading
from typing import Any

import pytest
from sqlalchemy import func, select, text

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.callhandling.rules import Destination, When
from portal.features.calls import operations
from portal.features.calls.models import CallImport, CallImportReject, CallRecord, CallVolume
from tests.cast import Cast
from tests.features.calls.switch import MOBILE, Switch, as_owner

ANNA = "4930441287"


@pytest.fixture
def switch(own_database: db.Database, own_cast: Cast) -> Switch:
    made = Switch(own_database)
    made.phones(own_cast.alice, own_cast.bob, own_cast.carol)
    return made


def records(*more: Any) -> list[tuple[Any, ...]]:
    shown = (
        CallRecord.leg,
        CallRecord.side,
        CallRecord.subscriber_id,
        CallRecord.type,
        CallRecord.result,
        CallRecord.duration_ms,
        *more,
    )
    with db.unit_of_work(Scope.platform()) as session:
        return [tuple(row) for row in session.execute(select(*shown).order_by(CallRecord.leg, CallRecord.side))]


def test_a_call_to_a_colleague_is_in_both_lists(own_cast: Cast, switch: Switch, browse: Any) -> None:
    switch.begins(own_cast.alice, "102")
    switch.ends(200, by=own_cast.bob)
    assert switch.taken() is True
    assert records(CallRecord.other_number) == [
        (1, "callee", own_cast.bob.subscriber.id, "call", "ok", 60_500, "101"),
        (1, "caller", own_cast.alice.subscriber.id, "call", "ok", 60_500, "102"),
    ]
    assert switch.left() == (0, 0)
    page = browse(own_cast.alice).get("/calls").text
    assert "Bob Turner" in page
    assert "1:00" in page or "1:01" in page
    assert switch.taken() is False


def test_times_keep_their_milliseconds(own_cast: Cast, switch: Switch) -> None:
    switch.begins(ANNA, "49305550000101")
    switch.ends(200, by=own_cast.alice, after=5.25, seconds=60.376)
    switch.taken()
    with db.unit_of_work(Scope.platform()) as session:
        init, start, length = session.execute(select(CallRecord.init_time, CallRecord.start_time, CallRecord.duration_ms)).one()
    assert (init.timestamp(), start.timestamp(), length) == (switch.setup, switch.setup + 5.25, 60_376)


def test_a_forwarded_leg_is_paid_by_who_sent_it_on(own_cast: Cast, switch: Switch) -> None:
    switch.peer()
    switch.forwards(own_cast.bob, When.NO_ANSWER, Destination(number=MOBILE))
    switch.begins(ANNA, "49305550000102")
    assert switch.goes_on("timeout")[0].action == "leave"
    switch.ends(200, peer="carrier", after=30)
    switch.taken()
    bob = own_cast.bob.subscriber.id
    assert records(CallRecord.direction, CallRecord.other_number, CallRecord.forwarded_to) == [
        (1, "callee", bob, "call", "ok", 60_500, "in", ANNA, None),
        (2, "caller", bob, "cft", "ok", 60_500, "forward", ANNA, MOBILE),
    ]
    with as_owner(switch.database) as connection:
        assert connection.scalars(text("SELECT peer FROM call_record ORDER BY leg")).all() == ["carrier", "carrier"]


@pytest.mark.parametrize(("event", "kind"), [("busy", "cfb"), ("unreachable", "cfna")])
def test_a_call_that_went_on_in_vain(own_cast: Cast, switch: Switch, event: str, kind: str) -> None:
    when = When.BUSY if event == "busy" else When.UNREACHABLE
    switch.forwards(own_cast.bob, when, Destination(line=_key(own_cast.carol)))
    switch.begins(own_cast.alice, "102")
    switch.goes_on(event)
    switch.goes_on("busy")
    switch.ends(486)
    switch.taken()
    assert [(leg, side, type_, result) for leg, side, _line, type_, result, *_ in records()] == [
        (1, "callee", "call", "busy"),
        (1, "caller", "call", "busy"),
        (2, "callee", kind, "busy"),
        (2, "caller", kind, "busy"),
    ]


def test_of_a_group_the_member_who_answered_is_named(own_cast: Cast, switch: Switch) -> None:
    assert len({row.line for row in switch.begins(ANNA, "49305550000600")}) == 3
    switch.ends(200, by=own_cast.carol)
    switch.taken()
    [(_leg, side, line, kind, result, *_, own)] = records(CallRecord.own_number)
    assert (side, line, kind, result, own) == ("callee", own_cast.carol.subscriber.id, "call", "ok", "49305550000600")


def test_a_group_that_nobody_answered_was_called_itself(own_cast: Cast, switch: Switch) -> None:
    switch.begins(ANNA, "49305550000600")
    switch.goes_on("timeout")
    switch.ends(408)
    switch.taken()
    [(_leg, _side, line, _kind, result, *_)] = records()
    assert (line, result) == (own_cast.groups["sales"].id, "noanswer")


def test_a_member_who_sends_the_call_on_pays_for_it(own_cast: Cast, switch: Switch) -> None:
    switch.peer()
    switch.forwards(own_cast.bob, When.ALWAYS, Destination(number=MOBILE))
    rows = switch.begins(ANNA, "49305550000600")
    [child] = [row.uri for row in rows if row.via == "self"]
    assert switch.within(child)[0].action == "leave"
    switch.ends(200, peer="carrier", where=child)
    switch.taken()
    bob = own_cast.bob.subscriber.id
    assert [row[:5] for row in records()] == [(1, "callee", bob, "call", "ok"), (2, "caller", bob, "cfu", "ok")]
    assert switch.left() == (0, 0)


def test_a_call_sent_on_to_somebody_else_here_goes_on_there(own_cast: Cast, switch: Switch) -> None:
    switch.phones(own_cast.ike)
    switch.forwards(own_cast.bob, When.ALWAYS, Destination(number="49305560000"))
    [row] = switch.begins(own_cast.alice, "102")
    assert switch.within(row.uri)[0].line == str(own_cast.ike.subscriber.id)
    switch.ends(200, by=own_cast.ike, where=row.uri)
    switch.taken()
    assert [row[:5] for row in records()] == [
        (1, "callee", own_cast.bob.subscriber.id, "call", "ok"),
        (1, "caller", own_cast.alice.subscriber.id, "call", "ok"),
        (2, "callee", own_cast.ike.subscriber.id, "cfu", "ok"),
        (2, "caller", own_cast.bob.subscriber.id, "cfu", "ok"),
    ]
    [goal] = [to for *_, to in records(CallRecord.forwarded_to) if to]
    assert goal == "49305560000"  # not by which name that line signs in


def test_who_has_no_number_is_hidden_from_others(own_cast: Cast, switch: Switch) -> None:
    switch.phones(own_cast.ike)
    with as_owner(switch.database) as connection:
        connection.execute(text("DELETE FROM number WHERE subscriber_id = :key"), {"key": own_cast.alice.subscriber.id})
    row, *_ = switch.begins(own_cast.alice, "+49305560000")
    switch.ends(200, by=own_cast.ike, where=row.call)
    switch.taken()
    assert [(row[1], row[-1]) for row in records(CallRecord.other_number)] == [("callee", None), ("caller", "49305560000")]


def test_an_extension_is_the_forwarder_s_colleague_where_others_have_it_too(own_cast: Cast, switch: Switch) -> None:
    """Several companies may share a domain."""
    with as_owner(switch.database) as connection:
        connection.execute(
            text(
                "UPDATE subscriber SET extension = '101', kind = 'extension',"
                " domain_id = (SELECT domain_id FROM subscriber WHERE id = :alice) WHERE id = :ike"
            ),
            {"alice": own_cast.alice.subscriber.id, "ike": own_cast.ike.subscriber.id},
        )
    switch.forwards(own_cast.bob, When.ALWAYS, Destination(line=_key(own_cast.carol)))
    switch.begins(own_cast.alice, "102")
    switch.ends(200, by=own_cast.carol)
    switch.taken()
    sent_on = [row for row in records(CallRecord.other_subscriber_id) if row[:2] == (2, "caller")]
    assert [row[-1] for row in sent_on] == [own_cast.alice.subscriber.id]


def test_who_gives_up_has_cancelled(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, "102")
    switch.ends(487)
    switch.taken()
    assert {row[4] for row in records()} == {"cancel"}


def test_what_a_line_may_not_dial_is_in_its_own_list_alone(own_cast: Cast, switch: Switch) -> None:
    with as_owner(switch.database) as connection:
        connection.execute(text("UPDATE subscriber SET lock_level = 2 WHERE id = :key"), {"key": own_cast.alice.subscriber.id})
    assert switch.begins(own_cast.alice, "102")[0].code == 403
    switch.ends(403)
    switch.taken()
    [(_leg, side, line, _kind, result, _length, other, code)] = records(CallRecord.other_number, CallRecord.code)
    assert (side, line, result, other, code) == ("caller", own_cast.alice.subscriber.id, "failed", "102", 403)


def test_a_number_that_somebody_outside_only_shows_makes_nobody_pay(own_cast: Cast, switch: Switch) -> None:
    switch.begins("49305550000101", "49305550000102")  # alice’s number, from a peer
    switch.ends(200, by=own_cast.bob)
    switch.taken()
    [(_leg, side, line, *_)] = records()
    assert (side, line) == ("callee", own_cast.bob.subscriber.id)


def test_a_hidden_caller_stays_hidden(own_cast: Cast, switch: Switch) -> None:
    switch.begins(ANNA, "49305550000102", hidden=True)
    switch.ends(200, by=own_cast.bob)
    switch.taken()
    assert records(CallRecord.other_number)[0][-1] is None


def test_the_same_end_twice_is_one_call(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, "102")
    switch.ends(200, by=own_cast.bob)
    switch.taken()
    switch.ends(200, by=own_cast.bob)
    assert switch.taken() is True
    assert len(records()) == 2
    assert (switch.left(), aside()) == ((0, 0), [])


def aside() -> list[tuple[int, str]]:
    with db.unit_of_work(Scope.platform()) as session:
        rows = session.execute(select(CallImportReject.line, CallImportReject.reason).order_by(CallImportReject.line))
        return [(line, reason) for line, reason in rows]


def test_what_cannot_be_right_is_set_aside_and_holds_up_nothing(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, "102")
    switch.ask('UPDATE kamailio.call SET trace = \'[{"step": "rings", "line": 0, "begins": 0}]\' RETURNING 1')
    switch.ends(200, by=own_cast.bob)
    switch.begins(own_cast.alice, "103")
    switch.ends(200, by=own_cast.carol)
    switch.call = "never heard of"
    switch.ends(200, by=own_cast.bob)
    switch.taken()
    assert {row[2] for row in records()} == {own_cast.alice.subscriber.id, own_cast.carol.subscriber.id}
    assert [reason.partition(":")[0] for _line, reason in aside()] == [
        "What the switch wrote of it contradicts itself",
        "Nothing is known any more of who called whom.",
    ]
    with db.unit_of_work(Scope.platform()) as session:
        made = session.scalars(select(CallImport)).one()
        assert made.file_name.startswith("kamailio 20")
        assert made.set_aside == 2
    assert switch.left() == (0, 0)


def test_what_the_database_cannot_keep_is_set_aside_too(own_cast: Cast, switch: Switch) -> None:
    for place in range(3):
        switch.begins(own_cast.alice, "102")
        switch.ends(200, by=own_cast.bob, seconds=60 + place)
    with as_owner(switch.database) as connection:
        connection.execute(
            text("ALTER TABLE call_record ADD CONSTRAINT nothing_of_a_minute_and_a_second CHECK (duration_ms <> 61000)")
        )
    switch.taken()
    assert len(records()) == 4
    assert len(aside()) == 1
    assert "nothing_of_a_minute_and_a_second" in aside()[0][1]
    assert switch.left() == (0, 0)


def test_two_workers_take_each_call_once(own_cast: Cast, switch: Switch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operations.ended, "BATCH", 2)
    for _ in range(12):
        switch.begins(own_cast.alice, "102")
        switch.ends(200, by=own_cast.bob)
    failures: list[BaseException] = []

    def all_of_them() -> None:
        try:
            while operations.take_ended():
                pass
        except BaseException as error:
            failures.append(error)

    def both() -> None:
        threads = [threading.Thread(target=all_of_them) for _ in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        all_of_them()

    switch.taken(both)
    assert failures == []
    assert (len(records()), switch.left(), aside()) == (24, (0, 0), [])
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalar(select(func.sum(CallVolume.calls))) == 12


def test_calls_that_never_ended_are_forgotten(own_cast: Cast, switch: Switch) -> None:
    switch.begins(own_cast.alice, "102")
    switch.ask("UPDATE kamailio.call SET began_at = now() - interval '8 days' RETURNING 1")
    switch.begins(own_cast.alice, "103")
    assert switch.taken(operations.forget_lost) == 1
    assert switch.left() == (0, 1)


def _key(person: Any) -> Any:
    return str(person.subscriber.id)

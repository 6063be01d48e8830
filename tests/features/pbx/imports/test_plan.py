"""What becomes of rows, all together: rules without a database."""

from collections import Counter

import pytest
from hypothesis import given, settings, strategies as st

from portal.core.phone import Home, Parts
from portal.features.pbx.rules import Range, plan_extensions, plan_groups, plan_numbers
from portal.features.pbx.rules.plan_rows import LineNow, NumberNow, Planned, Room, Row, Snapshot, Taken

PILOT = LineNow(public_id="p", kind="pilot", handle="clare", name="Clare Fenn", username="clare")
POOL = {f"493055507{n:02}": owner for n, owner in enumerate([None, None, "101", "102"])}

ANY_NUMBER, NOBODY = Room(), Taken()


def company(room: Room = ANY_NUMBER) -> Snapshot:
    lines = {
        handle: LineNow(
            public_id=handle,
            kind="extension",
            handle=handle,
            name=name,
            username=name.lower(),
            web_username=name.lower(),
            numbers=tuple(digits for digits, owner in POOL.items() if owner == handle),
        )
        for handle, name in (("101", "Alice"), ("102", "Bob"))
    }
    lines["600"] = LineNow(public_id="g", kind="group", handle="600", name="Sales, North", username="sales", members=("101",))
    pool = {digits: NumberNow(digits, owner, Parts("49", "30", digits[4:])) for digits, owner in POOL.items()}
    return Snapshot(Range(100, 699), Parts("49", "30", "5550000"), Home("49", "30"), lines, PILOT, pool, room=room)


def plan(*rows: dict[str, str], room: Room = ANY_NUMBER, taken: Taken = NOBODY) -> list[Planned]:
    return plan_extensions.plan([Row(line, row) for line, row in enumerate(rows, 2)], company(room), taken)


def said(planned: list[Planned]) -> list[list[str]]:
    return [
        [trouble.sentence().replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ") for trouble in one.troubles]
        for one in planned
    ]


def test_rows_about_the_same_name_each_other() -> None:
    planned = plan(
        {"extension": "104", "display_name": "A"},
        {"extension": "1 04", "display_name": "B"},
        {"extension": "105", "display_name": "C"},
    )
    assert said(planned) == [
        ["Row 3 is about the same extension. Keep one of them."],
        ["Row 2 is about the same extension. Keep one of them."],
        [],
    ]


def test_names_are_given_once() -> None:
    planned = plan(
        {"extension": "104", "display_name": "A", "username": "same"},
        {"extension": "105", "display_name": "B", "username": "SAME"},
    )
    assert [[(one.field, one.code, dict(one.facts)) for one in row.troubles] for row in planned] == [
        [],
        [("username", "row-same-value", {"line": 2})],
    ]


def test_a_user_name_is_the_next_best_one() -> None:
    planned = plan({"extension": "104", "display_name": "A"}, taken=Taken(usernames=frozenset({"104"})))
    assert planned[0].changes["username"] == (None, "clare-104")


def test_the_user_name_of_somebody_stays() -> None:
    assert said(plan({"extension": "101", "username": "other"})) == [
        ["This extension has the SIP user name alice, and keeps it."]
    ]
    assert said(plan({"extension": "101", "username": "Alice"})) == [[]]


def test_what_a_row_does_not_say_is_left_alone() -> None:
    (one,) = plan({"extension": "101", "do_not_disturb": "", "web_username": "", "outgoing": ""})
    assert (one.verdict, one.changes) == ("same", {})


def test_an_empty_list_means_none() -> None:
    (one,) = plan({"extension": "101", "numbers": ""})
    assert one.changes == {"numbers": (["49305550702"], [])}


@pytest.mark.parametrize(
    ("rows", "sentences"),
    [
        ([{"extension": "101", "numbers": "030 5550703"}], [["030 5550703 is with Bob in the meantime."]]),
        (
            [{"extension": "101", "numbers": "030 5550700"}, {"extension": "102", "numbers": "+49 30 5550700"}],
            [["Row 3 wants 030 5550700 as well."], ["Row 2 wants 030 5550700 as well."]],
        ),
        ([{"extension": "101", "numbers": "030 999"}], [["030 999 is none of your further numbers."]]),
        ([{"extension": "101", "numbers": "hello"}], [["hello is none of your further numbers."]]),
        ([{"extension": "101", "groups": "Support"}], [["There is no group “Support”."]]),
        ([{"extension": "101", "groups": "Bob"}], [["There is no group “Bob”."]]),
        ([{"extension": "101", "profile": "None"}], [["There is no profile “None”."]]),
        ([{"extension": "101", "do_not_disturb": "maybe"}], [["Say on or off."]]),
        (
            [{"extension": "101", "outgoing": "whatever"}],
            [["Say whether the own number, the base number or a further number is seen."]],
        ),
        ([{"extension": "101", "outgoing": "030 5550703"}], [["Choose a number that this person has."]]),
        ([{"extension": "600", "display_name": "A"}], [["600 belongs to Sales, North; 103 is free."]]),
        (
            [{"extension": "101", "": "more"}],
            [["This row has more cells than there are headings; perhaps a quotation mark is missing."]],
        ),
    ],
)
def test_what_is_in_the_way_is_said(rows: list[dict[str, str]], sentences: list[list[str]]) -> None:
    assert said(plan(*rows)) == sentences


def test_a_group_with_a_comma_is_found_by_its_name() -> None:
    (one,) = plan({"extension": "102", "groups": "sales, north"})
    assert one.changes == {"groups": ([], ["600"])}


def test_a_refused_row_gives_nothing_back() -> None:
    planned = plan(
        {"extension": "101", "numbers": "", "language": "xx"}, {"extension": "102", "numbers": "030 5550702; 030 5550703"}
    )
    assert [one.verdict for one in planned] == ["refused", "refused"]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["101", "102", "103", "104", "600", "99", "x", ""]), max_size=12),
    st.integers(-1, 4),
    st.integers(-1, 4),
)
def test_limits_count_over_the_whole_file(extensions: list[str], here: int, there: int) -> None:
    room = Room(here, there, 9)
    planned = plan(*({"extension": extension, "display_name": "X"} for extension in extensions), room=room)
    counted = Counter(one.verdict.value for one in planned)
    assert len(planned) == len(extensions)
    assert counted["new"] <= max(0, min(here, there))
    assert all(bool(one.troubles) == (one.verdict == "refused") for one in planned)
    codes = {trouble.code for one in planned for trouble in one.troubles}
    if "customer-full" in codes:
        assert counted["new"] == max(0, min(here, there))


@given(
    st.dictionaries(
        st.sampled_from(
            ["extension", "display_name", "email", "username", "numbers", "groups", "outgoing", "language", "profile", "members"]
        ),
        st.text(max_size=12),
    ),
    st.sampled_from(["extensions", "groups", "numbers"]),
)
def test_no_cell_breaks_it(values: dict[str, str], kind: str) -> None:
    row = [Row(2, values)]
    if kind == "numbers":
        planned = plan_numbers.plan(row, company())
    else:
        planned = (plan_groups if kind == "groups" else plan_extensions).plan(row, company(), Taken())
    assert all(sentence for sentences in said(planned) for sentence in sentences)


def test_members_are_found_by_extension_name_or_the_pilots_user_name() -> None:
    (one,) = plan_groups.plan([Row(2, {"extension": "600", "members": "Bob; clare, 101"})], company(), Taken())
    assert one.changes == {"members": (["101"], ["102", "clare", "101"])}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("101; Alice", "Alice is in the list twice."),
        ("999", "Nobody here is “999”. Say the extension."),
        ("600", "Only people of this company can be members of a group."),
    ],
)
def test_members_that_cannot_be_are_named(typed: str, sentence: str) -> None:
    assert said(plan_groups.plan([Row(2, {"extension": "600", "members": typed})], company(), Taken())) == [[sentence]]


def test_a_ringing_policy_that_is_none_is_told_which_there_are() -> None:
    (row,) = said(plan_groups.plan([Row(2, {"extension": "600", "policy": "loud"})], company(), Taken()))
    assert row == ["“loud” is no ringing policy. There are: Together, In order, In turn, At random."]

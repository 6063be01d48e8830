"""What a switch's file says, who sees which side of a leg, and what readers ask for."""

import csv
import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, strategies as st

from portal.core.periods import Span, chosen, period
from portal.core.phone import Home
from portal.features.calls.rules import periods
from portal.features.calls.rules.asked import Place, place
from portal.features.calls.rules.files import LONGEST_LINE, Format, Text, UnusableFile, lines
from portal.features.calls.rules.legs import Address, BadLine, Fields, Leg, address, leg, moment, normal
from portal.features.calls.rules.sides import Line, Record, records
from portal.features.calls.rules.words import Direction, Side

BERLIN = Home("49", "30")
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
USUAL = {
    "call_id": "c",
    "leg": "",
    "init_time": "",
    "start_time": "2026-11-24T10:00:00Z",
    "duration": "4.2",
    "caller": "alice@ours.example",
    "caller_number": "",
    "caller_hidden": "",
    "callee": "+4930441287@trunk.example",
    "dialled": "",
    "type": "",
    "result": "ok",
    "code": "",
}


def read(**fields: str) -> Leg:
    return leg(Fields(**{**USUAL, **fields}), {"ours.example": BERLIN}.get, NOW)


@pytest.mark.parametrize(
    ("text", "home", "digits"),
    [
        ("493055500000", None, "493055500000"),
        ("493055500000", BERLIN, "493055500000"),
        ("+49 30 5550-0000", None, "493055500000"),
        ("0049 30 55500000", None, "493055500000"),
        ("030 55500000", BERLIN, "493055500000"),
        ("030 55500000", None, None),
        ("101", BERLIN, "101"),
        ("115", None, "115"),
        ("0", BERLIN, "0"),
        ("alice", BERLIN, None),
        ("+", BERLIN, None),
        ("", BERLIN, None),
        ("9" * 41, BERLIN, None),
    ],
)
def test_numbers_as_switches_write_them(text: str, home: Home | None, digits: str | None) -> None:
    assert normal(text, home) == digits


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("alice@ours.example", Address("alice", "ours.example", None)),
        ("sip:Alice@OURS.example:5060;transport=tls", Address("alice", "ours.example", None)),
        ('"A. Meier" <sips:alice@ours.example>', Address("alice", "ours.example", None)),
        ("<tel:+49-30-5550>", Address("+49-30-5550", "", "49305550")),
        ("030 5550", Address("030 5550", "", "49305550")),
        ("a@b@ours.example.", Address("a@b", "ours.example", None)),
    ],
)
def test_addresses(text: str, found: Address) -> None:
    assert address(text, BERLIN) == found


@pytest.mark.parametrize(
    ("text", "read_as"),
    [
        ("2026-11-24T10:00:00Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24 11:00:00+01:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("2026-11-24T10:00:00", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("1795514400", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("1795514400.25", datetime(2026, 11, 24, 10, microsecond=250_000, tzinfo=UTC)),
        ("20261124T100000Z", datetime(2026, 11, 24, 10, tzinfo=UTC)),
        ("20261124", datetime(2026, 11, 24, tzinfo=UTC)),
    ],
)
def test_moments(text: str, read_as: datetime) -> None:
    assert moment("start_time", text) == read_as


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "24.11.2026", "1e99", "99999999999999", "nan"])
def test_moments_that_do_not_exist(text: str) -> None:
    with pytest.raises(BadLine):
        moment("start_time", text)


@pytest.mark.parametrize(
    "fields",
    [
        {"duration": "-1"},
        {"duration": "nan"},
        {"duration": "inf"},
        {"duration": "700000"},
        {"result": "busy"},
        {"result": "OK"},
        {"leg": "0"},
        {"leg": "²"},
        {"code": "1000"},
        {"caller": ""},
        {"callee": "a\tb"},
        {"caller_hidden": "maybe"},
        {"call_id": "a b"},
        {"start_time": "1999-12-31T23:59:59Z"},
        {"start_time": "2026-11-26T00:00:00Z"},
        {"init_time": "2026-11-24T10:00:01Z"},
    ],
)
def test_lines_that_cannot_be_taken(fields: dict[str, str]) -> None:
    with pytest.raises(BadLine) as reason:
        read(**fields)
    assert str(reason.value).endswith(".")


@given(st.dictionaries(st.sampled_from(sorted(USUAL)), st.text(max_size=40)))
def test_whatever_stands_in_a_line_it_is_a_leg_or_has_a_reason(fields: dict[str, str]) -> None:
    try:
        found = read(**fields)
    except BadLine as reason:
        assert str(reason)  # noqa: PT017
    else:
        assert found.start_time >= found.init_time
        assert found.duration_ms >= 0


LINES = [None, Line(1, 1, 11, "101"), Line(1, 1, 12, "102"), Line(1, 2, 21, "201"), Line(2, 3, 31, "301")]


@given(
    caller=st.sampled_from(LINES),
    callee=st.sampled_from(LINES),
    origin=st.sampled_from(LINES),
    hidden=st.booleans(),
    kind=st.sampled_from(["call", "cfu", "cfna"]),
)
def test_every_side_of_ours_has_its_record_and_sees_only_its_own(
    caller: Line | None,
    callee: Line | None,
    origin: Line | None,
    hidden: bool,
    kind: str,
) -> None:
    found = list(
        records(read(caller_number="+4989123", caller_hidden="yes" if hidden else "", type=kind), caller, callee, origin)
    )
    assert [record[:3] for record in found] == [line[:3] for line in (caller, callee) if line]
    for record in found:
        colleague = {line.subscriber_id for line in LINES if line and line[:2] == record[:2]}
        assert record.other_subscriber_id is None or record.other_subscriber_id in colleague
        assert record.forwarded_to_id is None or record.forwarded_to_id in colleague
        assert_hidden(record, hidden=hidden)
    for customer in {record[:2] for record in found}:
        assert sum(record.in_company for record in found if record[:2] == customer) == 1


def assert_hidden(record: Record, *, hidden: bool) -> None:
    """What a caller hides from strangers is nowhere in their record but in the withheld number."""
    sees_caller = record.side == Side.CALLEE or record.direction == Direction.FORWARD
    if hidden and sees_caller and record.other_subscriber_id is None:
        assert (record.other_number, record.network_number) == (None, "4989123")
    else:
        assert record.network_number is None


@given(
    micros=st.integers(0, 4_102_444_800_000_000),
    number=st.integers(0, 2**62),
    duration=st.integers(0, 2**31 - 1),
    back=st.booleans(),
)
def test_a_place_survives_the_address(micros: int, number: int, duration: int, back: bool) -> None:
    at = Place(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros), number, duration, back)
    assert place(str(at), back=back) == at


@given(st.text(max_size=60))
def test_no_text_breaks_a_place(text: str) -> None:
    found = place(text)
    assert found is None or str(found) == text.rstrip("=")


def test_the_chart_has_four_weeks_and_ends_with_the_period() -> None:
    today = date(2026, 11, 24)
    assert periods.chart(period(Span.WEEK, today), today)[-1] == today
    old = periods.chart(chosen(date(2026, 1, 1), date(2026, 1, 31), today), today)
    assert (len(old), old[-1]) == (28, date(2026, 1, 31))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("5", 300),
        ("0:30", 30),
        ("1:05:00", 3900),
        ("0", 0),
        ("0:75", None),
        ("", None),
        ("x", None),
        ("1:2:3:4", None),
        ("-1", None),
        ("99999", None),
    ],
)
def test_lengths_of_time(text: str, found: int | None) -> None:
    assert periods.seconds(text) == found


def test_long_lines_are_passed_over_in_pieces() -> None:
    content = b"a\n" + b"x" * (3 * LONGEST_LINE) + b"\nb\n" + b"y" * (LONGEST_LINE - 1) + b"\nend"
    assert [(number, size, text if text is None else text[:3]) for number, size, text in Text(io.BytesIO(content))] == [
        (1, 2, "a"),
        (2, 3 * LONGEST_LINE + 1, None),
        (3, 2, "b"),
        (4, LONGEST_LINE, "yyy"),
        (5, 3, "end"),
    ]


@given(st.binary(max_size=300), st.sampled_from([None, *Format]))
def test_no_content_breaks_the_reader(content: bytes, wanted: Format | None) -> None:
    header = b"call_id,start_time,duration,caller,callee,result\n"
    for file in (content, header + content):
        try:
            for line in lines(io.BytesIO(file), "calls", wanted):
                assert (line.fields is None) == bool(line.trouble)
        except UnusableFile as trouble:
            assert str(trouble).endswith(".")  # noqa: PT017


PRINTED = st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp"))


@given(st.lists(st.text(PRINTED, min_size=1), min_size=6, max_size=6))
def test_what_csv_writes_is_read_back(cells: list[str]) -> None:
    text = io.StringIO()
    csv.writer(text).writerows([("call_id", "start_time", "duration", "caller", "callee", "result"), cells])
    [found] = lines(io.BytesIO(text.getvalue().encode()), "calls.csv")
    assert found.fields is not None
    assert list(found.fields[:6]) == [cell.strip() for cell in cells]

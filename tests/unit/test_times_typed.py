"""Parts of a time set: as they are typed, as text, and in words."""

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from portal.core import i18n
from portal.core.errors import Refused
from portal.core.phone import Home
from portal.features.callhandling.rules import (
    Beginning,
    Dates,
    Holidays,
    Span,
    SpanKind,
    Times,
    Typed,
    Weekly,
    beginning,
    country_of,
    spans_as_text,
    times_in_words,
    typed_from_text,
    typed_of,
)
from portal.features.callhandling.rules.spans import read_clock
from portal.features.callhandling.rules.times import on
from portal.features.callhandling.rules.timewords import moment_in_words, weekdays_in_words

BERLIN = ZoneInfo("Europe/Berlin")
CLOCKS = st.times().map(lambda at: at.replace(second=0, microsecond=0))
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))
WEEKLY = st.builds(Weekly, st.frozensets(st.integers(0, 6), min_size=1), CLOCKS, CLOCKS, st.booleans())
DATES = st.builds(lambda days, excluded: Dates(min(days), max(days), excluded), st.tuples(DAYS, DAYS), st.booleans())
HOLIDAYS = st.builds(Holidays, st.just("DE"), st.sampled_from([None, "BE", "BY"]), st.booleans()) | st.builds(
    Holidays, st.sampled_from(["FR", "AR"]), st.none(), st.booleans()
)
SPANS = WEEKLY | DATES | HOLIDAYS


@given(SPANS)
def test_what_would_be_typed_for_a_span_gives_it_back(span: Span) -> None:
    assert typed_of(span).span() == span


@given(st.lists(SPANS, max_size=6))
def test_spans_as_text_are_the_same_spans(spans: list[Span]) -> None:
    text = spans_as_text(spans)
    assert [typed.span() for typed in typed_from_text(text)] == spans
    assert spans_as_text([typed.span() for typed in typed_from_text(text)]) == text


@pytest.mark.parametrize("text", ["", "x", "null", "7", "[1]", '["a"]', "{}", "[" * 100_000, '[{"kind": 3}]', '[{"days": null}]'])
def test_a_text_of_somebody_else_is_no_accident(text: str) -> None:
    for typed in typed_from_text(text):
        with pytest.raises(Refused):
            typed.span()


@pytest.mark.parametrize(
    ("typed", "clock"),
    [("18:00", time(18)), ("8:30", time(8, 30)), ("8.30", time(8, 30)), ("9", time(9)), ("24:00", time.min), ("", time.min)],
)
def test_times_of_day_are_read_as_people_type_them(typed: str, clock: time) -> None:
    assert read_clock(typed) == clock


@pytest.mark.parametrize("typed", ["25:00", "24:01", "8:60", "noon", "8:3", "-1"])
def test_others_are_refused(typed: str) -> None:
    with pytest.raises(Refused, match="span-hours"):
        read_clock(typed)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (Typed(SpanKind.WEEKLY, begins="08:00", ends="18:00"), "span-no-day"),
        (Typed(SpanKind.WEEKLY, days=frozenset("0"), begins="08:00"), "span-half-hours"),
        (Typed(SpanKind.WEEKLY, days=frozenset("0"), begins="8 o’clock", ends="18:00"), "span-hours"),
        (Typed(SpanKind.DATES), "span-no-date"),
        (Typed(SpanKind.DATES, first="2026-02-30"), "span-date"),
        (Typed(SpanKind.DATES, first="2026-12-24", last="2026-12-23"), "span-order"),
        (Typed(SpanKind.HOLIDAYS, country="XX"), "span-country"),
        (Typed(SpanKind.HOLIDAYS, country="FR", region="BE"), "span-region"),
        (Typed("moon"), "span-kind"),
    ],
)
def test_what_is_missing_or_wrong_is_said(typed: Typed, code: str) -> None:
    with pytest.raises(Refused, match=code) as caught:
        typed.span()
    assert caught.value.sentence()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        ({0, 1, 2, 3, 4}, "Mon to Fri"),
        ({5, 6}, "Sat, Sun"),
        ({0, 1}, "Mon, Tue"),
        ({0, 2, 4}, "Mon, Wed, Fri"),
        ({0, 1, 2, 5}, "Mon to Wed, Sat"),
        ({5, 6, 0}, "Sat to Mon"),
        ({4, 5, 6, 0, 1}, "Fri to Tue"),
        ({6, 0}, "Mon, Sun"),
        ({6, 0, 2}, "Mon, Wed, Sun"),
        (set(range(7)), "every day"),
    ],
)
def test_weekdays_in_words(days: set[int], words: str) -> None:
    assert weekdays_in_words(days) == words


def test_times_in_words() -> None:
    workdays, weekend = frozenset(range(5)), frozenset({5, 6})
    spans = (Weekly(workdays, time(18), time(8)), Weekly(weekend, time.min, time.min), Holidays("DE", "BE"))
    assert times_in_words(Times("", spans)) == "Mon to Fri 18:00–08:00, Sat, Sun and the public holidays in Berlin"
    christmas = Dates(date(2026, 12, 24), date(2026, 12, 26), excluded=True)
    assert times_in_words(Times("", (Weekly(workdays, time(9), time(17)), christmas))) == (
        "Mon to Fri 09:00–17:00, except 24–26 Dec 2026"
    )
    assert times_in_words(Times("", (Holidays("DE"), Holidays("AR", excluded=True)))) == (
        "the public holidays in Germany, except the public holidays in Argentina"
    )
    assert times_in_words(Times("", (christmas,))) == "never, except 24–26 Dec 2026"


def test_weekdays_follow_the_language() -> None:
    with i18n.using("de"):
        assert times_in_words(Times("", (Weekly(frozenset({5}), time(8), time(12)),))) == "Sa 08:00–12:00"


NOW = datetime(2026, 11, 24, 13, 5, tzinfo=UTC)  # a Tuesday, 14:05 in Berlin


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (datetime(2026, 11, 24, 18, tzinfo=BERLIN), "18:00"),
        (datetime(2026, 11, 25, 8, tzinfo=BERLIN), "tomorrow 08:00"),
        (datetime(2026, 11, 30, 8, tzinfo=BERLIN), "Monday 08:00"),
        (datetime(2026, 12, 1, 8, tzinfo=BERLIN), "1 Dec 2026 08:00"),
        (datetime(2026, 12, 25, tzinfo=BERLIN), "25 Dec 2026"),
    ],
)
def test_a_moment_ahead_is_said_as_people_say_it(at: datetime, words: str) -> None:
    assert moment_in_words(at, NOW, BERLIN) == words


@pytest.mark.parametrize("which", Beginning)
def test_what_one_can_begin_with_comes_at_some_time(which: Beginning) -> None:
    times = Times("", tuple(beginning(which, country_of(Home("49", "30")))))
    assert times.spans
    on_christmas, on_workday = (on(times, datetime(2026, 12, day, 12, tzinfo=BERLIN), BERLIN) for day in (25, 1))
    assert (on_christmas, on_workday) == {
        Beginning.OFFICE: (False, True),
        Beginning.AFTER_HOURS: (True, False),
        Beginning.WEEKEND: (False, False),
        Beginning.HOLIDAYS: (True, False),
    }[which]


def test_after_hours_leaves_no_hole_in_the_night() -> None:
    times = Times("", tuple(beginning(Beginning.AFTER_HOURS, "DE")))
    assert all(
        on(times, datetime(2026, 11, 23 + day, hour, tzinfo=BERLIN), BERLIN) for day in range(7) for hour in (0, 3, 8, 18, 23)
    )


def test_without_known_holidays_there_are_none_to_begin_with() -> None:
    assert beginning(Beginning.HOLIDAYS, "ZZ") == []
    assert len(beginning(Beginning.OFFICE, "ZZ")) == 1

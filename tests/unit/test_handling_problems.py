"""What is wrong with a line's handling, and which of it is refused."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.features.callhandling.rules import Callers, Dates, Exchange, Forward, Holidays, Ringing, Span, Times, Weekly, When
from portal.features.callhandling.rules.overlaps import problems_of_times
from portal.features.callhandling.rules.problems import Finding, problems_of_line, problems_of_rule, refuse
from portal.features.subscribers.rules import LockLevel
from tests.features.callhandling.cases import (
    AFTER_HOURS,
    ALICE,
    ALWAYS,
    BERLIN,
    BOB,
    CAROL,
    FAMILY,
    MOBILE,
    RECEPTION,
    SALES,
    TUESDAY,
    company,
    forward,
    to,
)

YEAR = timedelta(days=365)
TO_BOB = forward(When.ALWAYS, to("bob"))


def rules_of(*rules: Forward, of: PublicId = ALICE, others: Mapping[PublicId, Mapping[str, Any]] | None = None) -> Exchange:
    return company({**(others or {}), of: {**((others or {}).get(of, {})), "forwards": rules}})


def found(exchange: Exchange, of: PublicId = ALICE) -> list[Finding]:
    return problems_of_line(exchange, of, TUESDAY)


def only(exchange: Exchange, of: PublicId = ALICE) -> Finding:
    (finding,) = found(exchange, of)
    return finding


@pytest.mark.parametrize(
    "rules",
    [
        (),
        (ALWAYS,),
        (forward(When.NO_ANSWER, to(MOBILE), to("bob"), to("reception")),),
        (replace(ALWAYS, times=AFTER_HOURS, callers=FAMILY), forward(When.NO_ANSWER, to("bob"))),
        (replace(ALWAYS, starts=TUESDAY, ends=TUESDAY + YEAR), forward(When.BUSY, to("bob"))),
        (replace(ALWAYS, times=AFTER_HOURS), replace(ALWAYS, key=PublicId("two"))),
        (replace(forward(When.ALWAYS, to("alice")), enabled=False),),
    ],
)
def test_most_is_right(rules: tuple[Forward, ...]) -> None:
    assert found(rules_of(*rules)) == []


def test_a_line_does_not_lead_to_itself() -> None:
    exchange = rules_of(forward(When.NO_ANSWER, to("bob"), to("alice"), name="mine"))
    finding = only(exchange)
    assert (finding.rule, finding.place, finding.refuses) == ("mine", 2, True)
    with pytest.raises(Refused) as refused:
        refuse(found(exchange))
    assert (refused.value.code, refused.value.field) == ("forward-itself", "to_2")
    assert refused.value.sentence() == "Calls would come back to the same line. Choose another destination."


def test_a_circle_in_which_nothing_ever_rings_is_refused() -> None:
    others = {BOB: {"forwards": (forward(When.ALWAYS, to("carol")),)}, CAROL: {"forwards": (forward(When.ALWAYS, to("alice")),)}}
    with pytest.raises(Refused) as refused:
        refuse(found(rules_of(TO_BOB, others=others)))
    sentence = refused.value.sentence()
    assert sentence == "Calls would go round in a circle and reach nobody: Alice → Bob → Carol → Alice."


def test_so_is_one_through_a_group_of_one() -> None:
    others: Mapping[PublicId, Mapping[str, Any]] = {
        SALES: {"ringing": Ringing(((BOB,),), 20)},
        BOB: {"forwards": (forward(When.ALWAYS, to("alice")),)},
    }
    finding = only(rules_of(forward(When.ALWAYS, to("sales")), others=others))
    assert finding.sentence() == "Calls would go round in a circle and reach nobody: Alice → Sales → Bob → Alice."
    assert finding.refuses


@pytest.mark.parametrize(
    ("mine", "others"),
    [
        (replace(TO_BOB, times=AFTER_HOURS), forward(When.ALWAYS, to("alice"))),
        (TO_BOB, replace(forward(When.ALWAYS, to("alice")), callers=FAMILY)),
        (TO_BOB, forward(When.ALWAYS, to("alice"), to(MOBILE))),
        (forward(When.NO_ANSWER, to("bob")), forward(When.NO_ANSWER, to("alice"))),
        (TO_BOB, forward(When.BUSY, to("alice"))),
    ],
)
def test_a_circle_that_only_some_calls_take_is_pointed_out(mine: Forward, others: Forward) -> None:
    exchange = rules_of(mine, others={BOB: {"forwards": (others,)}})
    finding = only(exchange)
    assert finding.sentence() == "Calls can come back: Alice → Bob → Alice. They do not go round a second time."
    refuse(found(exchange))


def test_whoever_forwards_to_the_own_group_is_told_so() -> None:
    finding = only(rules_of(forward(When.NO_ANSWER, to("sales"))))
    assert finding.sentence() == "Alice is in Sales, and does not ring there for calls that come from here."
    assert not finding.refuses


@pytest.mark.parametrize(
    ("where", "others", "sentence"),
    [
        ("gone", {}, "A line that calls went to has ended. Choose another destination."),
        ("bob", {BOB: {"lock": LockLevel.GLOBAL}}, "Bob is locked: calls that go there are turned away."),
        (
            "reception",
            {RECEPTION: {"ringing": Ringing((), 10)}},
            "Nobody is in Reception: calls that go there find nobody.",
        ),
    ],
)
def test_dead_ends_are_pointed_out(where: str, others: dict[PublicId, dict[str, Any]], sentence: str) -> None:
    finding = only(rules_of(forward(When.NO_ANSWER, to(MOBILE), to(where)), others=others))
    assert (finding.sentence(), finding.place, finding.refuses) == (sentence, 2, False)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (ALWAYS, TO_BOB),
        (ALWAYS, replace(TO_BOB, times=AFTER_HOURS)),
        (replace(ALWAYS, callers=FAMILY), replace(TO_BOB, callers=FAMILY, times=AFTER_HOURS)),
        (replace(ALWAYS, starts=TUESDAY, ends=TUESDAY + YEAR), replace(TO_BOB, starts=TUESDAY, ends=TUESDAY + YEAR)),
        (forward(When.BUSY, to("bob")), forward(When.BUSY, to("carol"))),
    ],
)
def test_a_rule_behind_one_that_takes_everything_is_pointed_out(earlier: Forward, later: Forward) -> None:
    later = replace(later, key=PublicId("later"))
    finding = only(rules_of(earlier, later))
    assert (finding.rule, finding.refuses) == ("later", False)
    assert finding.sentence() == "This is never used: a rule before it takes every call that it would fit."


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        (replace(ALWAYS, enabled=False), TO_BOB),
        (replace(ALWAYS, callers=FAMILY), replace(TO_BOB, callers=Callers("Others", (MOBILE,)))),
        (replace(ALWAYS, callers=FAMILY), replace(TO_BOB, callers=FAMILY, callers_except=True)),
        (replace(ALWAYS, called="4930555101"), TO_BOB),
        (ALWAYS, replace(TO_BOB, starts=TUESDAY, ends=TUESDAY + YEAR)),
        (replace(ALWAYS, starts=TUESDAY, ends=TUESDAY + YEAR), TO_BOB),
    ],
)
def test_a_rule_that_still_gets_calls_is_not(earlier: Forward, later: Forward) -> None:
    assert found(rules_of(earlier, replace(later, key=PublicId("later")))) == []


def test_while_calls_always_go_elsewhere_the_other_kinds_wait() -> None:
    finding = only(rules_of(ALWAYS, forward(When.BUSY, to("bob"))))
    assert (finding.rule, finding.sentence()) == ("busy", "This is not used as long as calls always go elsewhere.")


@pytest.mark.parametrize(
    ("times", "inverted"),
    [
        (Times("Then", (Dates(date(2025, 12, 24), date(2026, 1, 2)),)), False),
        (
            Times("Then", (Dates(date(2026, 12, 24), date(2026, 12, 24)), Dates(date(2026, 1, 1), date(2026, 12, 31), True))),
            False,
        ),
        (Times("Then", (Weekly(frozenset(range(7)), time(0), time(0)),)), True),
        (Times("Then", ()), False),
    ],
)
def test_times_that_never_come_are_pointed_out(times: Times, inverted: bool) -> None:
    finding = only(rules_of(replace(ALWAYS, times=times, times_except=inverted)))
    assert finding.sentence() == "“Then” does not come any more, so this is never used."


def test_what_was_planned_and_is_over_is_pointed_out() -> None:
    finding = only(rules_of(replace(ALWAYS, starts=TUESDAY - YEAR, ends=TUESDAY)))
    assert finding.sentence() == "This was planned until a time that has passed. It is not used any more."


def test_a_group_without_members_is_pointed_out() -> None:
    finding = only(company({RECEPTION: {"ringing": Ringing((), 10)}}), RECEPTION)
    assert (finding.sentence(), finding.refuses) == ("Nobody is in this group, so nothing rings.", False)


def test_one_rule_is_judged_among_the_others() -> None:
    exchange = rules_of(ALWAYS, replace(TO_BOB, key=PublicId("later")))
    assert problems_of_rule(exchange, ALICE, ALWAYS.key, TUESDAY) == []
    assert [finding.rule for finding in problems_of_rule(exchange, ALICE, PublicId("later"), TUESDAY)] == ["later"]


# --- times -------------------------------------------------------------------------------------------------------------------


def sentences(*spans: Span, now: datetime = TUESDAY) -> list[str]:
    return [finding.sentence() for finding in problems_of_times(Times("Times", spans), now, BERLIN)]


BERLIN_DAYS, BAVARIA, GERMANY, AUSTRIA = Holidays("DE", "BE"), Holidays("DE", "BY"), Holidays("DE"), Holidays("AT")
WEEKEND = Weekly(frozenset({5, 6}), time(0), time(0))


def test_times_that_come_are_right() -> None:
    summer = Dates(date(2027, 8, 1), date(2027, 8, 14))
    assert sentences(WEEKEND, BAVARIA, Dates(date(2026, 12, 24), date(2027, 1, 2)), summer, replace(AUSTRIA, excluded=True)) == []


@pytest.mark.parametrize(
    ("spans", "sentence"),
    [
        ((BAVARIA, WEEKEND, BAVARIA), "The public holidays in Bayern stand here twice."),
        ((BAVARIA, GERMANY), "The public holidays in Germany are among those in Bayern already."),
        ((GERMANY, AUSTRIA), "Germany and Austria share public holidays; they count once."),
        (
            (WEEKEND, BAVARIA, replace(BAVARIA, excluded=True)),
            "The public holidays in Bayern are added and taken out again: they do not count.",
        ),
        (
            (Dates(date(2026, 12, 24), date(2027, 1, 2)), Dates(date(2026, 12, 31), date(2026, 12, 31))),
            "24 Dec 2026 – 2 Jan 2027 and 31 Dec 2026 overlap; the days count once.",
        ),
        (
            (Dates(date(2020, 12, 24), date(2021, 1, 2)),),
            "These times do not come any more: they have passed, or everything is taken out.",
        ),
    ],
)
def test_what_is_odd_about_times_is_said(spans: tuple[Span, ...], sentence: str) -> None:
    assert [one.replace("\u2009", " ") for one in sentences(*spans)] == [sentence]


def test_holidays_of_two_regions_that_differ_overlap() -> None:
    (sentence,) = sentences(BERLIN_DAYS, BAVARIA, now=datetime(2026, 1, 1, tzinfo=UTC))
    assert sentence == "Berlin and Bayern share public holidays; they count once."


def test_a_number_that_the_line_may_not_call_is_a_dead_end_and_said() -> None:
    exchange = rules_of(forward(When.ALWAYS, to(MOBILE)), others={ALICE: {"lock": LockLevel.OUTGOING}})
    (finding,) = problems_of_line(exchange, ALICE, TUESDAY)
    assert not finding.refuses
    assert finding.sentence().startswith("This line may not call")
    assert "so calls do not get there." in finding.sentence()

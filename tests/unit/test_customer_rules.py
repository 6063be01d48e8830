"""What customers are sold, how they live, and how far they may go."""

from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import SENTENCES, Refused
from portal.features.customers import rules
from portal.features.customers.rules import (
    FORMS,
    KIND_DEFAULTS,
    KIND_TEXTS,
    LIFE,
    STATUS_WORDS,
    Allowance,
    Feature,
    Kind,
    Level,
    Product,
    Status,
)

PENDING, ACTIVE, LOCKED, TERMINATED = Status
STEPS = {
    (PENDING, PENDING): "customer-pending",
    (PENDING, ACTIVE): None,
    (PENDING, LOCKED): "customer-not-started",
    (PENDING, TERMINATED): None,
    (ACTIVE, PENDING): "customer-no-way-back",
    (ACTIVE, ACTIVE): "customer-active",
    (ACTIVE, LOCKED): None,
    (ACTIVE, TERMINATED): None,
    (LOCKED, PENDING): "customer-no-way-back",
    (LOCKED, ACTIVE): None,
    (LOCKED, LOCKED): "customer-locked",
    (LOCKED, TERMINATED): None,
    (TERMINATED, PENDING): "customer-final",
    (TERMINATED, ACTIVE): "customer-final",
    (TERMINATED, LOCKED): "customer-final",
    (TERMINATED, TERMINATED): "customer-final",
}
levels = st.dictionaries(st.sampled_from(Feature), st.sampled_from(Level))


@pytest.mark.parametrize(("now", "then"), STEPS, ids=lambda status: status.value)
def test_each_step_of_a_life(now: Status, then: Status) -> None:
    code = STEPS[now, then]
    if code is None:
        rules.check_step(now, then)
        return
    with pytest.raises(Refused) as refused:
        rules.check_step(now, then)
    assert refused.value.code == code
    assert refused.value.sentence().endswith(".")


def test_every_step_is_in_the_table_and_every_refusal_has_a_sentence() -> None:
    assert {(now, then) for now in Status for then in Status} == set(STEPS)
    assert {code for code in STEPS.values() if code} <= set(SENTENCES)
    assert set(LIFE) == set(STATUS_WORDS) == set(Status)


def test_the_end_is_reached_from_everywhere_and_left_by_nobody() -> None:
    assert LIFE[TERMINATED] == frozenset()
    assert all(TERMINATED in LIFE[status] for status in Status if status is not TERMINATED)


def test_every_kind_has_its_words_and_a_form_or_a_wizard() -> None:
    assert set(KIND_TEXTS) == set(KIND_DEFAULTS) == set(Kind)
    assert {*FORMS.values(), Kind.CLOUDPBX} == set(Kind)
    assert all(slug == rules.slug(kind) and "_" not in slug for slug, kind in FORMS.items())


@pytest.mark.parametrize("kind", list(Kind), ids=str)
def test_what_a_kind_starts_with_can_be_had(kind: Kind) -> None:
    usual = KIND_DEFAULTS[kind]
    rules.check_limits(usual.lines, usual.calls)
    rules.check_range(usual.first, usual.last)
    assert (usual.first is not None) == (kind.product is Product.CLOUDPBX)


def test_companies_are_taxed_on_top_and_people_are_not() -> None:
    on_top = {kind for kind in Kind if KIND_DEFAULTS[kind].add_vat}
    assert on_top == {Kind.SOHO, Kind.CLOUDPBX, Kind.TRUNK}
    assert not KIND_DEFAULTS[Kind.CALLING_CARD].send_invoice


@pytest.mark.parametrize(
    ("limit", "used", "code"), [(5, 5, None), (None, 99, None), (4, 5, "limit-under-use"), (1, 2, "limit-under-use")]
)
def test_a_limit_is_not_lower_than_what_is_used(limit: int | None, used: int, code: str | None) -> None:
    if code is None:
        rules.check_limit(limit, used)
        return
    with pytest.raises(Refused) as refused:
        rules.check_limit(limit, used)
    assert (refused.value.code, refused.value.field) == (code, "max_subscribers")
    assert str(used) in refused.value.sentence()


@pytest.mark.parametrize(
    ("low", "high", "code"),
    [
        (None, None, None),
        (100, None, None),
        (100, 100, None),
        (101, 100, "extension-range-order"),
        (-1, None, "extension-range-shape"),
        (0, 10**10, "extension-range-shape"),
    ],
)
def test_ranges(low: int | None, high: int | None, code: str | None) -> None:
    if code is None:
        rules.check_range(low, high)
        return
    with pytest.raises(Refused) as refused:
        rules.check_range(low, high)
    assert refused.value.code == code


@pytest.mark.parametrize("rate", ["0", "19", "8.1", "100", "25.50"])
def test_rates(rate: str) -> None:
    assert rules.check_vat_rate(Decimal(rate)) == Decimal(rate)


@pytest.mark.parametrize("rate", ["-0.01", "100.01", "NaN", "Infinity"])
def test_no_rates(rate: str) -> None:
    with pytest.raises(Refused, match="vat-rate"):
        rules.check_vat_rate(Decimal(rate))


@given(levels, levels)
def test_the_lower_of_class_and_profile_counts(of_class: dict[Feature, Level], of_profile: dict[Feature, Level]) -> None:
    ceiling, profile = Allowance.of(of_class), Allowance.of(of_profile)
    both = profile.under(ceiling)
    for feature in Feature:
        assert both.level(feature) is min(ceiling.level(feature), profile.level(feature))
    assert both.as_stored() == ceiling.under(profile).as_stored()
    assert both.under(ceiling).as_stored() == both.as_stored()


@pytest.mark.parametrize(
    ("level", "code"), [(Level.OFF, "feature-not-sold"), (Level.USE, "feature-of-provider"), (Level.CHANGE, None)]
)
def test_who_runs_a_company_is_told_who_can_change_it(level: Level, code: str | None) -> None:
    ceiling = Allowance.of({Feature.FORWARDING: level})
    if code is None:
        ceiling.check_sold(Feature.FORWARDING)
        return
    with pytest.raises(Refused) as refused:
        ceiling.check_sold(Feature.FORWARDING)
    assert refused.value.code == code

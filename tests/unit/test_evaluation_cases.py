"""The one evaluation, case by case."""

import pytest

from portal.features.callhandling.rules import evaluate
from tests.features.callhandling.cases import CASES, Case, told


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name.replace(" ", "-"))
def test_what_becomes_of_a_call(case: Case) -> None:
    outcome = evaluate(case.call, case.exchange, case.phones)
    assert (tuple(map(told, outcome.steps)), outcome.end, outcome.seconds) == (case.steps, case.end, case.seconds)


def test_each_case_has_a_name_of_its_own() -> None:
    assert len({case.name for case in CASES}) == len(CASES)

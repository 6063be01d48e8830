from collections.abc import Iterator
from datetime import timedelta

import pytest

from portal.core import errors, i18n
from portal.core.errors import Refused


@pytest.fixture(autouse=True)
def put_back() -> Iterator[None]:
    """What these tests declare is nobody's sentence afterwards."""
    sentences, constraints = dict(errors.SENTENCES), dict(errors.CONSTRAINTS)
    yield
    for kept, before in ((errors.SENTENCES, sentences), (errors.CONSTRAINTS, constraints)):
        for name in kept.keys() - before.keys():
            del kept[name]


def test_a_refusal_says_its_sentence_with_its_facts() -> None:
    errors.declare("test-too-many", "At most %(limit)s of %(name)s.")
    refusal = Refused("test-too-many", field="name", limit=3, name="100 % wool")
    assert refusal.sentence() == "At most 3 of 100 % wool."
    assert (refusal.code, refusal.field, str(refusal)) == ("test-too-many", "name", "test-too-many")


def test_times_to_wait_are_said_in_words() -> None:
    errors.declare("test-wait", "Again in %(wait)s.")
    assert Refused("test-wait", wait=timedelta(seconds=29.5)).sentence() == "Again in 30 seconds."
    with i18n.using("de"):
        assert Refused("test-wait", wait=timedelta(minutes=3)).sentence() == "Again in 3 Minuten."


def test_one_code_has_one_sentence() -> None:
    errors.declare("test-once", "One.")
    assert errors.declare("test-once", "One.") == "test-once"
    with pytest.raises(ValueError, match="two sentences"):
        errors.declare("test-once", "Two.")


def test_a_constraint_stands_for_a_refusal() -> None:
    assert errors.constraint("uq_test", "test-once", "name") == "uq_test"
    assert errors.CONSTRAINTS["uq_test"] == ("test-once", "name")

"""Whom a line may call."""

import pytest

from portal.features.callhandling.rules import Blocking, Mode, Why, calls_not
from portal.features.subscribers.rules import LockLevel
from tests.features.callhandling.cases import ALICE, HOME, company

PREMIUM = Blocking(patterns=("49900*", "118*", "00*"))
FAMILY = Blocking(Mode.ALLOW, ("491712044918", "10?"))


def why(dialled: str, blocking: Blocking | None = None, lock: LockLevel = LockLevel.NONE, *, inside: bool = False) -> Why | None:
    line = company({ALICE: {"outgoing": blocking or Blocking(), "lock": lock}}).lines[ALICE]
    return calls_not(line, dialled, HOME, inside=inside)


@pytest.mark.parametrize("dialled", ["030 4412870", "+43 1 9999", "102", "4412870", "0171 2044918", "11833"])
def test_everybody_can_be_called_by_default(dialled: str) -> None:
    assert why(dialled) is None


@pytest.mark.parametrize(
    ("dialled", "blocked"),
    [
        ("0900 123456", True),
        ("+49 900 123456", True),
        ("11833", True),
        ("+43 1 9999", True),
        ("0043 1 9999", True),
        ("030 4412870", False),
        ("102", False),
    ],
)
def test_what_is_listed_is_blocked(dialled: str, *, blocked: bool) -> None:
    assert why(dialled, PREMIUM) is (Why.BLOCKED if blocked else None)


@pytest.mark.parametrize(("dialled", "blocked"), [("0171 2044918", False), ("102", False), ("030 4412870", True), ("", True)])
def test_only_what_is_listed_can_be_called(dialled: str, *, blocked: bool) -> None:
    assert why(dialled, FAMILY) is (Why.BLOCKED if blocked else None)


@pytest.mark.parametrize("lock", list(LockLevel))
def test_a_lock_lets_some_calls_out(lock: LockLevel) -> None:
    outside = {LockLevel.NONE: None}
    assert why("030 4412870", lock=lock) is outside.get(lock, Why.LOCKED)
    assert why("102", lock=lock, inside=True) is {LockLevel.FOREIGN: None, **outside}.get(lock, Why.LOCKED)


@pytest.mark.parametrize("dialled", ["110", "112", "1 1 2"])
@pytest.mark.parametrize("blocking", [Blocking(patterns=("*",)), FAMILY, Blocking(patterns=("11?",))])
@pytest.mark.parametrize("lock", list(LockLevel))
def test_emergency_numbers_can_always_be_called(dialled: str, blocking: Blocking, lock: LockLevel) -> None:
    assert why(dialled, blocking, lock) is None

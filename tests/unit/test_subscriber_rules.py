"""Names and locks."""

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.features.subscribers import rules
from portal.features.subscribers.rules import LockLevel


@pytest.mark.parametrize(
    ("typed", "stored"),
    [("alice", "alice"), (" Alice ", "alice"), ("a.b-c_d~e", "a.b-c_d~e"), ("x'(y)!*;z,=+", "x'(y)!*;z,=+"), ("101", "101")],
)
def test_a_user_name_is_stored_in_small_letters(typed: str, stored: str) -> None:
    assert rules.check_username(typed) == stored


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "username-empty"),
        ("   ", "username-empty"),
        ("al ice", "username-blanks"),
        ("al\tice", "username-blanks"),
        ("müller", "username-signs"),
        ("alice@home", "username-signs"),
        ("алиса", "username-signs"),
        (".alice", "username-dots"),
        ("alice.", "username-dots"),
        ("al..ice", "username-dots"),
        ("a" * 128, "username-long"),
    ],
)
def test_other_user_names_are_refused_with_their_reason(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_username(typed, field="web_username")
    assert (refused.value.code, refused.value.field) == (code, "web_username")
    assert refused.value.sentence()


@pytest.mark.parametrize(
    ("name", "username"),
    [("Sales", "sales"), ("Front Desk", "front-desk"), ("Empfang München", "empfang-m-nchen"), ("مبيعات", "")],
)
def test_a_user_name_can_be_made_of_a_name(name: str, username: str) -> None:
    assert rules.username_from(name) == username


def test_a_name_loses_needless_blanks_and_has_an_end() -> None:
    assert rules.check_name("  Alice   Meier ") == "Alice Meier"
    for typed, code in (("", "name-empty"), ("  ", "name-empty"), ("a" * 128, "name-long")):
        with pytest.raises(Refused) as refused:
            rules.check_name(typed)
        assert refused.value.code == code


def test_a_lock_needs_a_short_reason() -> None:
    assert rules.check_reason(" on  leave ") == "on leave"
    for typed, code in (("", "lock-reason"), ("x" * 201, "lock-reason-long")):
        with pytest.raises(Refused) as refused:
            rules.check_reason(typed)
        assert refused.value.code == code


@given(st.lists(st.sampled_from(list(LockLevel))))
def test_locks_come_to_the_strictest(levels: list[LockLevel]) -> None:
    found = rules.effective(levels)
    assert found in levels or (not levels and found is LockLevel.NONE)
    assert (LockLevel.GLOBAL in levels) == (found is LockLevel.GLOBAL)

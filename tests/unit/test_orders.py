"""Two who order the same group at the same time."""

from hypothesis import given, strategies as st

from portal.core.ids import PublicId
from portal.features.pbx.rules import change, moved, settle

ORDERS = st.lists(st.sampled_from([PublicId(name) for name in "abcdefg"]), unique=True)


def ids(names: str) -> list[PublicId]:
    return [PublicId(name) for name in names]


def settled(seen: str, stored: str, typed: str) -> tuple[str, bool]:
    order, clash = settle(ids(seen), ids(stored), ids(typed))
    return "".join(order), clash


@given(ORDERS, ORDERS)
def test_what_only_one_side_changed_stands(before: list[PublicId], after: list[PublicId]) -> None:
    assert settle(before, before, after) == (after, False)
    assert settle(before, after, before) == (after, False)


@given(ORDERS, ORDERS)
def test_two_who_want_the_same_get_it(before: list[PublicId], after: list[PublicId]) -> None:
    assert settle(before, after, after) == (after, False)


@given(ORDERS, ORDERS, ORDERS)
def test_nobody_comes_twice_and_who_was_added_or_removed_is(
    seen: list[PublicId], stored: list[PublicId], typed: list[PublicId]
) -> None:
    order = settle(seen, stored, typed).order
    gone = {one for one in seen if one not in stored or one not in typed}
    assert len(order) == len(set(order))
    assert set(order) == (set(stored) | set(typed)) - gone


@given(ORDERS, ORDERS, ORDERS)
def test_whoever_only_added_or_removed_clashes_with_nobody(
    seen: list[PublicId], stored: list[PublicId], typed: list[PublicId]
) -> None:
    tame = [one for one in seen if one in typed] + [one for one in typed if one not in seen]
    assert not settle(seen, stored, tame).clash
    assert not settle(seen, tame, stored).clash


def test_a_new_order_meets_somebody_who_was_removed() -> None:
    assert settled("abc", "ac", "cba") == ("ca", False)


def test_a_new_order_meets_somebody_who_was_added() -> None:
    assert settled("abc", "abcd", "cab") == ("cabd", False)


def test_somebody_added_meets_a_new_order() -> None:
    assert settled("abc", "cba", "abcd") == ("cbad", False)


def test_two_new_orders_clash_and_that_of_the_second_is_offered() -> None:
    assert settled("abc", "bca", "cab") == ("cab", True)


@given(ORDERS, st.sampled_from(ids("abcdefg")), st.sampled_from([-1, 1]))
def test_one_place_up_and_one_down_is_where_it_was(order: list[PublicId], who: PublicId, by: int) -> None:
    there = moved(order, who, by)
    assert sorted(there) == sorted(order)
    assert there == order or moved(there, who, -by) == order


def test_who_moves_stays_in_the_list() -> None:
    assert moved(ids("abc"), PublicId("b"), -1) == ids("bac")
    assert moved(ids("abc"), PublicId("b"), 1) == ids("acb")
    assert moved(ids("abc"), PublicId("a"), -1) == ids("abc")
    assert moved(ids("abc"), PublicId("c"), 1) == ids("abc")


def test_what_is_said_about_a_change() -> None:
    assert change(ids("abc"), ids("bac")) == ([], [], "b")
    assert change(ids("abcd"), ids("bcda")) == ([], [], "a")
    assert change(ids("abcd"), ids("dcba")) == ([], [], None)
    assert change(ids("abc"), ids("ac")) == ([], ["b"], None)
    assert change(ids("abc"), ids("abcd")) == (["d"], [], None)
    assert change(ids("abc"), ids("abc")) == ([], [], None)

from datetime import timedelta

from hypothesis import given, strategies as st

from portal.core import outbox


def test_delays_double_from_two_seconds_to_an_hour() -> None:
    assert [outbox.delay(tries).total_seconds() for tries in (1, 2, 3, 4, 10, 11, 12, 13)] == [
        2,
        4,
        8,
        16,
        1024,
        2048,
        3600,
        3600,
    ]


@given(st.integers(1, 10**9))
def test_a_delay_is_never_longer_than_an_hour_nor_shorter_than_before(tries: int) -> None:
    assert timedelta(seconds=2) <= outbox.delay(tries) <= outbox.delay(tries + 1) <= timedelta(hours=1)

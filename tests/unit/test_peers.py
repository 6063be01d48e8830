"""Where peers may be, and in which order they are tried."""

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.features.peering.rules import Way, host, in_order, is_address


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("192.0.2.10", "192.0.2.10"),
        (" 10.1.2.3 ", "10.1.2.3"),
        ("127.0.0.1", "127.0.0.1"),
        ("[2001:DB8::1]", "2001:db8::1"),
        ("fd00:0::7", "fd00::7"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("SBC1.Transit.Example.", "sbc1.transit.example"),
        ("münchen.example", "xn--mnchen-3ya.example"),
    ],
)
def test_an_address_or_a_name(typed: str, stored: str) -> None:
    assert host(typed) == stored
    assert is_address(stored) is (not stored.endswith("example"))


@pytest.mark.parametrize(
    "typed",
    ["", "0.0.0.0", "::", "224.0.0.1", "ff02::1", "255.255.255.255", "fe80::1%eth0", "10.1.2", "10.0.0.0/8", "peer",
     "a b.example", "sip:peer.example", "peer.example:5060", "'; DROP TABLE peer; --.example", "x" * 300 + ".example"],
)  # fmt: skip
def test_nowhere_to_call_to(typed: str) -> None:
    with pytest.raises(Refused):
        host(typed)


@given(st.text(max_size=300))
def test_whatever_is_typed_the_database_takes_what_is_stored(typed: str) -> None:
    try:
        stored = host(typed)
    except Refused:
        return
    assert 1 <= len(stored) <= 253
    assert set(stored) <= set("0123456789abcdefghijklmnopqrstuvwxyz.:-")
    assert host(stored) == stored


@pytest.mark.parametrize(
    ("ways", "sentence"),
    [
        ([], "Calls to other networks go nowhere: no server is switched on."),
        ([Way("Transit", 1, open=False)], "Calls to other networks go nowhere: no server is switched on."),
        ([Way("Transit", 3, open=True)], "Calls to other networks go to Transit."),
        ([Way("B", 2, open=True), Way("A", 1, open=True)], "Calls to other networks go to A first, then to B."),
        ([Way("B", 1, open=True), Way("A", 1, open=True)], "Calls to other networks go to B and A."),
        (
            [
                Way("A", 1, open=True),
                Way("B", 2, open=True),
                Way("C", 2, open=True),
                Way("D", 3, open=False),
                Way("E", 9, open=True),
            ],
            "Calls to other networks go to A first, then to B and C, then to E.",
        ),
    ],
)
def test_the_order_in_one_sentence(ways: list[Way], sentence: str) -> None:
    assert in_order(ways) == sentence

import ipaddress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from portal.core import zones
from portal.core.errors import Refused
from portal.core.permissions import Owed
from portal.features.accounts import rules

NAMES = ("Alice Meier", "alice@company.telephone.example")


@pytest.mark.parametrize(
    "password",
    ["korb fahrrad mond 17", "lantern-demo-2026", "x9$Kp!vR2#mQ", "correct horse battery staple", "пароль синяя луна дом"],
)
def test_good_passwords_are_taken(password: str) -> None:
    rules.check_password(password, NAMES)
    assert rules.SHORTEST <= len(password) <= rules.LONGEST


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("", "password-short"),
        ("x9$Kp!vR2#m", "password-short"),
        ("korb fahrrad mond " * 8, "password-long"),
        ("my name is alice 77", "password-own-name"),
        ("MEIER fahrrad mond", "password-own-name"),
        ("blue telephone moon", "password-own-name"),
        ("aaaaaaaaaaaaaaaa", "password-weak"),
        ("password12345", "password-common"),
        ("qwertzuiopasdf", "password-weak"),
        ("123456789012", "password-weak"),
    ],
)
def test_bad_passwords_are_refused_at_their_field(password: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.check_password(password, NAMES)
    assert (refused.value.code, refused.value.field) == (code, "password")
    assert refused.value.sentence().endswith(".")


def test_bounds_count_signs_not_bytes() -> None:
    rules.check_password("Ж9$Kп!vR2#mQ", NAMES)
    rules.check_password(("x9$Kp!vR2#mQ-" * 10)[: rules.LONGEST], NAMES)
    assert len("Ж9$Kп!vR2#mQ") == rules.SHORTEST


@pytest.mark.parametrize(
    ("typed", "split"),
    [
        ("clare", ("clare", None)),
        (" Clare ", ("clare", None)),
        ("CLARE@Lantern.Telephone.Example", ("clare", "lantern.telephone.example")),
        ("a@b@c", ("a@b", "c")),
        ("@domain", ("", "domain")),
        ("user@", ("user", "")),
        ("", ("", None)),
    ],
)
def test_names_are_split_at_the_last_at(typed: str, split: tuple[str, str | None]) -> None:
    assert rules.split_name(typed) == split


@pytest.mark.parametrize("patience", [rules.ONE_PERSON, rules.ACCOUNT, rules.PLACE])
def test_the_first_failures_cost_nothing_and_then_the_wait_doubles(patience: rules.Patience) -> None:
    assert {patience.wait(failures) for failures in range(patience.free + 1)} == {timedelta(0)}
    assert [patience.wait(patience.free + n).total_seconds() for n in (1, 2, 3, 4)] == [2, 4, 8, 16]


@given(st.integers(0, 10**6), st.sampled_from([rules.ONE_PERSON, rules.ACCOUNT, rules.PLACE]))
def test_waits_grow_and_end(failures: int, patience: rules.Patience) -> None:
    assert patience.wait(failures) <= patience.wait(failures + 1) <= patience.longest


def test_what_others_can_spoil_never_makes_anybody_wait_longer_than_half_a_minute() -> None:
    assert max(rules.ACCOUNT.longest, rules.PLACE.longest) <= timedelta(seconds=30)


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("unknown", "unknown"),
    ],
)
def test_one_connection_is_one_place(address: str, place: str) -> None:
    assert rules.place(address) == place


@pytest.mark.parametrize(
    ("address", "places"),
    [
        ("192.0.2.7", ("192.0.2.7",)),
        ("::ffff:192.0.2.7", ("192.0.2.7",)),
        ("2001:db8:1:2:3:4:5:6", ("2001:db8:1:2::/64", "2001:db8:1::/48")),
        ("2001:db8:1:ffff::1", ("2001:db8:1:ffff::/64", "2001:db8:1::/48")),
        ("2001:db8:2:2::1", ("2001:db8:2:2::/64", "2001:db8:2::/48")),
        ("::1", ("::/64", "::/48")),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/48")),
        ("unknown", ("unknown",)),
    ],
)
def test_whoever_has_an_ipv6_network_has_many_places(address: str, places: tuple[str, ...]) -> None:
    assert rules.places(address) == places


@given(st.ip_addresses(v=6), st.integers(0, 2**80 - 1))
def test_whatever_one_takes_from_a_network_of_2_to_the_80_counts_together(address: ipaddress.IPv6Address, other: int) -> None:
    neighbour = ipaddress.IPv6Address((int(address) >> 80 << 80) | other)
    if not address.ipv4_mapped and not neighbour.ipv4_mapped:
        assert rules.places(str(address))[1:] == rules.places(str(neighbour))[1:]
        assert all(one in ipaddress.ip_network(rules.places(str(one))[1]) for one in (address, neighbour))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_one_place_however_it_is_written(address: ipaddress.IPv4Address) -> None:
    assert rules.places(str(address)) == rules.places(f"::ffff:{address}") == (str(address),)


def test_places_of_time_zones_are_named_as_people_say_them() -> None:
    assert zones.place_of("America/Argentina/Buenos_Aires") == "Buenos Aires"
    assert "Europe/Berlin" in zones.time_zones()["Europe"]
    assert all(names for names in zones.time_zones().values())


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "owes"),
    [
        ({}, None),
        ({"given": True}, Owed.PASSWORD),
        ({"given": True, "method": "passkey"}, Owed.PASSWORD),
        ({"given": True, "method": "provider"}, None),
        ({"password_days": 90, "age": 91 * DAY}, Owed.PASSWORD),
        ({"password_days": 90, "age": 91 * DAY, "method": "totp"}, Owed.PASSWORD),
        ({"password_days": 90, "age": 91 * DAY, "method": "provider"}, None),
        ({"password_days": 90, "age": 90 * DAY}, None),
        ({"password_days": 90}, None),
        ({"age": 4000 * DAY}, None),
        ({"factor_required": True}, Owed.FACTOR),
        ({"factor_required": True, "method": "passkey"}, None),
        ({"factor_required": True, "method": "provider"}, None),
        ({"factor_required": True, "given": True}, Owed.PASSWORD),
    ],
)
def test_what_is_owed_before_anything_else(facts: dict[str, Any], owes: Owed | None) -> None:
    nothing = {"method": "password", "given": False, "age": None, "password_days": None, "factor_required": False}
    assert rules.owed(**{**nothing, **facts}) is owes

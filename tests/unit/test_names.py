"""Names of hosts and SIP domains."""

import pytest
from hypothesis import given, strategies as st

from portal.core.errors import Refused
from portal.features.resellers import rules

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?", fullmatch=True).filter(lambda label: "--" not in label)
TOPS = st.from_regex(r"[a-z]{2,8}", fullmatch=True)
NAMES = st.builds(lambda labels, top: ".".join([*labels, top]), st.lists(LABELS, min_size=1, max_size=4), TOPS)
SCRIPTS = st.sampled_from(["münchen", "straße", "телефон", "هاتف", "電話", "τηλέφωνο", "çağrı", "łódź"])


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("Telefon.München.example", "telefon.xn--mnchen-3ya.example", "telefon.münchen.example"),
        ("straße.example", "xn--strae-oqa.example", "straße.example"),
        ("電話.example", "xn--722ax0w.example", "電話.example"),
        ("phone。example。com", "phone.example.com", "phone.example.com"),
        ("XN--MNCHEN-3YA.example", "xn--mnchen-3ya.example", "münchen.example"),
        (" phone.example.com. ", "phone.example.com", "phone.example.com"),
        ("https://Phone.example.com/", "phone.example.com", "phone.example.com"),
        ("4you.example", "4you.example", "4you.example"),
    ],
)
def test_names_of_every_script_are_stored_as_they_travel(typed: str, stored: str, shown: str) -> None:
    assert rules.host_name(typed, field="host") == stored
    assert rules.readable(stored) == shown


@given(NAMES)
def test_a_plain_name_stays_as_it_is(name: str) -> None:
    assert rules.host_name(name, field="host") == name
    assert rules.host_name(f" {name.upper()}. ", field="host") == name
    assert rules.readable(name) == name


@given(SCRIPTS, NAMES)
def test_a_name_is_read_as_it_was_typed_and_can_be_typed_as_it_is_read(word: str, name: str) -> None:
    stored = rules.host_name(f"{word}.{name}", field="host")
    assert stored.isascii()
    assert rules.readable(stored) == f"{word}.{name}"
    assert rules.host_name(rules.readable(stored), field="host") == stored
    assert rules.host_name(stored, field="host") == stored


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_name_or_is_refused(typed: str) -> None:
    refusals: list[Refused] = []
    try:
        stored = rules.host_name(typed, field="host")
    except Refused as refusal:
        refusals.append(refusal)
    if refusals:
        assert refusals[0].field == "host"
        assert refusals[0].sentence()
    else:
        assert stored.isascii()
        assert stored == stored.lower()
        assert len(stored) <= rules.LONGEST_HOST
        assert rules.readable(stored)


@given(st.ip_addresses())
def test_no_address_is_a_name(address: object) -> None:
    for typed in (str(address), f"[{address}]", f" {address}. "):
        with pytest.raises(Refused) as refused:
            rules.domain_name(typed)
        assert refused.value.code == "name-is-address"
    assert rules.domain_name(str(address), addresses=True) == str(address)
    assert rules.is_ip(rules.domain_name(f"[{address}]", addresses=True))


@pytest.mark.parametrize("typed", ["10.1.2", "192.0.2.1.5", "1.2.3.4:5060", "300.1.1.1", "1.2.3.4."])
def test_what_looks_like_an_address_is_refused_as_one(typed: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.domain_name(typed, addresses=typed in {"10.1.2", "300.1.1.1"})
    assert refused.value.code == "name-is-address"


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("münchen", "name-no-host"),
        ("a_b.example", "name-no-host"),
        ("example.123", "name-no-host"),
        ("xn--.example", "name-no-host"),
        ("a.example:8000", "name-no-host"),
        ("-a.example", "name-no-host"),
        ("a" * 60 + "." + "b" * 60 + ".example", "name-too-long"),
    ],
)
def test_what_is_no_domain_is_refused_with_the_reason(typed: str, code: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.domain_name(typed)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("cc", "ac", "home"),
    [("49", "30", ("49", "30")), ("+49", "030", ("49", "30")), ("0039", "02", ("39", "02")), ("33", "", ("33", ""))],
)
def test_a_place_is_typed_in_any_way(cc: str, ac: str, home: tuple[str, str]) -> None:
    found = rules.home(cc, ac)
    assert (found.cc, found.ac) == home


@pytest.mark.parametrize(
    ("cc", "ac", "field"),
    [("", "", "cc"), ("999", "", "cc"), ("x", "", "cc"), ("٤٩", "", "cc"), ("49", "12345678", "ac"), ("49", "x", "ac")],
)
def test_what_is_no_place_is_refused(cc: str, ac: str, field: str) -> None:
    with pytest.raises(Refused) as refused:
        rules.home(cc, ac)
    assert refused.value.field == field

"""Entries of the audit log in words: what they are about, every value, and who did it in whose name."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, strategies as st

from portal.core.audit import Event
from portal.features.accounts.rules.sign_in_rules import GROUPS
from portal.features.audit.rules import asked, details, kinds, told
from portal.features.audit.rules.asked import Place
from portal.features.audit.rules.details import Fact
from portal.features.customers.rules import Kind as CustomerKind
from portal.features.pbx.models import RingingPolicy
from portal.features.peering.rules import TRANSPORTS
from portal.features.subscribers.models import Kind as LineKind, LockSource
from portal.features.subscribers.rules import PROTOCOLS, LockLevel

NOW = datetime(2026, 11, 24, 13, 30, tzinfo=UTC)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@dataclass
class Entry:
    event: str = Event.EXTENSION_UNLOCKED
    actor: str | None = "tom"
    actor_name: str = "Tom Becker"
    as_whom_name: str | None = None
    label: str | None = "Alice"
    at: datetime = NOW
    details: dict[str, Any] = field(default_factory=dict)


def facts(**values: object) -> list[tuple[str, str | None, str]]:
    found = details.facts({name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}, "49")
    return [tuple(part and part.strip("\u2066\u2069").replace("\u00a0", " ") for part in fact) for fact in found]  # type: ignore[misc]


def test_every_event_is_of_one_kind() -> None:
    listed = [event for events in kinds.EVENTS.values() for event in events]
    assert sorted(listed) == sorted(event.value for event in Event)
    assert kinds.kind_of(Event.SIGNED_IN) is kinds.Kind.SIGN_INS
    assert kinds.kind_of("of another version") is None
    assert set(kinds.WORDS) == set(kinds.EVENTS) == set(kinds.Kind)


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ({"display_name": ("Al", "Alice")}, ("Name", "Al", "Alice")),
        ({"email": (None, "a@b.example")}, ("E-mail", "none", "a@b.example")),
        ({"do_not_disturb": (False, True)}, ("Do not disturb", "off", "on")),
        ({"language": ("de", None)}, ("Language", "German", "none")),
        ({"languages_said": ["de", "tr"]}, ("Texts in", None, "German, Turkish")),
        ({"country": ("DE", "AT")}, ("Country", "Germany", "Austria")),
        ({"protocol": "any"}, ("Protocol", None, "any protocol")),
        ({"kinds": ["soho", "trunk"]}, ("New customers that get it", None, "Small office, SIP trunk")),
        ({"state": ("active", "locked")}, ("State", "active", "locked")),
        ({"outgoing": ("own", "49305550700")}, ("Called people see", "the own number", "030 5550700")),
        ({"level": (0, 2)}, ("Lock", "not locked", "no outgoing calls")),
        ({"number": ("49305550000", "49305550001")}, ("Number", "030 5550000", "030 5550001")),
        ({"password_days": (None, 90)}, ("Days until a password expires", "none", "90")),
        ({"factor_roles": ([], ["care", "pilots"])}, ("Second factor required for", "none", "Customer care, Pilots")),
        ({"numbers": ["541143265500", "541143265501"]}, ("Numbers", None, "+54 11 4326-5500\u2069, \u2066+54 11 4326-5501")),
        ({"groups": ["Sales", "Support"]}, ("Groups", None, "Sales, Support")),
        ({"listed": ["491712044918", "49900*"]}, ("Put on the list", None, "0171 2044918\u2069, 0900*")),
        ({"unlisted": ["1??", "00*", "431*"]}, ("Taken off the list", None, "1??, 00*, 431*")),
        ({"unlisted": ["4312*", "43123*"]}, ("Taken off the list", None, "4312*, +43123*")),
        ({"keys": ["*0", "*1"]}, ("Keys", None, "*0, *1")),
        ({"mode": ("block", "allow")}, ("What is listed", "is blocked", "is all that is allowed")),
        ({"direction": "in"}, ("Calls", None, "incoming")),
        ({"password": "changed"}, ("Password", None, "changed")),
        ({"client_secret": "changed"}, ("Client secret", None, "changed")),
        ({"extension": "104"}, ("Extension", None, "104")),
        ({"active": False}, ("Active", None, "off")),
        ({"shoe_size": 44}, ("shoe size", None, "44")),
    ],
)
def test_values_in_words(values: dict[str, object], shown: tuple[str, str | None, str]) -> None:
    assert facts(**values) == [shown]


def test_what_is_not_there_is_not_shown() -> None:
    assert facts(was=None, groups=[], extension="") == []


def test_values_that_features_know_by_name_have_words_here() -> None:
    assert set(details.WORDS["policy"]) == {policy.value for policy in RingingPolicy}
    assert set(details.WORDS["kind"]) == {kind.value for kind in LineKind}
    assert set(details.WORDS["source"]) == {source.value for source in LockSource}
    assert set(details.WORDS["factor_roles"]) == set(GROUPS)
    assert set(details.WORDS["kinds"]) == {kind.value for kind in CustomerKind}
    assert set(details.WORDS["protocol"]) == set(PROTOCOLS)
    assert set(details.WORDS["transport"]) == set(TRANSPORTS)
    assert set(details.WORDS["level"]) == {level.value for level in LockLevel}


@given(st.dictionaries(st.sampled_from(sorted(details.LABELS)) | st.text(max_size=5), JSON, max_size=4))
def test_nothing_that_stands_in_a_row_breaks_a_page(values: dict[str, Any]) -> None:
    assert all(isinstance(fact, Fact) for fact in details.facts(values, "49"))
    for event in Event:
        assert told([Entry(event, details=values)], reader=None, home_cc="49")[0].sentence


def test_history_panels_say_you_to_the_reader_and_name_both_for_a_view() -> None:
    assert [one.sentence for one in told([Entry()], reader="tom", home_cc="49")] == ["You unlocked Alice"]
    assert [one.sentence for one in told([Entry()], reader="clare", home_cc="49")] == ["Tom Becker unlocked Alice"]
    assert [one.sentence for one in told([Entry(actor=None)], reader=None, home_cc="49")] == ["Tom Becker unlocked Alice"]
    viewed = told([Entry(as_whom_name="Clare Fenn")], reader="clare", home_cc="49")
    assert viewed == [("Tom Becker (as Clare Fenn) unlocked Alice", NOW, "Tom Becker")]


@given(micros=st.integers(0, 4_102_444_800_000_000), number=st.integers(0, 2**62), back=st.booleans())
def test_a_place_survives_the_address(micros: int, number: int, back: bool) -> None:
    at = Place(datetime.fromtimestamp(micros // 1_000_000, UTC).replace(microsecond=micros % 1_000_000), number, back)
    assert asked.place(str(at), back=back) == at


@given(st.text(max_size=60))
def test_no_text_breaks_a_place(text: str) -> None:
    found = asked.place(text)
    assert found is None or asked.place(str(found)) == found

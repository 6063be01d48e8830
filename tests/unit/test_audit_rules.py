"""The audit log in words."""

from collections.abc import Mapping

import pytest

from portal.core import i18n
from portal.core.audit import Event
from portal.features.audit import rules


def told(event: Event, details: Mapping[str, object], *, you: bool = False) -> str:
    with i18n.using("en"):
        text = rules.sentence(event, details, name="Bob", label="Alice", you=you, home_cc="49")
    return text.replace("\u2066", "").replace("\u2069", "").replace("\u00a0", " ")


def test_every_event_has_its_two_sentences() -> None:
    assert set(rules.SENTENCES) == {event.value for event in Event}


@pytest.mark.parametrize(
    ("event", "details", "sentence"),
    [
        (Event.EXTENSION_CREATED, {"extension": "104", "number": "49305550000104"}, "Bob added Alice as extension 104"),
        (
            Event.EXTENSION_CHANGED,
            {"email": [None, "a@b.example"], "display_name": ["Al", "Alice"]},
            "Bob changed Alice: name “Alice” (before: “Al”); e-mail “a@b.example” (before: none)",
        ),
        (Event.EXTENSION_CHANGED, {"do_not_disturb": [False, True]}, "Bob changed Alice: do not disturb on (before: off)"),
        (
            Event.EXTENSION_CHANGED,
            {"outgoing": ["own", "49305550700"]},
            "Bob changed Alice: called people see 030 5550700 (before: the own number)",
        ),
        (Event.EXTENSION_CHANGED, {"language": ["de", None]}, "Bob changed Alice: language none (before: German)"),
        (
            Event.EXTENSION_LOCKED,
            {"level": [0, 2], "reason": [None, "On leave"]},
            "Bob locked Alice: no outgoing calls. Reason: On leave",
        ),
        (Event.NUMBER_ASSIGNED, {"numbers": ["49305550700"], "was": None}, "Bob gave Alice 030 5550700"),
        (Event.NUMBER_ASSIGNED, {"numbers": ["49305550700"], "was": "Carol"}, "Bob gave Alice 030 5550700; before: Carol"),
        (Event.NUMBER_RETURNED, {"numbers": ["49305550700"], "now": None}, "Bob took 030 5550700 from Alice"),
        (Event.NUMBER_RETURNED, {"numbers": ["49305550700"], "now": "Carol"}, "Bob took 030 5550700 from Alice; now with Carol"),
        (
            Event.NUMBER_ASSIGNED,
            {"numbers": [f"4930555070{n}" for n in range(5)]},
            "Bob gave Alice 030 5550700, 030 5550701, 030 5550702 and 2 more",
        ),
        (
            Event.BASE_NUMBER_CHANGED,
            {"number": ["49305550000", "49305550001"]},
            "Bob changed the base number to 030 5550001; before: 030 5550000",
        ),
        (Event.SIP_PASSWORD_RENEWED, {"password": "changed"}, "Bob made a new SIP password for Alice"),
    ],
)
def test_what_happened_is_said(event: Event, details: dict[str, object], sentence: str) -> None:
    assert told(event, details) == sentence


def test_the_reader_is_you() -> None:
    assert told(Event.EXTENSION_UNLOCKED, {}, you=True) == "You unlocked Alice"


@pytest.mark.parametrize("event", list(Event))
def test_no_event_breaks_for_want_of_details(event: Event) -> None:
    details: dict[str, object] = {"level": [0, 1], "reason": [None, "x"], "number": ["49301", "49302"], "numbers": []}
    assert told(event, details)
    assert told(event, details, you=True)

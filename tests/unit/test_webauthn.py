"""Whatever is sent in place of an authenticator's answer, it is told apart from one, and nothing breaks."""

from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings, strategies as st

from portal.core import links
from portal.core.phone import Home
from portal.core.tenancy import Tenant
from portal.features.accounts.models import Passkey
from portal.features.accounts.operations import webauthn
from tests.features.accounts.authenticator import Answer, Authenticator, coded, decoded

HERE = Tenant(
    reseller_id=1,
    reseller_name="TelephOne",
    reseller_active=True,
    operator=False,
    host="lantern.localhost",
    theme="telephone",
    languages=("en",),
    time_zone="Europe/Berlin",
    home=Home("49", "30"),
)
CHALLENGE = coded(b"c" * 32)
TOLD = {"rp": {"id": HERE.host}, "user": {"id": coded(b"alice")}, "challenge": CHALLENGE}


@cache
def right(origin: str) -> tuple[Answer, Answer, Passkey]:
    """What is made and shown there, and what is kept of it."""
    device = Authenticator()
    return device.make(TOLD, origin=origin), device.show(TOLD, origin=origin), Passkey(public_key=device.credentials[0].cose)


def right_here() -> tuple[Answer, Answer, Passkey]:
    return right(links.origin(HERE.host))


PLAIN = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=80).map(coded)
PARTS = ("id", "rawId", "type", "response", "clientDataJSON", "authenticatorData", "attestationObject", "signature", "userHandle")
JSON = st.recursive(
    PLAIN,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(PARTS) | st.text(max_size=5), inner, max_size=6),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from(PARTS), JSON, max_size=9)


def check_refused(answer: Answer) -> None:
    passkey = right_here()[2]
    webauthn.challenge_of(answer)
    webauthn.credential_of(answer)
    webauthn.whose(answer)
    assert webauthn.made(answer, challenge=CHALLENGE, tenant=HERE) is None
    assert webauthn.shown(answer, challenge=CHALLENGE, tenant=HERE, passkey=passkey) is None


def test_the_right_answers_are_right() -> None:
    new, used, passkey = right_here()
    made = webauthn.made(new, challenge=CHALLENGE, tenant=HERE)
    assert made is not None
    assert (coded(made.credential_id), made.public_key) == (used["id"], passkey.public_key)
    assert webauthn.shown(used, challenge=CHALLENGE, tenant=HERE, passkey=passkey) == webauthn.Shown(0, backed_up=False)
    assert webauthn.challenge_of(new) == webauthn.challenge_of(used) == CHALLENGE
    assert webauthn.whose(used) == "alice"


@given(OBJECTS)
def test_any_json_is_no_answer(answer: dict[str, Any]) -> None:
    check_refused(answer)


@given(st.sampled_from(["id", "rawId", "type", "response"]), JSON)
def test_with_any_part_exchanged_it_is_no_answer(part: str, other: object) -> None:
    for answer in right_here()[:2]:
        if other != answer[part]:
            check_refused(answer | {part: other})


@given(st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]), st.data())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_with_any_bit_turned_nothing_was_shown(part: str, data: st.DataObject) -> None:
    used = right_here()[1]
    content = bytearray(decoded(used["response"][part]))
    place = data.draw(st.integers(0, len(content) * 8 - 1))
    content[place // 8] ^= 1 << place % 8
    check_refused(used | {"response": used["response"] | {part: coded(bytes(content))}})


@given(st.binary(max_size=300), st.data())
def test_with_a_damaged_attestation_nothing_breaks(noise: bytes, data: st.DataObject) -> None:
    """A bit of the key or of the counter may be any: only the rest tells."""
    new = right_here()[0]
    content = decoded(new["response"]["attestationObject"])
    start = data.draw(st.integers(0, len(content)))
    damaged = content[:start] + noise + content[start + len(noise) :]
    answer = new | {"response": new["response"] | {"attestationObject": coded(damaged)}}
    made = webauthn.made(answer, challenge=CHALLENGE, tenant=HERE)
    assert made is None or len(made.credential_id) <= webauthn.LONGEST_ID

"""What browsers and their authenticators are asked, and whether what they answer is right (WebAuthn level 2)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import UnsupportedAlgorithm
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import options_to_json_dict, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.core import links
from portal.core.tenancy import Tenant
from portal.features.accounts import rules
from portal.features.accounts.models import Account, Passkey

Answer = Mapping[str, Any]  # what the browser's toJSON() gives
MILLISECONDS = int(rules.ANSWER_WITHIN.total_seconds() * 1000)
LONGEST_ID = 1023  # bytes, as the standard says
LONGEST_KEY = 2048
TRANSPORTS = frozenset(way.value for way in AuthenticatorTransport)
# Whatever a stranger can make the library stumble over is no answer.
NO_ANSWER = (
    WebAuthnException, UnsupportedAlgorithm, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
)


@dataclass(frozen=True)
class Made:
    """A new credential. `apart`: it is on something of its own, like a security key."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]
    backed_up: bool
    aaguid: str
    apart: bool


@dataclass(frozen=True)
class Shown:
    """A credential that was used."""

    sign_count: int
    backed_up: bool


def to_make(
    challenge: str, *, tenant: Tenant, brand: str, account: Account, name: str, besides: Sequence[Passkey]
) -> dict[str, Any]:
    """What navigator.credentials.create() is told: found without a user name later, and the person is made sure of each time."""
    options = generate_registration_options(
        rp_id=tenant.host,
        rp_name=brand,
        user_id=account.public_id.encode(),
        user_name=name,
        user_display_name=account.name,
        challenge=base64url_to_bytes(challenge),
        timeout=MILLISECONDS,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=_described(besides),
    )
    return options_to_json_dict(options)


def to_show(challenge: str, *, tenant: Tenant, one_of: Sequence[Passkey] = ()) -> dict[str, Any]:
    """What navigator.credentials.get() is told; without `one_of` the person chooses whom to sign in."""
    options = generate_authentication_options(
        rp_id=tenant.host,
        challenge=base64url_to_bytes(challenge),
        timeout=MILLISECONDS,
        allow_credentials=_described(one_of),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


def _described(passkeys: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [
        PublicKeyCredentialDescriptor(id=one.credential_id, transports=[AuthenticatorTransport(way) for way in one.transports])
        for one in passkeys
    ]


def challenge_of(answer: Answer) -> str:
    """The challenge that this answers, as it was given out; empty when it answers none."""
    try:
        said = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return str(said["challenge"].encode("ascii"), "ascii")
    except NO_ANSWER:
        return ""


def credential_of(answer: Answer) -> bytes:
    try:
        return base64url_to_bytes(answer["rawId"])
    except NO_ANSWER:
        return b""


def whose(answer: Answer) -> str | None:
    """The account's public id, which the authenticator keeps with the credential; None from one that does not tell it."""
    try:
        told = answer["response"].get("userHandle")
        return None if told is None else base64url_to_bytes(told).decode()
    except NO_ANSWER:
        return ""


def made(answer: Answer, *, challenge: str, tenant: Tenant) -> Made | None:
    """None when this is no new credential of this host, made just now by somebody whom the authenticator made sure of."""
    try:
        right = verify_registration_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=tenant.host,
            expected_origin=links.origin(tenant.host),
            require_user_verification=True,
        )
        if _is_framed(answer):
            return None
    except NO_ANSWER:
        return None
    if len(right.credential_id) > LONGEST_ID or len(right.credential_public_key) > LONGEST_KEY:
        return None
    ways = answer["response"].get("transports")
    return Made(
        credential_id=right.credential_id,
        public_key=right.credential_public_key,
        sign_count=right.sign_count,
        transports=sorted(TRANSPORTS.intersection(way for way in ways if isinstance(way, str))) if isinstance(ways, list) else [],
        backed_up=right.credential_backed_up,
        aaguid=right.aaguid,
        apart=answer.get("authenticatorAttachment") == "cross-platform",
    )


def shown(answer: Answer, *, challenge: str, tenant: Tenant, passkey: Passkey) -> Shown | None:
    """None when this does not prove that the passkey was used, here, just now, by somebody whom it made sure of.

    The counter is not looked at: whether it may be as it is shows when it is stored.
    """
    try:
        right = verify_authentication_response(
            credential=dict(answer),
            expected_challenge=base64url_to_bytes(challenge),
            expected_rp_id=tenant.host,
            expected_origin=links.origin(tenant.host),
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
        return None if _is_framed(answer) else Shown(right.new_sign_count, right.credential_backed_up)
    except NO_ANSWER:
        return None


def _is_framed(answer: Answer) -> bool:
    """Asked for by a page inside of another site's."""
    return bool(parse_client_data_json(base64url_to_bytes(answer["response"]["clientDataJSON"])).cross_origin)

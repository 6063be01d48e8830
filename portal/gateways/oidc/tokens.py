"""What makes an ID token believable (OpenID Connect Core 3.1.3.7)."""

from collections.abc import Mapping
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OctKey
from joserfc.jws import JWSRegistry

from portal.core import clock
from portal.gateways.oidc.said import Trouble, Why

# Signed with a key that only the provider has: never “none”, never with a secret that is shared.
ALGORITHMS = [f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)] + ["EdDSA", "Ed25519"]
LEEWAY = 60  # seconds that two clocks may differ
LONGEST_SUBJECT = 255  # OpenID Connect Core 2


def keys_from(document: Any) -> KeySet:
    """The public keys of a JWK set; what cannot be used is left out. Raises JoseError, KeyError, TypeError or ValueError."""
    keys = KeySet.import_key_set(document)
    return KeySet([key for key in keys if not isinstance(key, OctKey)])


def claims_of(
    id_token: str, keys: KeySet, *, issuer: str, client_id: str, nonce: str, access_token: str | None
) -> dict[str, Any]:
    """What a token says, if it is believable. Raises Trouble; JoseError where another key may help."""
    registry = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
    token = jwt.decode(id_token, keys, registry=registry)
    options = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": client_id}}
    params = {"nonce": nonce, "client_id": client_id, "access_token": access_token}
    header = {**token.header, "alg": token.header["alg"].replace("Ed25519", "EdDSA")}  # Authlib hashes by the older name only
    try:
        CodeIDToken(token.claims, header, options, params).validate(int(clock.now().timestamp()), LEEWAY)
        check_subject(token.claims)
    except (JoseError, ValueError, TypeError, OverflowError) as error:
        raise Trouble(Why.UNTRUSTED, f"the ID token: {error}") from error
    return token.claims


def check_subject(claims: Mapping[str, Any]) -> str:
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST_SUBJECT or not subject.isprintable():
        raise ValueError("no usable subject")
    return subject

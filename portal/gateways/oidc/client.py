"""The real client: discovery, code flow with PKCE, ID tokens, on Authlib."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from urllib.parse import quote_plus

import httpx2
from authlib.common.urls import add_params_to_uri
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.auth import encode_client_secret_basic
from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from portal.core import clock
from portal.core.lines import one_line
from portal.gateways.guarded import Forbidden, Guarded
from portal.gateways.oidc import tokens
from portal.gateways.oidc.kept import Kept, Room
from portal.gateways.oidc.said import Answer, Discovered, Person, Registration, Trouble, Why

WELL_KNOWN = "/.well-known/openid-configuration"
SCOPE = "openid email profile"
MOST_KEPT = 200
FRESH = timedelta(minutes=1)
MOST_AT_ONCE = 3  # questions to one provider: a slow one must not keep all threads waiting
LONGEST_NAME = 255
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
MORE_ENDPOINTS = ("userinfo_endpoint", "end_session_endpoint")


class Client:
    """`guard` decides which addresses may be asked."""

    def __init__(self, guard: Guarded) -> None:
        self._guard = guard
        self._documents: Kept[Discovered] = Kept(timedelta(minutes=10), MOST_KEPT)
        self._keys: Kept[KeySet] = Kept(timedelta(hours=1), MOST_KEPT)
        self._failed: Kept[Trouble] = Kept(timedelta(seconds=30), MOST_KEPT)
        self._room = Room(MOST_AT_ONCE)

    def discover(self, issuer: str, *, fresh: bool = False) -> Discovered:
        trouble = self._failed.get(issuer)
        known = self._documents.get(issuer, FRESH if fresh else None)
        if trouble is not None and (fresh or known is None):
            raise trouble.again()
        return known or self.check(issuer)

    def check(self, issuer: str) -> Discovered:
        with self._asking(issuer):
            try:
                found = self._documents.put(issuer, self._discovered(issuer))
            except Trouble as trouble:
                self._failed.put(issuer, trouble.again())
                raise
        self._failed.drop(issuer)
        return found

    @contextmanager
    def _asking(self, issuer: str) -> Iterator[None]:
        with self._room.of(issuer) as free:
            if not free:
                raise Trouble(Why.DOWN, "enough wait for it already")
            yield

    def _discovered(self, issuer: str) -> Discovered:
        with _troubles():
            self._guard.address(issuer)
            found = _described(self._fetch(issuer.rstrip("/") + WELL_KNOWN))
            if found.issuer != issuer:
                raise Trouble(Why.ISSUER, f"calls itself {found.issuer!r}", found=found.issuer)
            for url in (getattr(found, name) for name in (*ENDPOINTS, *MORE_ENDPOINTS)):
                if url is not None:
                    self._guard.address(url)
        return found

    def address(
        self, registration: Registration, *, back: str, state: str, nonce: str, verifier: str, anew: bool = False
    ) -> str:
        found = self.discover(registration.issuer)
        asked = {"prompt": "login", "max_age": "0"} if anew else {}
        with self._session(registration, found) as session:
            url, _state = session.create_authorization_url(
                found.authorization_endpoint, state=state, code_verifier=verifier, redirect_uri=back, nonce=nonce, **asked,
            )
        return str(url)

    def person(self, registration: Registration, answer: Answer) -> Person:
        found = self.discover(registration.issuer)
        self._check_speaker(found, answer.params)
        with self._asking(found.issuer), _troubles(), self._session(registration, found) as session:
            token = session.fetch_token(
                found.token_endpoint, code=answer.params["code"], redirect_uri=answer.back, code_verifier=answer.verifier,
            )
            claims = self._claims(registration, found, token, answer.nonce)
            if answer.since is not None:
                _check_anew(claims, answer)
            if not claims.get("email") and found.userinfo_endpoint and token.get("access_token"):
                claims = {**self._more(session, found.userinfo_endpoint, claims["sub"]), **claims}
        return _person(claims)

    def farewell(self, registration: Registration, *, back: str) -> str | None:
        found = self._documents.last(registration.issuer)
        params = [("client_id", registration.client_id), ("post_logout_redirect_uri", back)]
        return str(add_params_to_uri(found.end_session_endpoint, params)) if found and found.end_session_endpoint else None

    def _session(self, registration: Registration, found: Discovered) -> Any:
        session = OAuth2Client(
            client_id=registration.client_id,
            client_secret=registration.client_secret,
            token_endpoint_auth_method=found.auth_method,
            scope=SCOPE,
            code_challenge_method="S256",
            transport=self._guard,
            follow_redirects=False,
            trust_env=False,
        )
        session.register_client_auth_method(("client_secret_basic", _basic))
        return session

    def _check_speaker(self, found: Discovered, params: Mapping[str, str]) -> None:
        """RFC 9207: an answer that comes from somebody else than was asked is none. Then, whether it says no."""
        said = params.get("iss")
        if said != found.issuer and (said is not None or found.names_itself):
            raise Trouble(Why.UNTRUSTED, f"the answer is from {said!r}")
        if "error" in params or not params.get("code"):
            raise Trouble(Why.REFUSED, "no code", found=params.get("error", ""))

    def _claims(self, registration: Registration, found: Discovered, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        """A key that is not known, or does not fit, may have been replaced: then the keys are fetched anew, once."""
        known = self._keys.get(found.jwks_uri)
        try:
            return self._checked(known or self._fetch_keys(found), registration, token, nonce)
        except (InvalidKeyIdError, BadSignatureError):
            if known is None:
                raise
            return self._checked(self._fetch_keys(found), registration, token, nonce)

    def _checked(self, keys: KeySet, registration: Registration, token: Mapping[str, Any], nonce: str) -> dict[str, Any]:
        id_token = token.get("id_token")
        if not isinstance(id_token, str):
            raise Trouble(Why.UNTRUSTED, "no ID token")
        return tokens.claims_of(
            id_token,
            keys,
            issuer=registration.issuer,
            client_id=registration.client_id,
            nonce=nonce,
            access_token=token.get("access_token"),
        )

    def _fetch_keys(self, found: Discovered) -> KeySet:
        document = self._fetch(found.jwks_uri)
        try:
            return self._keys.put(found.jwks_uri, tokens.keys_from(document))
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Trouble(Why.DOCUMENT, f"no keys: {error}") from error

    def _fetch(self, url: str) -> dict[str, Any]:
        with httpx2.Client(transport=self._guard, follow_redirects=False, trust_env=False) as client:
            return _document(client.get(url, headers={"Accept": "application/json"}))

    def _more(self, session: Any, url: str, subject: str) -> dict[str, Any]:
        claims = _document(session.get(url))
        if claims.get("sub") != subject:
            raise Trouble(Why.UNTRUSTED, "the user info is of somebody else")
        return claims


@contextmanager
def _troubles() -> Iterator[None]:
    """Whatever goes wrong on the way, as one of ours."""
    try:
        yield
    except Forbidden as error:
        raise Trouble(Why.ADDRESS, str(error)) from error
    except OAuthError as error:
        raise Trouble(Why.REFUSED, str(error), found=str(error.error or "")) from error
    except (JoseError, ValueError, TypeError) as error:
        raise Trouble(Why.UNTRUSTED, str(error)) from error
    except httpx2.HTTPError as error:
        raise Trouble(Why.DOWN, str(error)) from error


def _document(answer: httpx2.Response) -> dict[str, Any]:
    if answer.status_code >= 500:
        raise Trouble(Why.DOWN, f"{answer.request.url} answers {answer.status_code}")
    try:
        document = answer.json() if answer.status_code == 200 else None
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Trouble(Why.DOCUMENT, f"{answer.request.url} answers {answer.status_code}, with no document")
    return document


def _described(document: Mapping[str, Any]) -> Discovered:
    return Discovered(
        **{name: _text(document, name) for name in ("issuer", *ENDPOINTS)},
        **{name: _text(document, name) if document.get(name) else None for name in MORE_ENDPOINTS},  # type: ignore[arg-type]
        auth_method=_auth_method(document),
        names_itself=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _text(document: Mapping[str, Any], name: str) -> str:
    value = document.get(name)
    if not isinstance(value, str) or not value.isprintable():
        raise Trouble(Why.DOCUMENT, f"no {name}")
    return value


def _auth_method(document: Mapping[str, Any]) -> str:
    offered = document.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    known = [method for method in ("client_secret_basic", "client_secret_post") if method in offered]
    if not known:
        raise Trouble(Why.DOCUMENT, "takes no client secret")
    return known[0]


def _basic(client: Any, method: str, uri: str, headers: Any, body: str) -> Any:
    """RFC 6749, 2.3.1: both parts are encoded first, so that a colon or an umlaut in them arrives."""
    quoted = Registration("", quote_plus(client.client_id), quote_plus(client.client_secret))
    return encode_client_secret_basic(quoted, method, uri, headers, body)


def _check_anew(claims: Mapping[str, Any], answer: Answer) -> None:
    asked_at = claims.get("auth_time")
    since = answer.since or clock.now()
    if not isinstance(asked_at, int | float) or asked_at < since.timestamp() - tokens.LEEWAY:
        raise Trouble(Why.STALE, f"asked at {asked_at!r}")


def _person(claims: Mapping[str, Any]) -> Person:
    email, name = claims.get("email"), claims.get("name") or claims.get("preferred_username")
    return Person(
        subject=claims["sub"],
        email=email if isinstance(email, str) and email and email.isprintable() else None,
        email_verified=claims.get("email_verified") is True,
        name=(one_line(name)[:LONGEST_NAME] or None) if isinstance(name, str) else None,
    )

"""What the client believes of a provider, and what it does not."""

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, unquote_plus

import httpx2
import pytest
from authlib.common.security import generate_token
from joserfc import jwt
from joserfc.jwk import Key, OctKey, OKPKey, RSAKey
from joserfc.jws import JWSRegistry

from portal.core import clock
from portal.gateways.guarded import Guarded
from portal.gateways.oidc import Answer, Client, Person, Registration, Trouble, Why
from portal.gateways.oidc.kept import Kept
from portal.gateways.oidc.tokens import ALGORITHMS

ISSUER = "https://id.example/realm"
OWN = Registration(ISSUER, "portal", "geheim: ä+/%")
KEY = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
OTHER = RSAKey.generate_key(2048, {"kid": "two", "use": "sig"})
CURVE = OKPKey.generate_key("Ed25519", {"kid": "three", "use": "sig"})
ACCESS = "an access token"
Change = Callable[["World"], None]


def now() -> int:
    return int(clock.now().timestamp())


def claims(**other: Any) -> dict[str, Any]:
    usual = {"iss": ISSUER, "sub": "rita", "aud": "portal", "exp": now() + 60, "iat": now(), "nonce": "nonce"}
    usual |= {"email": "rita@cheapcall.example", "email_verified": True, "name": "Rita"}
    return {name: value for name, value in {**usual, **other}.items() if value is not None}


def signed(payload: Mapping[str, Any], key: Key = KEY, alg: str = "RS256", **header: Any) -> str:
    registry = JWSRegistry(algorithms=[alg], strict_check_header=False)
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, dict(payload), key, registry=registry)


def half_hash(algorithm: str) -> str:
    digest = hashlib.new(algorithm, ACCESS.encode()).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")


class World(Guarded):
    """The provider and what it answers; names lead nowhere but here."""

    def __init__(self) -> None:
        super().__init__(resolve=lambda host, _port: ["10.0.0.1" if "inside" in host else "93.184.216.34"])
        self.document: Any = {
            "issuer": ISSUER,
            "authorization_endpoint": "https://id.example/ask?realm=1",
            "token_endpoint": "https://id.example/token",
            "jwks_uri": "https://id.example/keys",
            "userinfo_endpoint": "https://id.example/me",
            "end_session_endpoint": "https://id.example/out",
        }
        self.keys: Any = {"keys": [KEY.as_dict(private=False)]}
        self.id_token: Any = signed(claims())
        self.token: Any = None
        self.user: Any = {"sub": "rita", "email": "by-user-info@cheapcall.example", "email_verified": True}
        self.statuses: dict[str, int] = {}
        self.asked: list[httpx2.Request] = []

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        self.address(str(request.url))
        request.read()
        self.asked.append(request)
        path = request.url.path
        answers = {
            "/realm/.well-known/openid-configuration": self.document,
            "/keys": self.keys,
            "/token": self.token or {"access_token": ACCESS, "token_type": "Bearer", "id_token": self.id_token},
            "/me": self.user,
        }
        said = answers[path]
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        return httpx2.Response(self.statuses.get(path, 200), content=content)

    def times(self, path: str) -> int:
        return sum(request.url.path == path for request in self.asked)


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def client(world: World) -> Client:
    return Client(world)


def person(client: Client, *, since: Any = None, **params: str) -> Person:
    params = {"code": "a code", "state": "x", **params}
    return client.person(OWN, Answer(params=params, back="https://p.example/back", nonce="nonce", verifier="v" * 43, since=since))


def refusal(client: Client, **params: Any) -> Why:
    with pytest.raises(Trouble) as caught:
        person(client, **params)
    return caught.value.why


def test_who_is_said_to_be_who(client: Client) -> None:
    assert person(client) == Person("rita", "rita@cheapcall.example", email_verified=True, name="Rita")


@pytest.mark.parametrize(
    "other",
    [
        {"iss": "https://evil.example"},
        {"iss": None},
        {"iss": [ISSUER]},
        {"aud": "somebody-else"},
        {"aud": ["somebody-else"]},
        {"aud": ["portal", "somebody-else"]},  # and nobody says for whom of them
        {"aud": ["portal", "somebody-else"], "azp": "somebody-else"},
        {"azp": "somebody-else"},
        {"aud": None},
        {"aud": {"portal": 1}},
        {"exp": 1},
        {"exp": None},
        {"exp": "tomorrow"},
        {"exp": float("inf")},
        {"iat": None},
        {"iat": 99999999999},
        {"nbf": 99999999999},
        {"nonce": "another"},
        {"nonce": None},
        {"nonce": ["nonce"]},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"sub": 7},
        {"sub": "a\0b"},
        {"sub": "a\u202eb"},
        {"at_hash": "of another token"},
        {"at_hash": {"a": 1}},
    ],
    ids=str,
)
def test_a_token_that_says_something_else_is_not_believed(other: Mapping[str, Any], world: World, client: Client) -> None:
    world.id_token = signed(claims(**other))
    assert refusal(client) is Why.UNTRUSTED


def test_several_receivers_are_fine_when_it_is_said_which_one_is_meant(world: World, client: Client) -> None:
    world.id_token = signed(claims(aud=["portal", "else"], azp="portal"))
    assert person(client).subject == "rita"


def _unsigned(payload: Mapping[str, Any]) -> str:
    parts = ({"alg": "none", "kid": "one"}, payload)
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


def test_a_token_that_nobody_signed_is_not_believed(world: World, client: Client) -> None:
    world.id_token = _unsigned(claims())
    assert refusal(client) is Why.UNTRUSTED


def test_a_token_signed_with_a_secret_is_not_believed(world: World, client: Client) -> None:
    """Neither with the client's, nor with the public key of the provider taken for one."""
    for secret in (OWN.client_secret.encode(), KEY.as_pem(private=False)):
        world.id_token = _by_hand(secret)
        assert refusal(client) is Why.UNTRUSTED
    shared = OctKey.import_key("0" * 32, {"kid": "shared"})
    world.keys = {"keys": [KEY.as_dict(private=False), shared.as_dict(private=True)]}
    world.id_token = signed(claims(), shared, "HS256")
    assert refusal(client) is Why.UNTRUSTED


def _by_hand(secret: bytes) -> str:
    head = base64.urlsafe_b64encode(json.dumps({"alg": "HS256", "kid": "one"}).encode()).decode().rstrip("=")
    text = f"{head}.{_unsigned(claims()).split('.')[1]}"
    return f"{text}.{base64.urlsafe_b64encode(hmac.digest(secret, text.encode(), 'sha256')).decode().rstrip('=')}"


def test_only_signatures_of_one_who_has_the_key_count() -> None:
    assert not {"none", "HS256", "HS384", "HS512"} & set(ALGORITHMS)


def test_a_token_of_another_key_is_not_believed(world: World, client: Client) -> None:
    impostor = RSAKey.generate_key(2048, {"kid": "one"})
    world.id_token = signed(claims(), impostor)
    assert refusal(client) is Why.UNTRUSTED


@pytest.mark.parametrize("broken", ["", "x", "a.b.c", "é.é.é", None, 7, {}, "x" * 300_000])
def test_what_is_no_token_is_not_believed(broken: object, world: World, client: Client) -> None:
    world.token = {"access_token": ACCESS, "token_type": "Bearer", "id_token": broken}
    assert refusal(client) is Why.UNTRUSTED


@pytest.mark.parametrize(
    ("key", "alg", "algorithm"), [(KEY, "RS256", "sha256"), (KEY, "PS384", "sha384"), (CURVE, "Ed25519", "sha512")]
)
def test_the_access_token_belongs_to_it(key: Key, alg: str, algorithm: str, world: World, client: Client) -> None:
    world.keys = {"keys": [key.as_dict(private=False)]}
    world.id_token = signed(claims(at_hash=half_hash(algorithm)), key, alg)
    assert person(client).subject == "rita"


# --- keys -----------------------------------------------------------------------------------------------------------------------


def test_keys_are_fetched_once_and_anew_for_one_that_is_not_known(world: World, client: Client) -> None:
    person(client)
    person(client)
    assert world.times("/keys") == 1
    world.keys = {"keys": [OTHER.as_dict(private=False)]}
    world.id_token = signed(claims(), OTHER)
    assert person(client).subject == "rita"
    assert world.times("/keys") == 2
    world.id_token = signed(claims(), RSAKey.generate_key(2048, {"kid": "unknown"}))
    assert refusal(client) is Why.UNTRUSTED
    assert world.times("/keys") == 3


def test_a_first_visit_fetches_keys_no_more_than_once(world: World, client: Client) -> None:
    world.id_token = signed(claims(), OTHER)
    assert refusal(client) is Why.UNTRUSTED
    assert world.times("/keys") == 1


@pytest.mark.parametrize("keys", [{}, {"keys": []}, {"keys": None}, {"keys": ["x"]}, {"keys": [{"kty": "RSA"}]}, []])
def test_what_are_no_keys_is_no_provider(keys: object, world: World, client: Client) -> None:
    world.keys = keys
    assert refusal(client) in {Why.DOCUMENT, Why.UNTRUSTED}


def test_what_is_kept_has_an_age_and_a_number() -> None:
    kept: Kept[int] = Kept(timedelta(minutes=10), 2)
    for number in range(3):
        kept.put(str(number), number)
    assert [kept.get(str(number)) for number in range(3)] == [None, 1, 2]
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert kept.get("2") is None


# --- the description ------------------------------------------------------------------------------------------------------------


def found(client: Client) -> Trouble:
    with pytest.raises(Trouble) as caught:
        client.discover(ISSUER)
    return caught.value


def test_a_provider_that_is_somebody_else_says_so(world: World, client: Client) -> None:
    world.document["issuer"] = f"{ISSUER}/"
    trouble = found(client)
    assert (trouble.why, trouble.found) == (Why.ISSUER, f"{ISSUER}/")


@pytest.mark.parametrize("name", ["issuer", "authorization_endpoint", "token_endpoint", "jwks_uri"])
@pytest.mark.parametrize("value", [None, 7, []])
def test_a_description_without_what_is_needed_is_none(name: str, value: object, world: World, client: Client) -> None:
    world.document[name] = value
    assert found(client).why is Why.DOCUMENT


@pytest.mark.parametrize("document", [b"<html>", b"", b"\xff", [], "x", 7])
def test_what_is_no_description_is_none(document: object, world: World, client: Client) -> None:
    world.document = document
    assert found(client).why is Why.DOCUMENT


@pytest.mark.parametrize(("status", "why"), [(404, Why.DOCUMENT), (302, Why.DOCUMENT), (503, Why.DOWN)])
def test_an_answer_that_is_not_ok_is_none(status: int, why: Why, world: World, client: Client) -> None:
    world.statuses["/realm/.well-known/openid-configuration"] = status
    assert found(client).why is why


@pytest.mark.parametrize(
    "name", ["authorization_endpoint", "token_endpoint", "jwks_uri", "userinfo_endpoint", "end_session_endpoint"]
)
@pytest.mark.parametrize("url", ["http://id.example/x", "https://inside.example/x", "javascript:alert(1)"])
def test_a_description_leads_nowhere_inside(name: str, url: str, world: World, client: Client) -> None:
    world.document[name] = url
    assert found(client).why is Why.ADDRESS


def test_an_issuer_inside_is_not_asked(world: World, client: Client) -> None:
    with pytest.raises(Trouble) as caught:
        client.discover("https://inside.example")
    assert caught.value.why is Why.ADDRESS
    assert world.asked == []


def test_a_description_is_kept_for_a_while(world: World, client: Client) -> None:
    client.discover(ISSUER)
    client.discover(ISSUER)
    assert len(world.asked) == 1
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        client.discover(ISSUER)
    assert len(world.asked) == 2


# --- the code -------------------------------------------------------------------------------------------------------------------


def test_the_browser_is_sent_with_all_that_is_checked_later(client: Client) -> None:
    verifier = generate_token(64)
    url = httpx2.URL(client.address(OWN, back="https://p.example/back", state="s", nonce="n", verifier=verifier))
    asked = {name: value[0] for name, value in parse_qs(url.query.decode()).items()}
    challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    assert asked == {
        "realm": "1",
        "response_type": "code",
        "client_id": "portal",
        "redirect_uri": "https://p.example/back",
        "scope": "openid email profile",
        "state": "s",
        "nonce": "n",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }


def test_the_secret_arrives_whatever_is_in_it(world: World, client: Client) -> None:
    person(client)
    sent = next(request for request in world.asked if request.url.path == "/token")
    given = base64.b64decode(sent.headers["Authorization"].removeprefix("Basic ")).decode()
    assert tuple(unquote_plus(part) for part in given.split(":")) == (OWN.client_id, OWN.client_secret)
    form = {name: value[0] for name, value in parse_qs(sent.content.decode()).items()}
    assert form["code_verifier"] == "v" * 43
    assert form["redirect_uri"] == "https://p.example/back"
    assert "client_secret" not in form


def test_a_provider_may_want_the_secret_in_the_form(world: World, client: Client) -> None:
    world.document["token_endpoint_auth_methods_supported"] = ["private_key_jwt", "client_secret_post"]
    person(client)
    sent = next(request for request in world.asked if request.url.path == "/token")
    assert parse_qs(sent.content.decode())["client_secret"] == [OWN.client_secret]


def test_a_provider_that_takes_no_secret_is_none_to_work_with(world: World, client: Client) -> None:
    world.document["token_endpoint_auth_methods_supported"] = ["private_key_jwt"]
    assert refusal(client) is Why.DOCUMENT


@pytest.mark.parametrize(
    ("status", "said", "why"),
    [
        (400, {"error": "invalid_grant"}, Why.REFUSED),
        (401, {"error": "invalid_client"}, Why.REFUSED),
        (500, {"error": "server_error"}, Why.DOWN),
        (502, b"<html>", Why.DOWN),
        (200, b"<html>", Why.UNTRUSTED),
        (200, ["x"], Why.UNTRUSTED),
    ],
)
def test_what_is_no_token_answer_is_a_trouble(status: int, said: object, why: Why, world: World, client: Client) -> None:
    world.statuses["/token"], world.token = status, said
    assert refusal(client) is why


def test_a_refusal_that_comes_back_is_one(client: Client) -> None:
    assert refusal(client, code="", error="access_denied") is Why.REFUSED
    assert refusal(client, code="") is Why.REFUSED


def test_the_answer_says_who_it_is_from_where_that_is_promised(world: World, client: Client) -> None:
    assert refusal(client, iss="https://evil.example") is Why.UNTRUSTED
    assert person(client, iss=ISSUER).subject == "rita"
    world.document["authorization_response_iss_parameter_supported"] = True
    client.check(ISSUER)
    assert refusal(client) is Why.UNTRUSTED


# --- more about the person ------------------------------------------------------------------------------------------------------


def test_the_user_info_is_asked_where_the_token_has_no_address(world: World, client: Client) -> None:
    world.id_token = signed(claims(email=None, email_verified=None))
    assert person(client).email == "by-user-info@cheapcall.example"
    assert next(request for request in world.asked if request.url.path == "/me").headers["Authorization"] == f"Bearer {ACCESS}"


def test_the_user_info_of_somebody_else_is_not_believed(world: World, client: Client) -> None:
    world.id_token, world.user = signed(claims(email=None)), {"sub": "olga", "email": "olga@isar.example"}
    assert refusal(client) is Why.UNTRUSTED


@pytest.mark.parametrize("verified", [None, False, 0, 1, "yes", "true", {}])
def test_only_true_is_true(verified: object, world: World, client: Client) -> None:
    world.id_token = signed(claims(email_verified=verified))
    assert not person(client).email_verified


@pytest.mark.parametrize(("at", "good"), [(-30, True), (10, True), (-600, False), (None, False)])
def test_who_confirms_was_asked_anew(at: int | None, good: bool, world: World, client: Client) -> None:
    world.id_token = signed(claims(auth_time=None if at is None else now() + at))
    if good:
        assert person(client, since=clock.now()).subject == "rita"
    else:
        assert refusal(client, since=clock.now()) is Why.STALE


def test_whoever_offers_it_is_signed_out_of(world: World, client: Client) -> None:
    client.discover(ISSUER)
    url = client.farewell(OWN, back="https://p.example/login")
    assert url == "https://id.example/out?client_id=portal&post_logout_redirect_uri=https%3A%2F%2Fp.example%2Flogin"
    del world.document["end_session_endpoint"]
    client.check(ISSUER)
    assert client.farewell(OWN, back="https://p.example/login") is None

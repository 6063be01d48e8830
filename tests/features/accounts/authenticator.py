"""A browser with an authenticator in software: makes credentials and signs with them as WebAuthn has it, or not quite."""

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.core import db
from portal.core.audit import AuditEntry, Event
from portal.core.tenancy import Scope
from portal.features.accounts.models import Passkey
from tests.browser import Browser
from tests.cast import Person

PRESENT, VERIFIED, CAN_BE_BACKED_UP, BACKED_UP, ATTESTED = 1, 4, 8, 16, 64
Options = Mapping[str, Any]
Answer = dict[str, Any]


def coded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "===")


@dataclass
class Credential:
    rp: str
    user: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    id: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    @property
    def cose(self) -> bytes:
        point = self.key.public_key().public_numbers()
        return cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")})


@dataclass
class Authenticator:
    """`flags` are what it says of the person and of itself; `step` is how its counter goes on, 0 for one that has none."""

    flags: int = PRESENT | VERIFIED
    aaguid: bytes = bytes(16)
    count: int = 0
    step: int = 0
    apart: bool = False
    credentials: list[Credential] = field(default_factory=list)

    def make(self, options: Options, *, origin: str | None = None, **said: Any) -> Answer:
        """What navigator.credentials.create() gives; `said` goes into the client data."""
        credential = Credential(options["rp"]["id"], options["user"]["id"])
        self.credentials.append(credential)
        attested = self.aaguid + len(credential.id).to_bytes(2, "big") + credential.id + credential.cose
        content = {"fmt": "none", "attStmt": {}, "authData": self._data(credential.rp, ATTESTED) + attested}
        client = client_data("webauthn.create", options["challenge"], origin or f"http://{credential.rp}", **said)
        response = {"clientDataJSON": coded(client), "attestationObject": coded(cbor2.dumps(content)), "transports": ["internal"]}
        attachment = "cross-platform" if self.apart else "platform"
        return self._answer(credential, response) | {"authenticatorAttachment": attachment}

    def show(self, options: Options, *, origin: str | None = None, rp: str | None = None, **said: Any) -> Answer:
        """What navigator.credentials.get() gives, signed by the newest credential."""
        credential = self.credentials[-1]
        self.count += self.step
        data = self._data(rp or credential.rp)
        client = client_data("webauthn.get", options["challenge"], origin or f"http://{credential.rp}", **said)
        signature = credential.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        response = {"clientDataJSON": coded(client), "authenticatorData": coded(data), "signature": coded(signature)}
        return self._answer(credential, response | {"userHandle": credential.user})

    def _data(self, rp: str, more: int = 0) -> bytes:
        return hashlib.sha256(rp.encode()).digest() + bytes([self.flags | more]) + self.count.to_bytes(4, "big")

    def _answer(self, credential: Credential, response: dict[str, Any]) -> Answer:
        return {"id": coded(credential.id), "rawId": coded(credential.id), "type": "public-key", "response": response}


def client_data(kind: str, challenge: str, origin: str, **said: Any) -> bytes:
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False} | said).encode()


def send(browser: Browser, path: str, answer: object = None) -> TestResponse:
    """As the page's script does."""
    return browser.client.post(
        path,
        json=answer if answer is not None else {},
        base_url=f"http://{browser.host}",
        headers=browser.headers | {"X-CSRFToken": browser.token()},
    )


def ask(browser: Browser, ceremony: str) -> Options:
    """What the browser is told at the start of a ceremony."""
    response = send(browser, f"/passkeys/{ceremony}/options")
    assert response.status_code == 200, response.text
    options: Options = response.get_json()
    return options


def add(browser: Browser, authenticator: Authenticator | None = None) -> Authenticator:
    """Whoever is signed in makes a passkey."""
    authenticator = authenticator or Authenticator()
    response = send(browser, "/passkeys/add", authenticator.make(ask(browser, "add")))
    assert response.status_code == 200, response.text
    return authenticator


def sentence(response: TestResponse) -> str:
    assert response.status_code == 422, response.text
    said: str = response.get_json()["sentence"]
    return said


def kept(person: Person) -> list[Passkey]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(Passkey).where(Passkey.account_id == person.account.id).order_by(Passkey.id)))
        session.expunge_all()
    return found


def trace(event: Event) -> list[AuditEntry]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(AuditEntry).where(AuditEntry.event == event).order_by(AuditEntry.id)))
        session.expunge_all()
    return found


def is_in(browser: Browser) -> bool:
    return browser.get("/account").status_code == 200

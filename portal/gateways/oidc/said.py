"""What is asked of an OpenID provider, and what it can answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from typing import Protocol


class Why(StrEnum):
    """What kept a provider from saying who somebody is."""

    DOWN = auto()  # it cannot be reached, or does not answer in time
    ADDRESS = auto()  # it leads where nobody may be sent: not encrypted, or inside of some network
    DOCUMENT = auto()  # nothing there describes an OpenID provider that the portal can work with
    ISSUER = auto()  # it is somebody else: `found` is what it calls itself
    REFUSED = auto()  # it does not accept what the portal sent: `found` is its own word for that
    UNTRUSTED = auto()  # what it said is not proven
    STALE = auto()  # it did not ask the person anew


class Trouble(Exception):  # noqa: N818 - said as one says it
    """`detail` is for the log."""

    def __init__(self, why: Why, detail: str, *, found: str = "") -> None:
        super().__init__(f"{why}: {detail}")
        self.why, self.detail, self.found = why, detail, found

    def again(self) -> "Trouble":
        """The same for somebody else, who has taken another way to it."""
        return Trouble(self.why, self.detail, found=self.found)


@dataclass(frozen=True)
class Registration:
    """How the portal is known at a provider."""

    issuer: str
    client_id: str
    client_secret: str


@dataclass(frozen=True)
class Discovered:
    """What a provider says of itself. `names_itself`: it says who it is in each answer (RFC 9207)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    auth_method: str
    names_itself: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back with the browser, and what belongs to it from the beginning of this very visit.

    `since`: the person must have been asked anew after this moment.
    """

    params: Mapping[str, str]
    back: str
    nonce: str
    verifier: str
    since: datetime | None = None


@dataclass(frozen=True)
class Person:
    """Who somebody is at the provider. `email` is only theirs when it is `email_verified`; `name` is one line."""

    subject: str
    email: str | None = None
    email_verified: bool = False
    name: str | None = None


class Gateway(Protocol):
    """All of it raises Trouble, but for `farewell`, which asks nobody."""

    def discover(self, issuer: str, *, fresh: bool = False) -> Discovered:
        """As it was found a while ago; `fresh`: a moment ago. Nor is one that did not answer asked again at once."""
        ...

    def check(self, issuer: str) -> Discovered:
        """Asked now."""
        ...

    def address(
        self, registration: Registration, *, back: str, state: str, nonce: str, verifier: str, anew: bool = False
    ) -> str:
        """Where the browser goes to be asked who it is. `anew`: even who is signed in there is asked."""
        ...

    def person(self, registration: Registration, answer: Answer) -> Person: ...

    def farewell(self, registration: Registration, *, back: str) -> str | None:
        """Where the browser can sign out at the provider itself, if that is known."""
        ...

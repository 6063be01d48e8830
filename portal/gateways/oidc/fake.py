"""A provider that says what a test wants it to say."""

from dataclasses import dataclass, field
from urllib.parse import urlencode

from portal.gateways.oidc.said import Answer, Discovered, Person, Registration, Trouble, Why

ISSUER = "https://id.example"


@dataclass
class FakeProvider:
    """`people` by code; what is in `trouble` is raised at each question."""

    people: dict[str, Person] = field(default_factory=dict)
    trouble: Trouble | None = None
    ends_sessions: bool = True
    known: dict[str, Discovered] = field(default_factory=dict)
    asked: list[Answer] = field(default_factory=list)

    def discover(self, issuer: str, *, fresh: bool = False) -> Discovered:  # noqa: ARG002 - the Protocol's
        return self.check(issuer)

    def check(self, issuer: str) -> Discovered:
        if self.trouble is not None:
            raise self.trouble
        out = f"{issuer}/out" if self.ends_sessions else None
        endpoints = (f"{issuer}/ask", f"{issuer}/token", f"{issuer}/keys")
        self.known[issuer] = Discovered(issuer, *endpoints, None, out, "client_secret_basic", True)
        return self.known[issuer]

    def address(
        self,
        registration: Registration,
        *,
        back: str,
        state: str,
        nonce: str,
        verifier: str,  # noqa: ARG002 - the Protocol's
        anew: bool = False,
    ) -> str:
        found = self.discover(registration.issuer)
        asked = {"redirect_uri": back, "state": state, "nonce": nonce, **({"prompt": "login"} if anew else {})}
        return f"{found.authorization_endpoint}?{urlencode(asked)}"

    def person(self, registration: Registration, answer: Answer) -> Person:
        self.discover(registration.issuer)
        self.asked.append(answer)
        if "error" in answer.params:
            raise Trouble(Why.REFUSED, "it says no", found=answer.params["error"])
        return self.people[answer.params["code"]]

    def farewell(self, registration: Registration, *, back: str) -> str | None:
        known = self.known.get(registration.issuer)
        out = known.end_session_endpoint if known else None
        return f"{out}?{urlencode({'client_id': registration.client_id, 'post_logout_redirect_uri': back})}" if out else None

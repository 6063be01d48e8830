"""Starts the provider, and walks through its pages as somebody with a browser does."""

import json
import os
import re
import shutil
import socket
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2
from joserfc.jwk import RSAKey

HERE = Path(__file__).parent
CLIENT_ID = "portal"
CLIENT_SECRET = "only: for+tests / 100% of them"  # with all that has to be encoded on its way
BACK = "/login/provider/back"
HOSTS = ("cheapcall.localhost", "telephone.localhost", "lantern.localhost", "isar.localhost")
ACCOUNTS: Mapping[str, Mapping[str, Any]] = {
    "rita": {"email": "Rita@CheapCall.example", "email_verified": True, "name": "Rita"},
    "unproven": {"email": "rita@cheapcall.example", "email_verified": False, "name": "Rita"},
    "stranger": {"email": "stranger@elsewhere.example", "email_verified": True, "name": "Stranger"},
    "newcomer": {"email": "nora@staff.example", "email_verified": True, "name": "Nora Winter"},
}


def missing() -> str | None:
    """What keeps the provider from running here."""
    if shutil.which("node") is None:
        return "Node.js is missing: `make system-deps oidc` installs it and the OpenID provider."
    if not (HERE / "node_modules" / "oidc-provider").exists():
        return "The OpenID provider for tests is missing: `make oidc` installs it."
    return None


def new_key(name: str) -> dict[str, Any]:
    key = RSAKey.generate_key(2048, {"kid": name, "use": "sig", "alg": "RS256"})
    return dict(key.as_dict(private=True))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class RunningProvider:
    """`calls_itself`: the issuer, when it is not where it answers."""

    key: Mapping[str, Any]
    accounts: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: ACCOUNTS)
    hosts: tuple[str, ...] = tuple(f"http://{host}" for host in HOSTS)
    token_seconds: int = 120
    only_by_user_info: bool = False
    port: int = field(default_factory=free_port)
    _process: "subprocess.Popen[str] | None" = None

    @property
    def issuer(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "RunningProvider":
        client = {
            "client_id": CLIENT_ID,
            "client_secret": CLIENT_SECRET,
            "redirect_uris": [host + BACK for host in self.hosts],
            "post_logout_redirect_uris": [f"{host}/login" for host in self.hosts],
        }
        environment = {
            **os.environ,
            "OIDC_ISSUER": self.issuer,
            "OIDC_ACCOUNTS": json.dumps(self.accounts),
            "OIDC_CLIENTS": json.dumps([client]),
            "OIDC_TTL": str(self.token_seconds),
            "OIDC_KEY": json.dumps(self.key),
            "OIDC_CONFORM": "yes" if self.only_by_user_info else "",
        }
        self._process = subprocess.Popen(
            ["node", str(HERE / "provider.mjs")],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == "ready\n", self._process.communicate()[1]
        return self

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate()
            self._process = None

    def sign_in(self, url: str, account: str) -> str:
        """Where the provider sends the browser back to, once its forms are filled in."""
        with httpx2.Client(follow_redirects=False) as browser:
            answer = browser.get(url)
            for _page in range(12):
                if answer.is_redirect:
                    onward = urljoin(str(answer.url), answer.headers["Location"])
                    if urlsplit(onward).netloc != urlsplit(self.issuer).netloc:
                        return onward
                    answer = browser.get(onward)
                else:
                    answer = _fill_in(browser, answer, account)
        raise AssertionError(answer.text)


def _fill_in(browser: httpx2.Client, page: httpx2.Response, account: str) -> httpx2.Response:
    found = re.search(r'action="([^"]+)"', page.text)
    assert found, page.text
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', page.text))
    return browser.post(urljoin(str(page.url), unescape(found[1])), data={**fields, "login": account, "password": "x"})

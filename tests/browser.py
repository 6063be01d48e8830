"""A test's browser: signs in, keeps cookies, sends CSRF tokens, and checks every page that it is shown."""

import re
from collections.abc import Mapping
from typing import Any

import html5lib
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts.models import AccountSession
from portal.web.session import new_token
from tests.cast import Person

TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


class Browser:
    def __init__(self, app: Flask, host: str, person: Person | None = None, language: str = "en") -> None:
        self.host = host
        self.client: FlaskClient = app.test_client()
        self.headers = {"Accept-Language": language}
        self._token: str | None = None
        if person is not None:
            self._enter(person)

    def _enter(self, person: Person) -> None:
        token, hashed = new_token()
        now = clock.now()
        with db.unit_of_work(Scope.platform()) as session:
            session.add(
                AccountSession(
                    reseller_id=person.account.reseller_id,
                    customer_id=person.account.customer_id,
                    account_id=person.account.id,
                    token_hash=hashed,
                    host=self.host,
                    address="127.0.0.1",
                    user_agent="test",
                    created_at=now,
                    last_seen_at=now,
                    expires_at=now.replace(year=now.year + 1, day=min(now.day, 28)),
                ),
            )
        self.client.set_cookie("session", token, domain=self.host)

    def get(self, path: str, *, check: bool = True, **more: Any) -> TestResponse:
        return self._seen(self.client.get(path, base_url=f"http://{self.host}", headers=self.headers, **more), check=check)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, check: bool = True, token: bool = True, **more: Any
    ) -> TestResponse:
        """Sends a form. A redirect is answered as it is."""
        form = dict(data or {})
        if token:
            form.setdefault("csrf_token", self.token())
        return self._seen(
            self.client.post(path, data=form, base_url=f"http://{self.host}", headers=self.headers, **more), check=check
        )

    def follow(self, response: TestResponse) -> TestResponse:
        assert response.status_code in {302, 303}, response.status
        return self.get(response.headers["Location"])

    def token(self) -> str:
        if self._token is None:
            self.get("/login?next=/account", check=False)
        assert self._token is not None
        return self._token

    def _seen(self, response: TestResponse, *, check: bool) -> TestResponse:
        if response.mimetype == "text/html" and response.status_code not in {302, 303}:
            found = TOKEN.search(response.text)
            self._token = found[1] if found else self._token
            if check:
                check_page(response)
        if "Set-Cookie" in response.headers and response.status_code == 303 and "session=" in response.headers["Set-Cookie"]:
            self._token = None
        return response


def check_page(response: TestResponse) -> None:
    """What holds for every page (style: “Every page test also checks the page”)."""
    text = response.text
    parser = html5lib.HTMLParser(strict=False, namespaceHTMLElements=False)
    tree = parser.parse(text)
    mistakes = [mistake for mistake in parser.errors if mistake[1] not in IGNORED]
    assert not mistakes, mistakes
    html = tree if tree.tag == "html" else tree.find("html")
    assert html.get("lang"), "the page says no language"
    headings = list(tree.iter("h1"))
    assert len(headings) == 1, f"{len(headings)} h1"
    title = "".join(tree.find(".//title").itertext())
    heading = " ".join("".join(headings[0].itertext()).split())
    assert heading in title, f"title “{title}” does not name the page “{heading}”"
    ids = [element.get("id") for element in tree.iter() if isinstance(element.tag, str) and element.get("id")]
    assert len(ids) == len(set(ids)), sorted({one for one in ids if ids.count(one) > 1})
    labelled = {label.get("for") for label in tree.iter("label")}
    wrapped = {control for label in tree.iter("label") for control in label.iter()}
    for control in (element for element in tree.iter() if element.tag in {"input", "select", "textarea"}):
        if control.get("type") in {"hidden", "submit"} or control in wrapped:
            continue
        assert control.get("id") in labelled or control.get("aria-label") or control.get("aria-labelledby"), (
            f"no label: {dict(control.attrib)}"
        )
    for form in tree.iter("form"):
        if (form.get("method") or "get").lower() == "post":
            assert any(control.get("name") == "csrf_token" for control in form.iter("input")), "a form without CSRF token"
    for element in tree.iter():
        assert not (
            isinstance(element.tag, str) and (element.get("style") or any(name.startswith("on") for name in element.attrib))
        ), "inline style or script"


IGNORED = {"unknown-doctype"}

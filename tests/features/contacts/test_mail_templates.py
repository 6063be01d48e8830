"""The words of mails on their pages: changed, looked at, tried and taken back."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry
from portal.core.tenancy import Scope
from portal.features.resellers.models import SipDomain
from portal.mail.models import MailTemplate
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.resellers import SipDomainFactory
from tests.mailbox import mails

Browse = Callable[..., Browser]
HERE = "/mail-templates/password_reset/en"
WORDS = {"subject": "New password, {{ name }}", "body": "Hello {{ name }}\n\n[Go]({{ link }})"}


def hidden(page: str) -> dict[str, str]:
    found = {name: re.search(rf'name="{name}" type="hidden" value="([^"]*)"', page) for name in ("version", "seen")}
    return {name: match[1].replace("&#34;", '"').replace("&#39;", "'") for name, match in found.items() if match}


def save(browser: Browser, **words: str) -> tuple[int, str]:
    answer = browser.post(f"{HERE}/words", {**hidden(browser.get(f"{HERE}/words").text), **WORDS, **words})
    return answer.status_code, answer.text


def stored() -> list[tuple[str, str, str]]:
    with db.unit_of_work(Scope.platform()) as session:
        return [(one.kind, one.language, one.subject) for one in session.scalars(select(MailTemplate))]


def test_all_mails_are_listed_and_those_with_own_words_marked(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    assert "Own" not in tom.get("/mail-templates").text.partition("<tbody>")[2]
    assert save(tom)[0] == 303
    page = tom.get("/mail-templates").text.partition("<tbody>")[2]
    assert page.count("state") == 1
    assert "English" in page
    assert "Link to a new password" in page
    assert "Own" not in browse(cast.rita).get("/mail-templates").text.partition("<tbody>")[2]


@pytest.mark.parametrize("name", ["cora", "clare", "alice"])
def test_nobody_else_sees_them(name: str, cast: Cast, browse: Browse) -> None:
    browser = browse(cast.people[name])
    for path in ("/mail-templates", HERE, f"{HERE}/words", f"{HERE}/usual", f"{HERE}/preview"):
        assert browser.get(path).status_code == 404
    for path in (f"{HERE}/words", f"{HERE}/usual", f"{HERE}/preview", f"{HERE}/try"):
        assert browser.post(path, WORDS).status_code == 404


@pytest.mark.parametrize("path", ["/mail-templates/nothing/en", "/mail-templates/invitation/sv", "/mail-templates/invitation/xx"])
def test_what_there_is_not_is_not_there(path: str, cast: Cast, browse: Browse) -> None:
    assert browse(cast.tom).get(path).status_code == 404


def test_a_domain_that_was_removed_speaks_no_more(cast: Cast, browse: Browse) -> None:
    """Mails are written in the languages of the provider and of the domains that it has."""
    with db.unit_of_work(Scope.platform()):
        gone = SipDomainFactory(reseller_id=cast.telephone.id, languages=["fr"]).id
    assert browse(cast.tom).get("/mail-templates/password_reset/fr").status_code == 200
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(SipDomain, gone).removed_at = clock.now()
    assert browse(cast.tom).get("/mail-templates/password_reset/fr").status_code == 404


def test_the_usual_words_are_where_one_begins(cast: Cast, browse: Browse) -> None:
    page = browse(cast.tom).get(f"{HERE}/words").text
    assert "A new password for {{ brand }}" in page
    assert "[Choose a new password]({{ link }})" in page
    assert "Tom@Telephone.Example" in page, "what each variable would be"
    german = browse(cast.tom).get("/mail-templates/password_reset/de").text
    assert "Neues Passwort" in german


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(cast: Cast, browse: Browse) -> None:
    status, page = save(browse(cast.tom), body="Hi {{ nmae }} {{ link }}")
    assert status == 422
    assert "There is no variable “nmae” in this mail." in page
    assert "Hi {{ nmae }} {{ link }}" in page
    assert save(browse(cast.tom), body="{{ link }} https://cheapcall.localhost/x")[0] == 422
    assert save(browse(cast.tom), body="{{ link }} https://telephone.localhost/x")[0] == 303
    assert stored() == [("password_reset", "en", "New password, {{ name }}")]


def test_two_who_save_are_told_and_choose(cast: Cast, browse: Browse) -> None:
    tom, other = browse(cast.tom), browse(cast.tom)
    first = hidden(tom.get(f"{HERE}/words").text)
    assert save(other, subject="Theirs")[0] == 303
    answer = tom.post(f"{HERE}/words", {**first, **WORDS, "subject": "Mine"})
    assert answer.status_code == 409
    for words in ("Somebody else saved first", "Theirs", "Mine"):
        assert words in answer.text
    again = {**hidden(answer.text), **WORDS, "subject": "Mine", "version": "1"}
    assert tom.post(f"{HERE}/words", again).status_code == 303
    assert stored() == [("password_reset", "en", "Mine")]


def test_back_to_the_usual_words(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    save(tom)
    page = tom.get(f"{HERE}/usual").text
    assert "A new password for {{ brand }}" in page
    assert tom.post(f"{HERE}/usual").status_code == 303
    assert stored() == []
    assert tom.post(f"{HERE}/usual").status_code == 422
    with db.unit_of_work(Scope.platform()) as session:
        events = list(session.scalars(select(AuditEntry.event).order_by(AuditEntry.id)))
    assert events == ["mail-template-changed", "mail-template-reset"]
    assert "the words of the mail “Link to a new password” in English" in tom.get("/audit").text


def test_the_preview_is_the_mail_on_the_own_letterhead(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    shown = tom.get(f"{HERE}/preview", check=False)
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    assert "script-src" not in shown.headers["Content-Security-Policy"]
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-src 'self'" in tom.get(HERE).headers["Content-Security-Policy"]
    typed = tom.post(
        f"{HERE}/preview", {"subject": "Hi", "body": "Typed **words** for {{ name }}\n\n[Go]({{ link }})"}, check=False
    )
    for words in (
        "Typed <strong>words</strong> for Tom@Telephone.Example",
        "support@telephone.example",
        "Go:",
        "/reset-password/",
    ):
        assert words in typed.text
    assert stored() == []
    wrong = tom.post(f"{HERE}/preview", {"subject": "Hi", "body": "{{ 7*7 }} <script>alert(1)</script>"}, check=False)
    assert "cannot be used" in wrong.text
    assert "<script" not in wrong.text


def test_a_test_goes_to_oneself(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    assert tom.post(f"{HERE}/try").status_code == 303
    answer = tom.post(f"{HERE}/try", {**hidden(tom.get(f"{HERE}/words").text), **WORDS, "subject": "Typed {{ name }}"})
    assert "A test is on its way to tom@telephone.example" in answer.text
    assert "Typed {{ name }}" in answer.text, "what was typed is still there"
    usual, typed = mails()
    assert (usual.to, usual.subject) == ("tom@telephone.example", "Test: A new password for TelephOne")
    assert typed.subject == "Test: Typed Tom@Telephone.Example"
    assert "a-link-that-opens-nothing" in typed.link
    assert stored() == []
    assert tom.post(f"{HERE}/try", {**WORDS, "body": "{{ x }}"}).status_code == 422
    for _time in range(10):
        last = tom.post(f"{HERE}/try")
    assert last.status_code == 422
    assert "many of these mails" in last.text

"""/_mailbox, in development: what mails say, for those that have no mail server."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from portal import start
from portal.app import create_app
from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts import mails
from portal.features.accounts.models import Account
from portal.mail.models import State
from portal.settings import Settings
from tests.browser import Browser
from tests.cast import Cast
from tests.features.contacts.test_mails_page import written

Browse = Callable[..., Browser]


@pytest.fixture
def told(cast: Cast) -> str:
    """The address of a mail that clare got."""
    with db.unit_of_work(Scope.platform()) as session:
        assert mails.password_changed(session.get_one(Account, cast.clare.account.id), at=clock.now())
    with db.unit_of_work(Scope.platform()) as session:
        return f"/_mailbox/{session.connection().exec_driver_sql('SELECT public_id FROM mail').scalar_one()}"


def test_mails_of_this_provider_are_shown(cast: Cast, told: str, browse: Browse) -> None:
    """At all hosts of it, to whoever looks."""
    for host in ("lantern.localhost", "telephone.localhost"):
        text = browse(host=host).get("/_mailbox").text
        assert told in text
        assert "clare@lantern.example" in text
        assert "No mail server is set up." in text
    assert told in browse(cast.alice).get("/_mailbox").text
    elsewhere = browse(host="cheapcall.localhost")
    assert "No mail yet" in elsewhere.get("/_mailbox").text
    assert elsewhere.get(told).status_code == elsewhere.get(f"{told}/html").status_code == 404


def test_a_mail_is_shown_as_text_and_as_a_picture(told: str, browse: Browse) -> None:
    page = browse(host="lantern.localhost").get(told)
    for words in ("Your password was changed", "clare@lantern.example", "support@telephone.example", "English"):
        assert words in page.text, words
    assert "Clare Fenn, the web password of your account was changed." in page.text
    assert 'href="http://lantern.localhost/forgot-password"' in page.text, "links of the text can be followed"
    assert f'src="{told}/html"' in page.text
    assert "frame-src 'self'" in page.headers["Content-Security-Policy"]
    assert "frame-src" not in browse(host="lantern.localhost").get("/_mailbox").headers["Content-Security-Policy"]


def test_the_picture_can_do_nothing(told: str, browse: Browse) -> None:
    shown = browse(host="lantern.localhost").get(f"{told}/html", check=False)
    assert shown.mimetype == "text/html"
    policy = shown.headers["Content-Security-Policy"]
    assert policy.startswith("sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'")
    assert "script-src" not in policy
    assert "allow-scripts" not in policy
    assert "frame-ancestors 'self'" in policy
    assert shown.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "Clare Fenn" in shown.text


def test_what_a_sent_mail_said_is_gone(cast: Cast, browse: Browse) -> None:
    mail = written(cast, state=State.SENT)
    somebody = browse(host="lantern.localhost")
    assert "what it said is not kept" in somebody.get(f"/_mailbox/{mail}").text
    assert somebody.get(f"/_mailbox/{mail}/html").status_code == 404


def test_with_a_mail_server_it_says_so(settings: Settings, cast: Cast, database: db.Database) -> None:
    app = create_app(replace(settings, smtp_url="smtp://127.0.0.1:2525"), database, listen=False)
    text = Browser(app, "lantern.localhost").get("/_mailbox").text
    assert "Mails leave by a mail server." in text
    assert "No mail server is set up." not in text


def test_a_portal_in_earnest_has_no_mailbox(settings: Settings, cast: Cast, database: db.Database) -> None:
    mail = written(cast, state=State.KEPT)
    app = create_app(replace(settings, development=False), database, listen=False)
    start.prepare(settings)  # the other apps of this process go on developing
    for path in ("/_mailbox", f"/_mailbox/{mail}", f"/_mailbox/{mail}/html"):
        assert Browser(app, "lantern.localhost").get(path).status_code == 404

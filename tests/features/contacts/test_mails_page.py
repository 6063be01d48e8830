"""What became of mails, as the provider's people see it: never what they say."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import Refused
from portal.core.ids import PublicId
from portal.core.outbox import Job
from portal.core.tenancy import Scope
from portal.features.contacts import operations, queries, rules
from portal.mail.models import Mail, State
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.mails import MailFactory

Browse = Callable[..., Browser]


def written(cast: Cast, recipient: str = "alice@lantern.example", state: State = State.SENT, **more: Any) -> PublicId:
    """A mail of Lantern Co's, unless another reseller is said."""
    own = {"reseller_id": cast.telephone.id, "customer_id": cast.lantern.id, **more}
    gone = {"content": None} if state in {State.SENT, State.BOUNCED} else {}
    with db.unit_of_work(Scope.platform()):
        public_id: PublicId = MailFactory(recipient=recipient, state=state.value, **{**gone, **own}).public_id
        return public_id


def stored(public_id: PublicId) -> Mail:
    with db.unit_of_work(Scope.platform()) as session:
        found = session.scalars(select(Mail).where(Mail.public_id == public_id)).one()
        session.expunge_all()
        return found


# --- the list ---------------------------------------------------------------------------------------------------------------


def test_each_mail_says_what_became_of_it(cast: Cast, browse: Browse) -> None:
    written(cast, "sent@lantern.example")
    written(cast, "new@lantern.example", State.QUEUED)
    written(cast, "slow@lantern.example", State.QUEUED, tries=3, trouble="unreachable: Connection refused")
    written(cast, "once@lantern.example", State.QUEUED, tries=1, trouble="unset")
    written(cast, "nobody@lantern.example", State.REFUSED, trouble="refused: 550 5.1.1 No such user")
    written(cast, "full@lantern.example", State.BOUNCED, trouble="bounced: 552 Mailbox full", kind="invitation")
    text = browse(cast.tom).get("/mails").text
    for words in (
        "Sent",
        "On its way",
        "Waiting for another try",
        "The mail server cannot be reached.",
        "Tried 3 times",
        "Tried once",
        "No mail server is set up yet.",
        "The mail server said: “550 5.1.1 No such user”",
        "The mail server there said: “552 Mailbox full”",
        "Invitation",
        "Password changed",
    ):
        assert words in text, words
    assert text.index("full@lantern.example") < text.index("sent@lantern.example"), "the newest first"


def test_what_a_mail_says_is_not_shown(cast: Cast, browse: Browse) -> None:
    written(cast, state=State.REFUSED, subject="A secret subject")
    text = browse(cast.tom).get("/mails").text
    assert "alice@lantern.example" in text
    assert "A secret subject" not in text
    assert "Alice, your password was changed" not in text


def test_what_a_mail_server_says_cannot_do_anything_to_the_page(cast: Cast, browse: Browse) -> None:
    written(cast, state=State.REFUSED, trouble="refused: 550 <script>alert(1)</script>")
    text = browse(cast.tom).get("/mails").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;" in text


def test_only_those_in_trouble(cast: Cast, browse: Browse) -> None:
    for state in State:
        written(cast, f"{state.value}@lantern.example", state)
    written(cast, "slow@lantern.example", State.QUEUED, tries=1, trouble="unset")
    text = browse(cast.cora).get("/mails?trouble=1").text
    shown = {name for name in (*State, "slow") if f"{name}@lantern.example" in text}
    assert shown == {"refused", "bounced", "slow"}


@pytest.mark.parametrize(
    ("typed", "found"),
    [("ali", True), ("ALICE@lan", True), (" alice@lantern.example ", True), ("lantern", False), ("a%", False), ("a_ice", False)],
)
def test_an_address_is_found_by_its_beginning(cast: Cast, browse: Browse, typed: str, *, found: bool) -> None:
    written(cast, "Alice@Lantern.example")
    text = browse(cast.tom).get("/mails", query_string={"q": typed}).text
    assert ("Alice@Lantern.example" in text) == found
    assert ("No mail is like that" in text) != found


def test_leafing_there_and_back(cast: Cast, browse: Browse) -> None:
    names = [f"n{number:02}@lantern.example" for number in range(60)]
    for name in names:
        written(cast, name)
    tom = browse(cast.tom)
    first = tom.get("/mails?rows=25").text
    assert _shown(first, names) == names[:34:-1]
    second = tom.get(_link(first, "next")).text
    third = tom.get(_link(second, "next")).text
    assert _shown(second, names) == names[34:9:-1]
    assert _shown(third, names) == names[9::-1]
    assert 'rel="next"' not in third
    assert _shown(tom.get(_link(third, "prev")).text, names) == names[34:9:-1]
    assert _shown(tom.get(_link(second, "prev")).text, names) == names[:34:-1]
    assert 'rel="prev"' not in first


def _shown(text: str, names: list[str]) -> list[str]:
    return sorted((name for name in names if f">{name}<" in text), key=text.index)


def _link(text: str, rel: str) -> str:
    return text.partition(f'rel="{rel}" href="')[2].partition('"')[0].replace("&amp;", "&")


@pytest.mark.parametrize("odd", ["after=0", "before=zzz", f"after={'0' * 16}", "rows=7", "trouble=x", "q=%00", "q=" + "a" * 500])
def test_what_is_not_offered_is_left_out(cast: Cast, browse: Browse, odd: str) -> None:
    written(cast)
    assert browse(cast.tom).get(f"/mails?{odd}").status_code == 200


def test_an_empty_list_says_when_it_fills(cast: Cast, browse: Browse) -> None:
    assert "No mail has been written yet" in browse(cast.tom).get("/mails").text


# --- whose ------------------------------------------------------------------------------------------------------------------


def test_mails_of_another_provider_do_not_exist(cast: Cast, browse: Browse) -> None:
    theirs = written(cast, "charlie@mail.example", State.REFUSED, reseller_id=cast.cheapcall.id, customer_id=None)
    own = written(cast, "alice@lantern.example", State.REFUSED)
    tom = browse(cast.tom)
    text = tom.get("/mails?trouble=1").text
    assert "alice@lantern.example" in text
    assert "charlie@mail.example" not in text
    assert "charlie@mail.example" not in tom.get("/mails?q=charlie").text
    assert tom.post(f"/mails/{theirs}/again").status_code == 404
    assert stored(theirs).state == "refused"
    assert f"/mails/{own}/again" in text


@pytest.mark.parametrize("name", ["after", "before"])
def test_a_place_in_anothers_list_is_no_place(cast: Cast, browse: Browse, name: str) -> None:
    written(cast, "alice@lantern.example")
    theirs = written(cast, "charlie@mail.example", reseller_id=cast.cheapcall.id, customer_id=None)
    written(cast, "bob@lantern.example")
    tom = browse(cast.tom)
    seen, missing = (tom.get("/mails", query_string={name: one}).text for one in (theirs, "0" * 16))
    assert seen.replace(theirs, "") == missing.replace("0" * 16, "")
    assert "alice@lantern.example" in seen
    assert "bob@lantern.example" in seen


def test_the_operator_sees_all_and_whose_they_are(cast: Cast, browse: Browse) -> None:
    written(cast, "charlie@mail.example", reseller_id=cast.cheapcall.id, customer_id=None)
    written(cast)
    text = browse(cast.olga).get("/mails").text
    assert ("charlie@mail.example" in text, "alice@lantern.example" in text) == (True, True)
    assert ("Cheap Call" in text, "TelephOne" in text) == (True, True)


@pytest.mark.parametrize("name", ["clare", "alice", "ike"])
def test_customers_have_no_such_page(cast: Cast, browse: Browse, name: str) -> None:
    mail = written(cast, state=State.REFUSED)
    person = browse(cast.people[name])
    assert person.get("/mails").status_code == 404
    assert person.post(f"/mails/{mail}/again").status_code == 404


def test_staff_find_it_in_their_navigation(cast: Cast, browse: Browse) -> None:
    assert 'href="/mails"' in browse(cast.cora).get("/").text
    assert 'href="/mails"' not in browse(cast.clare).get("/").text


# --- again ------------------------------------------------------------------------------------------------------------------


def test_a_mail_that_was_refused_is_sent_again(cast: Cast, browse: Browse) -> None:
    mail = written(cast, state=State.REFUSED, trouble="refused: 550 No such user", settled_at=clock.now())
    before = stored(mail)
    tom = browse(cast.tom)
    answer = tom.post(f"/mails/{mail}/again?trouble=1")
    assert answer.headers["Location"] == "/mails?trouble=1"
    assert "The mail to alice@lantern.example is on its way again." in tom.follow(answer).text
    after = stored(mail)
    assert (after.state, after.trouble, after.settled_at) == ("queued", None, None)
    assert (after.message_id, after.content, after.recipient) == (before.message_id, before.content, before.recipient)
    assert _jobs() == [{"mail": mail}]
    with db.unit_of_work(Scope.platform()) as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.event == Event.MAIL_REPEATED)).one()
        assert (entry.actor_name, entry.subject, entry.label) == (cast.tom.account.name, mail, "alice@lantern.example")
        assert (entry.reseller_id, entry.customer_id) == (cast.telephone.id, cast.lantern.id)


def _jobs() -> list[Any]:
    """As the login: who works for pages cannot look."""
    with db.unit_of_work(Scope.platform()) as session:
        connection = session.connection()
        connection.exec_driver_sql("SET LOCAL ROLE NONE")
        found = [row.payload for row in connection.execute(select(Job.payload).order_by(Job.id))]
        connection.exec_driver_sql("SET LOCAL ROLE portal_web")
        return found


def test_a_mail_that_waits_is_tried_at_once(cast: Cast, browse: Browse) -> None:
    mail, fresh = written(cast, state=State.QUEUED, tries=4, trouble="unset"), written(cast, state=State.QUEUED)
    text = browse(cast.tom).get("/mails").text
    assert "Try now" in text
    assert f"/mails/{mail}/again" in text
    assert f"/mails/{fresh}/again" not in text
    assert browse(cast.tom).post(f"/mails/{mail}/again").status_code == 303
    assert (stored(mail).state, stored(mail).tries) == ("queued", 4)
    assert _jobs() == [{"mail": mail}]


@pytest.mark.parametrize(
    ("state", "sentence"),
    [
        (State.SENT, "This mail has arrived; it is not sent again."),
        (State.KEPT, "This mail has arrived; it is not sent again."),
        (State.BOUNCED, "What this mail said is not kept any more."),
    ],
)
def test_what_cannot_be_sent_again_is_not_offered_and_says_why(
    cast: Cast, browse: Browse, state: State, sentence: str
) -> None:
    mail = written(cast, state=state)
    tom = browse(cast.tom)
    assert f"/mails/{mail}/again" not in tom.get("/mails").text
    assert sentence in tom.follow(tom.post(f"/mails/{mail}/again")).text
    assert (stored(mail).state, _jobs()) == (state.value, [])


def test_without_its_content_nothing_is_repeated(cast: Cast) -> None:
    mail = written(cast, state=State.REFUSED, content=None)
    with db.unit_of_work(cast.tom.scope), pytest.raises(Refused, match="mail-gone"):
        operations.repeat_mail(by=cast.tom.identity, mail=queries.mail(mail))


# --- what others ask --------------------------------------------------------------------------------------------------------


def test_an_address_is_returned_until_something_arrives(cast: Cast) -> None:
    def returned() -> str | None:
        with db.unit_of_work(cast.clare.scope):
            found = queries.returned("ALICE@lantern.example")
            return found.state if found else None

    def troubled() -> int:
        with db.unit_of_work(cast.tom.scope):
            return queries.troubled_count()

    assert (returned(), troubled()) == (None, 0)
    written(cast, state=State.SENT)
    assert (returned(), troubled()) == (None, 0)
    written(cast, state=State.REFUSED)
    written(cast, "Alice@Lantern.example", State.BOUNCED)
    assert (returned(), troubled()) == ("bounced", 1)
    written(cast, state=State.QUEUED, tries=2, trouble="unset")
    assert (returned(), troubled()) == ("bounced", 1)
    written(cast, "bob@lantern.example", State.REFUSED)
    assert (returned(), troubled()) == ("bounced", 2)
    written(cast, state=State.SENT)
    assert (returned(), troubled()) == (None, 1)


def test_what_another_company_was_refused_is_nobodys_business(cast: Cast) -> None:
    written(cast, "shared@mail.example", State.REFUSED, customer_id=cast.city_bank.id)
    with db.unit_of_work(cast.clare.scope):
        assert queries.returned("shared@mail.example") is None
    with db.unit_of_work(cast.ike.scope):
        assert queries.returned("shared@mail.example") is not None


def test_every_state_and_trouble_has_words() -> None:
    assert set(rules.STATES) == set(State)
    assert rules.state_words("queued", 0) == "On its way"
    assert rules.trouble_words(None) == rules.trouble_words("some words of long ago") == ""
    assert rules.kind_words("something new") == "Mail"


def test_a_mail_of_yesterday_says_so(cast: Cast, browse: Browse) -> None:
    written(cast, created_at=clock.now() - timedelta(days=1))
    assert "Yesterday" in browse(cast.tom).get("/mails").text

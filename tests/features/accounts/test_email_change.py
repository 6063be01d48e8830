"""One's own name and e-mail address: a new address counts from the moment when somebody has read a mail there."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock, db
from portal.core.audit import AuditEntry, Event
from portal.core.errors import NotFound, Refused
from portal.core.tenancy import Scope
from portal.features.accounts import operations, queries
from portal.features.accounts.models import Account, AccountToken, Purpose, Status
from portal.features.accounts.operations.tokens import hashed
from portal.features.contacts.models import Contact
from portal.features.resellers.queries import tenant_by_host
from portal.features.subscribers.models import Subscriber
from tests.browser import Browser
from tests.cast import PASSWORD, Cast, Person
from tests.mailbox import Read, mails

Browse = Callable[..., Browser]
OLD, NEW = "alice@old.example", "Alice@new.example"


def change(person: Person, **values: object) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        account = session.get_one(Account, person.account.id)
        for name, value in values.items():
            setattr(account, name, value)


def stored(person: Person) -> Account:
    with db.unit_of_work(Scope.platform()) as session:
        account = session.get_one(Account, person.account.id)
        session.expunge(account)
        return account


def entries(event: Event) -> list[AuditEntry]:
    with db.unit_of_work(Scope.platform()) as session:
        found = list(session.scalars(select(AuditEntry).where(AuditEntry.event == event)))
        session.expunge_all()
        return found


def asks(browser: Browser, address: str = NEW) -> Read:
    answer = browser.post("/account/email", {"email": address})
    assert answer.status_code == 303, answer.text
    return mails("confirm_email")[-1]


@pytest.fixture
def alice(cast: Cast, browse: Browse) -> Browser:
    change(cast.alice, email=OLD, email_confirmed_at=clock.now())
    return browse(cast.alice)


# --- asking -------------------------------------------------------------------------------------------------------------------


def test_nothing_changes_before_it_is_confirmed(cast: Cast, alice: Browser) -> None:
    mail = asks(alice)
    assert mail.to == NEW
    assert mail.link.startswith("http://lantern.localhost/confirm-email/")
    page = alice.get("/account").text.replace("<wbr>", "")
    assert OLD in page
    assert f"Waiting for the confirmation of {NEW}" in page
    assert stored(cast.alice).email == OLD
    assert mails("email_changed") == []


def test_only_the_hash_of_the_link_is_kept(cast: Cast, alice: Browser) -> None:
    token = asks(alice).path.rpartition("/")[2]
    assert len(token) >= 43
    with db.unit_of_work(Scope.platform()) as session:
        kept = session.scalars(select(AccountToken)).one()
        assert (kept.token_hash, kept.purpose, kept.email) == (hashed(token), Purpose.EMAIL, NEW)
        assert kept.expires_at - kept.created_at == timedelta(hours=24)


def test_it_asks_who_one_is(cast: Cast, alice: Browser) -> None:
    with clock.frozen(clock.now() + timedelta(minutes=11)):
        assert alice.get("/account/email").headers["Location"] == "/confirm?next=/account/email"
        assert alice.post("/account/email", {"email": NEW}).headers["Location"] == "/confirm"
    assert mails() == []


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("nonsense", "This does not look like an e-mail address."),
        ("a@b", "This does not look like an e-mail address."),
        (OLD.upper(), "This is your address already."),
        ("x" * 300 + "@mail.example", "Use at most 254 characters."),
    ],
)
def test_what_will_not_do_is_refused_at_the_field(typed: str, sentence: str, alice: Browser) -> None:
    page = alice.post("/account/email", {"email": typed})
    assert page.status_code == 422
    assert sentence in page.text
    assert mails() == []


def test_it_can_be_sent_again_and_the_older_link_opens_nothing(cast: Cast, alice: Browser) -> None:
    first = asks(alice)
    assert alice.post("/account/email/send-again").status_code == 303
    second = mails("confirm_email")[-1]
    assert (second.to, second.path == first.path) == (NEW, False)
    assert alice.get(first.path).status_code == 404
    assert alice.get(second.path).status_code == 200


def test_it_can_be_called_off(cast: Cast, alice: Browser) -> None:
    mail = asks(alice)
    page = alice.follow(alice.post("/account/email/cancel")).text
    assert "Waiting for" not in page
    assert alice.get(mail.path).status_code == 404
    assert alice.post("/account/email/send-again").status_code == 404


def test_nobody_is_flooded_with_mails(alice: Browser) -> None:
    for number in range(5):
        asks(alice, f"victim{number}@mail.example")
    page = alice.post("/account/email", {"email": "one-more@mail.example"})
    assert page.status_code == 422
    assert "Too many mails were sent in the last hour." in page.text
    page = alice.post("/account/email/send-again")
    assert page.status_code == 422
    assert 'value="victim4@mail.example"' in page.text


# --- confirming ---------------------------------------------------------------------------------------------------------------


def test_looking_at_the_link_changes_nothing(cast: Cast, alice: Browser) -> None:
    """Mail programs look at links before their readers do."""
    mail = asks(alice)
    for _ in range(2):
        page = alice.get(mail.path)
        assert page.status_code == 200
        assert NEW in page.text
    assert stored(cast.alice).email == OLD


def test_the_button_confirms_it(cast: Cast, alice: Browser) -> None:
    mail = asks(alice)
    page = alice.follow(alice.post(mail.path)).text
    assert "Your new e-mail address is confirmed." in page
    account = stored(cast.alice)
    assert (account.email, account.email_sort, account.username) == (NEW, NEW.lower(), "alice")
    (entry,) = entries(Event.EMAIL_CHANGED)
    assert (entry.details, entry.actor, entry.subject) == ({"change": [OLD, NEW]}, account.public_id, account.public_id)
    (told,) = mails("email_changed")
    assert told.to == OLD
    assert NEW in told.text


def test_in_a_browser_where_nobody_is_signed_in(cast: Cast, alice: Browser, browse: Browse) -> None:
    mail = asks(alice)
    telephone = browse(host="lantern.localhost")
    assert telephone.post(mail.path).headers["Location"] == "/login"
    assert stored(cast.alice).email == NEW


def test_the_line_follows(cast: Cast, alice: Browser) -> None:
    alice.post(asks(alice).path)
    with db.unit_of_work(Scope.platform()) as session:
        line = session.get_one(Subscriber, cast.alice.subscriber.id)
        assert session.get_one(Contact, line.contact_id).email == NEW


def test_whoever_had_no_address_has_nobody_to_be_told(cast: Cast, browse: Browse) -> None:
    bob = browse(cast.bob)
    assert "No address of your own. Mails go to clare@lantern.example." in bob.get("/account").text
    bob.post(asks(bob, "bob@new.example").path)
    assert stored(cast.bob).email == "bob@new.example"
    assert mails("email_changed") == []


def test_a_link_to_a_new_password_at_the_old_address_opens_nothing_any_more(cast: Cast, alice: Browser) -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.send_reset(by=cast.tom.identity, account=queries.account(cast.alice.account.public_id))
    reset = mails("password_reset")[-1]
    assert reset.to == OLD
    assert alice.get(reset.path).status_code == 200
    alice.post(asks(alice).path)
    assert alice.get(reset.path).status_code == 404


# --- links that open nothing --------------------------------------------------------------------------------------------------


def test_a_link_works_once(cast: Cast, alice: Browser) -> None:
    mail = asks(alice)
    alice.post(mail.path)
    for answer in (alice.get(mail.path), alice.post(mail.path)):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
        assert "have the mail sent again from your account page" in answer.text
    assert len(entries(Event.EMAIL_CHANGED)) == 1


def test_a_link_that_is_too_old_cut_off_or_of_another_provider(cast: Cast, alice: Browser, browse: Browse) -> None:
    path = asks(alice).path
    stranger = browse(host="cheapcall.localhost")
    answers = [alice.post(path[:-1]), alice.post(f"{path}x"), stranger.get(path), stranger.post(path)]
    with clock.frozen(clock.now() + timedelta(hours=24, seconds=1)):
        answers += [alice.get(path), alice.post(path)]
    change(cast.alice, status=Status.LOCKED.value)
    answers.append(browse(host="lantern.localhost").post(path))
    assert {answer.status_code for answer in answers} == {404}
    assert stored(cast.alice).email == OLD


def test_a_link_for_something_else_confirms_nothing(cast: Cast, alice: Browser) -> None:
    with db.unit_of_work(cast.tom.scope):
        operations.send_reset(by=cast.tom.identity, account=queries.account(cast.alice.account.public_id))
    token = mails("password_reset")[-1].path.rpartition("/")[2]
    assert alice.post(f"/confirm-email/{token}").status_code == 404


# --- staff sign in with theirs ------------------------------------------------------------------------------------------------


def test_staff_sign_in_with_their_new_address(cast: Cast, browse: Browse) -> None:
    change(cast.tom, email="tom@telephone.example")
    tom = browse(cast.tom)
    tom.post(asks(tom, "Thomas@telephone.example").path)
    assert stored(cast.tom).username == "thomas@telephone.example"
    for name, status in (("thomas@telephone.example", 303), ("tom@telephone.example", 422)):
        assert browse(host=cast.tom.host).post("/login", {"username": name, "password": PASSWORD}).status_code == status


def test_what_staff_sign_in_with_needs_no_confirmation(cast: Cast, browse: Browse) -> None:
    change(cast.tom, email="tom@telephone.example")
    page = browse(cast.tom).post("/account/email", {"email": "Tom@telephone.example"})
    assert "This is your address already." in page.text


def test_an_address_that_somebody_signs_in_with_is_taken(cast: Cast, browse: Browse) -> None:
    change(cast.tom, email="tom@telephone.example")
    page = browse(cast.tom).post("/account/email", {"email": "CORA@telephone.example"})
    assert page.status_code == 422
    assert "Somebody here already signs in with this address." in page.text


def test_an_address_that_was_taken_meanwhile(cast: Cast, browse: Browse) -> None:
    change(cast.tom, email="tom@telephone.example")
    tom = browse(cast.tom)
    path = asks(tom, "desk@telephone.example").path
    change(cast.cora, username="desk@telephone.example")
    page = tom.post(path)
    assert page.status_code == 422
    assert "Somebody here already signs in with this address." in page.text
    assert stored(cast.tom).username == "tom@telephone.example"


def test_others_may_share_an_address(cast: Cast, alice: Browser) -> None:
    change(cast.bob, email="family@mail.example")
    alice.post(asks(alice, "family@mail.example").path)
    assert stored(cast.alice).email == "family@mail.example"


# --- without one --------------------------------------------------------------------------------------------------------------


def test_the_address_is_removed_at_once(cast: Cast, alice: Browser) -> None:
    page = alice.follow(alice.post("/account/email", {"email": ""})).text
    assert "No address of your own. Mails go to clare@lantern.example." in page
    assert stored(cast.alice).email is None
    assert [mail.to for mail in mails("email_changed")] == [OLD]
    assert entries(Event.EMAIL_CHANGED)[0].details == {"change": [OLD, None]}


def test_staff_keep_one(cast: Cast, browse: Browse) -> None:
    change(cast.tom, email="tom@telephone.example")
    page = browse(cast.tom).post("/account/email", {"email": ""})
    assert page.status_code == 422
    assert "it can be changed, but not removed." in page.text


# --- races --------------------------------------------------------------------------------------------------------------------


def together(*calls: Callable[[], object]) -> list[object]:
    """What each came to, when all begin at the same moment."""
    start = threading.Barrier(len(calls))

    def one(call: Callable[[], object]) -> object:
        start.wait(20)
        try:
            return call()
        except (NotFound, Refused) as error:
            return type(error)

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(one, calls))


def test_two_who_ask_at_once_leave_one_link(own_database: db.Database, own_cast: Cast) -> None:
    def ask(number: int) -> None:
        with db.unit_of_work(own_cast.alice.scope):
            operations.ask_email(by=own_cast.alice.identity, address=f"alice{number}@new.example")

    together(*[lambda number=number: ask(number) for number in range(4)])
    with db.unit_of_work(Scope.platform()) as session:
        assert len(session.scalars(select(AccountToken)).all()) == 1


def test_a_link_that_is_used_twice_at_once_counts_once(own_database: db.Database, own_cast: Cast) -> None:
    tenant = tenant_by_host("lantern.localhost")
    assert tenant is not None
    with db.unit_of_work(own_cast.alice.scope):
        operations.ask_email(by=own_cast.alice.identity, address=NEW)
    token = mails("confirm_email")[-1].path.rpartition("/")[2]

    def confirm() -> str:
        with db.unit_of_work(tenant.scope):
            link = queries.link(tenant, hashed(token), Purpose.EMAIL)
            operations.confirm_email(link=link, network_address="192.0.2.1", follow=lambda _account: None)
        return "confirmed"

    came = together(*[confirm] * 4)
    assert sorted(came, key=str) == [NotFound, NotFound, NotFound, "confirmed"]
    assert len(entries(Event.EMAIL_CHANGED)) == 1


# --- the name -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["clare", "charlie", "tom", "olga"])
def test_ones_own_name(name: str, cast: Cast, browse: Browse) -> None:
    person = cast.people[name]
    browser, was = browse(person), person.account.name
    page = browser.follow(browser.post("/account/person", {"name": "  Kim   Fenn-Åkesson "})).text
    assert "Kim Fenn-Åkesson" in page
    account = stored(person)
    assert account.name_sort == "kim fenn-akesson"
    (entry,) = entries(Event.ACCOUNT_CHANGED)
    assert entry.details == {"display_name": [was, account.name]}
    if person.line is not None:
        with db.unit_of_work(Scope.platform()) as session:
            assert session.get_one(Subscriber, person.line.id).display_name == account.name


def test_the_name_of_an_extension_is_its_pilots(cast: Cast, browse: Browse) -> None:
    alice = browse(cast.alice)
    page = alice.get("/account").text
    assert "/account/person" not in page
    assert "Your company’s pilot can change this." in page
    assert alice.get("/account/person").status_code == 404
    assert alice.post("/account/person", {"name": "Queen Alice"}).status_code == 404
    assert stored(cast.alice).name == "Alice Meier"


@pytest.mark.parametrize("name", ["", "   ", "x" * 200])
def test_a_name_is_needed(name: str, cast: Cast, browse: Browse) -> None:
    assert browse(cast.clare).post("/account/person", {"name": name}).status_code == 422


def test_the_same_name_leaves_no_trace(cast: Cast, browse: Browse) -> None:
    browse(cast.clare).post("/account/person", {"name": "Clare Fenn"})
    assert entries(Event.ACCOUNT_CHANGED) == []

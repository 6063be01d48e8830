"""The first page of each kind of person: what it says agrees with what happened, and it says nothing of others."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO

import html5lib
import pytest
from sqlalchemy import update

from portal.core import clock, db, ids
from portal.core.identity import Identity
from portal.core.tenancy import Scope
from portal.features.callhandling.rules import Destination, Forward, Handling, When
from portal.features.calls import operations
from portal.features.contacts import operations as contacts
from portal.features.customers import operations as customers
from portal.features.customers.models import Customer, Kind, Status
from portal.features.pbx import operations as pbx
from portal.features.resellers import operations as resellers
from portal.features.resellers.models import Reseller
from portal.features.subscribers import operations as subscribers
from portal.features.subscribers.models import Subscriber
from portal.features.subscribers.rules import LockLevel
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.callhandling import write_handling
from tests.factories.mails import MailFactory
from tests.features.calls.files import ALICE, BOB, SALES, as_csv, leg
from tests.features.dashboard.statements import counted

Browse = Callable[..., Browser]
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)  # a Friday, 16:00 in Berlin
LANTERN_WORDS = ("Lantern", "Alice", "Bob Turner", "Clare", "5550", "4930441287")


@pytest.fixture(autouse=True)
def afternoon() -> Iterator[None]:
    with clock.frozen(NOW):
        yield


def take(*legs: dict[str, str]) -> None:
    for _step in operations.take_file(BytesIO(as_csv(*legs)), name="calls.csv", by=Identity.system("test")):
        pass


def a_day() -> None:
    """Two answered, two missed and one made call today; two a week ago."""
    take(
        leg(init_time="2026-11-20T08:10:00Z"),
        leg(init_time="2026-11-20T08:20:00Z", caller="493023125001@trunk.example", callee=SALES, result="noanswer"),
        leg(init_time="2026-11-20T08:40:00Z", caller="493023125001@trunk.example", callee=SALES, result="noanswer"),
        leg(init_time="2026-11-20T09:10:00Z", caller=ALICE, callee="4930441287@trunk.example"),
        leg(init_time="2026-11-20T10:10:00Z", caller=BOB, callee=ALICE),
        leg(init_time="2026-11-13T08:15:00Z"),
        leg(init_time="2026-11-13T11:15:00Z", callee=BOB),
    )


def text_of(html: str) -> str:
    """What somebody reads in the content of a page."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    main = next(element for element in tree.iter() if element.tag == "main")
    return re.sub(r" ([.,;])", r"\1", " ".join(" ".join(main.itertext()).split()))


def fact(html: str, label: str) -> tuple[str, str]:
    """Figure and note of a fact."""
    tree = html5lib.parse(html, namespaceHTMLElements=False)
    for one in (element for element in tree.iter("div") if element.get("class") == "fact"):
        words = [" ".join("".join(part.itertext()).split()) for part in one]
        if words[0] == label:
            return words[1], words[2] if len(words) > 2 else ""
    raise AssertionError(f"no fact “{label}”")


# --- the pilot's -----------------------------------------------------------------------------------------------------


def test_the_company_s_day(cast: Cast, browse: Browse) -> None:
    a_day()
    page = browse(cast.clare).get("/")
    assert page.status_code == 200
    assert fact(page.text, "Calls today") == ("5", "Usual by 16:00: 2")
    assert fact(page.text, "Missed") == ("2", "Usual: 0")
    words = text_of(page.text)
    assert "Lantern Co can be reached." in words
    assert "one missed call has not been returned." in words
    assert "Friday, 20 November 2026, 16:00" in words


def test_missed_calls_can_be_called_back(cast: Cast, browse: Browse) -> None:
    a_day()
    page = browse(cast.clare).get("/").text
    assert 'href="tel:+493023125001"' in page
    assert "Today 09:40, for Sales, twice" in text_of(page)
    take(leg(init_time="2026-11-20T12:00:00Z", caller=ALICE, callee="493023125001@trunk.example"))
    page = browse(cast.clare).get("/").text
    assert "every missed call has been returned" in text_of(page)
    assert "Everybody who called was called back." in text_of(page)


def test_hidden_callers_stay_hidden(cast: Cast, browse: Browse) -> None:
    take(leg(init_time="2026-11-20T08:10:00Z", caller="493023125009@trunk.example", caller_hidden="yes", result="noanswer"))
    for person in (cast.clare, cast.alice):
        assert "23125009" not in browse(person).get("/").text
    assert "Hidden number" in browse(cast.alice).get("/").text


def test_more_missed_calls_than_one_counts(cast: Cast, browse: Browse) -> None:
    callers = [f"4930231250{n:02}@trunk.example" for n in range(14)]
    take(*(leg(init_time="2026-11-20T08:10:00Z", caller=caller, result="noanswer") for caller in callers))
    page = browse(cast.clare).get("/").text
    assert "more than twelve missed calls have not been returned" in text_of(page)
    assert page.count("Call back") == 5


def test_the_chart_has_its_table(cast: Cast, browse: Browse) -> None:
    a_day()
    page = text_of(browse(cast.clare).get("/").text)
    assert "09:00: 1 answered, 2 missed" in page
    assert "Usual Friday" in page


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_hours_keep_their_names_on_days_when_the_clocks_change(cast: Cast, browse: Browse, day: str) -> None:
    with clock.frozen(datetime.fromisoformat(f"{day}T15:00:00+00:00")):
        take(leg(init_time=f"{day}T09:10:00+0{1 if day > '2026-06' else 2}:00"))
        assert "09:00: 1 answered, 0 missed" in text_of(browse(cast.clare).get("/").text)


def test_people_and_numbers(cast: Cast, browse: Browse) -> None:
    page = browse(cast.clare).get("/").text
    assert fact(page, "Extensions") == ("3", "1 group")
    assert fact(page, "Numbers free") == ("4 of 4", "")
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Customer).where(Customer.id == cast.lantern.id).values(max_subscribers=10))
    with db.unit_of_work(cast.clare.scope) as session:
        alice = session.get_one(Subscriber, cast.alice.identity.subscriber_id)
        subscribers.lock(by=cast.clare.identity, line=alice, level=LockLevel.OUTGOING, reason="Phone lost")
        pbx.create_extension(by=cast.clare.identity, customer_id=cast.lantern.id, display_name="Dora Albrecht", extension="104")
    page = browse(cast.clare).get("/").text
    assert fact(page, "Extensions") == ("4", "1 locked, 1 without a phone, room for 4 more")
    words = text_of(page)
    assert "Alice Meier, 101 No outgoing calls" in words
    assert "You added Dora Albrecht as extension 104" in words


def test_a_company_whose_pilot_is_locked_cannot_be_reached(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.reseller(cast.telephone.id)) as session:
        line = session.get_one(Subscriber, cast.clare.identity.subscriber_id)
        subscribers.lock(by=cast.tom.identity, line=line, level=LockLevel.IN_AND_OUT, reason="Unpaid")
    assert "Lantern Co cannot be reached from outside." in text_of(browse(cast.clare).get("/").text)


def test_a_company_without_calls(cast: Cast, browse: Browse) -> None:
    page = browse(cast.ike).get("/").text
    words = text_of(page)
    assert "City Bank can be reached. There is no usual Friday to compare with yet; every missed call has been returned." in words
    assert fact(page, "Calls today") == ("0", "")
    assert fact(page, "Further numbers") == ("0", "Ask your provider for some")
    assert "No extension is locked" in words


# --- one's own line --------------------------------------------------------------------------------------------------


def test_one_s_own_line(cast: Cast, browse: Browse) -> None:
    a_day()
    page = browse(cast.alice).get("/").text
    words = text_of(page)
    assert "Colleagues reach you at 101, everybody else at 030 5550000101." in words
    assert fact(page, "Calls today") == ("3", "Usual by 16:00: 1")
    assert "Bob Turner Today 11:10, incoming, 1:00" in words
    assert 'href="tel:102"' in page
    assert 'href="tel:+4930441287"' in page
    assert "23125001" not in page, "what Sales missed is not hers"


@pytest.mark.parametrize(
    ("level", "sentence"),
    [
        (LockLevel.FOREIGN, "locked for calls to the outside"),
        (LockLevel.OUTGOING, "locked for outgoing calls"),
        (LockLevel.IN_AND_OUT, "no calls go out or come in"),
    ],
)
def test_a_locked_line_says_so(cast: Cast, browse: Browse, level: LockLevel, sentence: str) -> None:
    with db.unit_of_work(cast.clare.scope) as session:
        alice = session.get_one(Subscriber, cast.alice.identity.subscriber_id)
        subscribers.lock(by=cast.clare.identity, line=alice, level=level, reason="Phone lost")
    assert sentence in text_of(browse(cast.alice).get("/").text)


def test_do_not_disturb_says_so(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(cast.clare.scope) as session:
        alice = session.get_one(Subscriber, cast.alice.identity.subscriber_id)
        pbx.change_allowed(by=cast.clare.identity, line=alice, version=alice.version, do_not_disturb=True, music_on_hold=True)
    assert "Your phones do not ring: do not disturb is on." in text_of(browse(cast.alice).get("/").text)


def test_a_line_that_forwards_says_where_calls_go(cast: Cast, browse: Browse) -> None:
    sales = cast.groups["sales"]
    with db.unit_of_work(cast.clare.scope) as session:
        alice = session.get_one(Subscriber, cast.alice.identity.subscriber_id)
        rule = Forward(ids.new(), When.ALWAYS, (Destination(sales.public_id),))
        write_handling(alice, Handling(forwards=(rule,)), {sales.public_id: sales.id})
    words = text_of(browse(cast.alice).get("/").text).replace("\u2066", "").replace("\u2069", "")
    assert "Calls to 101 and 030 5550000101 go straight to Sales, 600." in words
    assert "Colleagues reach you" not in words


def test_a_line_without_calls(cast: Cast, browse: Browse) -> None:
    words = text_of(browse(cast.charlie).get("/").text)
    assert "You can be reached at 030 6660000." in words
    assert "No calls yet." in words


# --- staff -----------------------------------------------------------------------------------------------------------


def test_a_provider_sees_its_customers_and_domains(cast: Cast, browse: Browse) -> None:
    page = browse(cast.tom).get("/").text
    words = text_of(page)
    assert fact(page, "Customers") == ("2", "")
    assert fact(page, "Lines") == ("6", "")
    assert fact(page, "SIP domains") == ("2", "")
    for word in ("Lantern Co", "City Bank", "lantern.telephone.example", "lantern.localhost"):
        assert word in words
    assert "Cheap" not in page
    assert 'id="resellers-title"' not in page
    assert browse(cast.cora).get("/").text.count("City Bank") == page.count("City Bank"), "customer care sees the same"


def test_the_operator_sees_everybody(cast: Cast, browse: Browse) -> None:
    page = browse(cast.olga).get("/").text
    assert fact(page, "Resellers") == ("3", "")
    for word in ("TelephOne", "Cheap Call", "Lantern Co", "Charlie", "the platform’s own"):
        assert word in text_of(page)


def test_a_customer_s_state_is_told_when_it_is_not_the_usual_one(cast: Cast, browse: Browse) -> None:
    assert "State" not in text_of(browse(cast.tom).get("/").text)
    with db.unit_of_work(Scope.platform()) as session:
        session.execute(update(Customer).where(Customer.id == cast.city_bank.id).values(status=Status.PENDING.value))
    assert "Not started yet" in text_of(browse(cast.tom).get("/").text)


def test_long_lists_say_that_there_is_more(cast: Cast, browse: Browse) -> None:
    with db.unit_of_work(Scope.reseller(cast.telephone.id)):
        contact = contacts.create_contact(by=cast.tom.identity, reseller_id=cast.telephone.id, email="many@somewhere.example")
        for n in range(60):
            customers.create_customer(by=cast.tom.identity, contact=contact, name=f"Customer {n}", kind=Kind.RESIDENTIAL)
        for n in range(60):
            resellers.add_domain(
                by=cast.tom.identity,
                reseller=db.session().get_one(Reseller, cast.telephone.id),
                domain=f"a{n}.example",
                languages=["en"],
                time_zone="Europe/Berlin",
                cc="49",
                ac="30",
            )
    page = browse(cast.tom).get("/").text
    assert text_of(page).count("Residential") == 6, "of each of the newest its kind, not only what it is technically"
    assert (fact(page, "Customers"), fact(page, "SIP domains"), fact(page, "Lines")) == (("62", ""), ("62", ""), ("6", ""))
    assert "The first 50 of 62, by name." in text_of(page)


# --- everybody's -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ike", "charlie", "rita"])
def test_nobody_else_s_page_names_anything_of_lantern(cast: Cast, browse: Browse, name: str) -> None:
    a_day()
    page = browse(cast.people[name]).get("/").text
    assert not [word for word in LANTERN_WORDS if re.search(rf"{word}\b", page)]


@pytest.mark.parametrize("name", ["clare", "ike", "alice", "charlie", "tom", "cora", "rita", "olga"])
def test_at_most_six_statements(cast: Cast, browse: Browse, database: db.Database, name: str) -> None:
    a_day()
    browser = browse(cast.people[name])
    browser.get("/")  # the tenant is known from here on
    for path in ("/", "/account", "/account/display"):
        with counted(database) as sent:
            assert browser.get(path).status_code == 200
        assert len(sent) <= 6, sent


@pytest.mark.parametrize("name", ["clare", "alice", "ike", "charlie", "tom", "olga"])
def test_every_link_leads_somewhere(cast: Cast, browse: Browse, name: str) -> None:
    a_day()
    browser = browse(cast.people[name])
    tree = html5lib.parse(browser.get("/").text, namespaceHTMLElements=False)
    main = next(element for element in tree.iter() if element.tag == "main")
    for goal in {link.get("href", "") for link in main.iter("a")}:
        assert goal.startswith("tel:") or browser.get(goal).status_code == 200, goal


def test_links_to_calls_show_what_was_counted(cast: Cast, browse: Browse) -> None:
    a_day()
    browser = browse(cast.clare)
    tree = html5lib.parse(browser.get("/").text, namespaceHTMLElements=False)
    figures = {link.text: link.get("href", "") for one in tree.iter("dl") for link in one.iter("a")}
    assert "5 calls" in text_of(browser.get(figures["5"]).text)
    assert "2 calls" in text_of(browser.get(figures["2"]).text)


def test_staff_are_told_of_addresses_that_give_mails_back(cast: Cast, browse: Callable[..., Browser]) -> None:
    assert "gives mails back" not in browse(cast.tom).get("/").text
    with db.unit_of_work(Scope.platform()):
        MailFactory(reseller_id=cast.telephone.id, state="refused")
    assert "1 address gives mails back" in browse(cast.tom).get("/").text
    assert "gives mails back" not in browse(cast.rita).get("/").text

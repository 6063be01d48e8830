"""A new CloudPBX customer by the wizard: kept on the way, checked at each step and once more at the end, made in one go."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, db
from portal.core.tenancy import Scope
from portal.features.accounts.models import Account
from portal.features.contacts.models import Contact
from portal.features.customers.models import Customer
from portal.features.numbers.models import Number, Role
from portal.features.pbx.models import CompanyDraft
from portal.features.resellers.models import SipDomain, WebHost
from portal.features.subscribers.models import Kind, Subscriber
from portal.mail.models import Mail
from tests.browser import Browser
from tests.cast import Cast
from tests.features.pbx.reading import SECRET, text_of

Browse = Callable[..., Browser]
START = "/customers/new/cloudpbx"
TYPED = {
    "customer": {"name": "Harbour Ltd", "external_id": "H-1", "who": "hana@harbour.example"},
    "domain": {"domain": "", "new_domain": "harbour.telephone.example", "host": "harbour.example.com"},
    "pilot": {"display_name": "Hana Sato", "pilot_email": "hana@harbour.example", "username": ""},
    "numbers": {"which": "typed", "number": "030 4440000", "numbers": "030 4440700 – 09\n030 44408xx"},
    "extensions": {"extension_min": "200", "extension_max": "299", "max_subscribers": "30", "max_calls": "10"},
}
Facts = dict[str, dict[str, str]]


def go(browser: Browser, upto: str = "extensions", **other: dict[str, str]) -> str:
    """Goes through the steps up to one of them; the address of the next."""
    where = START
    for step, facts in TYPED.items():
        answer = browser.post(where, {**facts, **other.get(step, {})})
        assert answer.status_code == 303, (step, text_of(answer))
        where = answer.headers["Location"]
        if step == upto:
            return str(where)
    raise AssertionError(upto)


def chosen(page: str) -> list[str]:
    return re.findall(r'name="which" value="([^"]+)" checked', page)


def count(model: type[db.Base]) -> int:
    with db.unit_of_work(Scope.platform()) as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def test_everything_is_made_at_once_and_the_pilot_is_invited(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    before = [count(one) for one in (Customer, SipDomain, WebHost, Subscriber, Number, Contact)]
    summary = go(tom)
    assert summary.endswith("/summary")
    assert [count(one) for one in (Customer, SipDomain, WebHost, Subscriber, Number, Contact)] == before, (
        "nothing is made on the way"
    )
    text = text_of(tom.get(summary))
    for words in ("Harbour Ltd", "harbour.telephone.example", "Hana Sato", "030 4440000", "110 further numbers", "200 to 299"):
        assert words in text
    answer = tom.post(summary)
    assert answer.status_code == 303
    page = tom.follow(answer)
    made = text_of(page)
    assert "Harbour Ltd is set up" in made
    assert "Hana Sato got a mail to hana@ harbour" in made.replace("hana@harbour", "hana@ harbour")
    assert SECRET.search(page.text)
    with db.unit_of_work(Scope.platform()) as session:
        customer = session.scalars(select(Customer).where(Customer.name == "Harbour Ltd")).one()
        assert (customer.external_id, customer.extension_min, customer.max_subscribers) == ("H-1", 200, 30)
        pilot = session.scalars(select(Subscriber).where(Subscriber.customer_id == customer.id)).one()
        assert (pilot.kind, pilot.username, customer.domain_id) == (Kind.PILOT, "hana-sato", pilot.domain_id)
        roles = session.execute(select(Number.role, func.count()).where(Number.customer_id == customer.id).group_by(Number.role))
        assert {role: many for role, many in roles} == {Role.PRIMARY: 1, Role.ALIAS: 110}  # noqa: C416 - rows are no pairs
        host = session.scalars(select(WebHost).where(WebHost.host == "harbour.example.com")).one()
        assert (host.domain_id, host.proved_at, host.title) == (pilot.domain_id, None, "Harbour Ltd")
        assert session.scalars(select(Mail.kind).where(Mail.customer_id == customer.id)).all() == ["invitation"]
        assert session.scalars(select(Account.role).where(Account.customer_id == customer.id)).all() == ["pilot"]
    assert not SECRET.search(tom.follow(answer).text)


def test_pressing_twice_makes_one_company(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    summary = go(tom)
    first, second = tom.post(summary), tom.post(summary)
    assert first.headers["Location"] == second.headers["Location"]
    assert count(Customer) == 4


def test_a_company_in_an_existing_domain_with_an_existing_contact(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    domain = {"domain": cast.domains["telephone"].public_id, "new_domain": "", "host": ""}
    before = count(Contact)
    summary = go(tom, customer={"who": "ike@citybank.example"}, domain=domain, pilot={"username": "hana"})
    assert "Harbour Ltd is set up" in text_of(tom.follow(tom.post(summary)))
    assert count(Contact) == before + 1, "that of the pilot's line; the customer's was there"


def test_back_reload_and_leaving_lose_nothing(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    numbers = go(tom, upto="pilot")
    first = tom.get(numbers.replace("/numbers", "/customer"))
    assert 'value="Harbour Ltd"' in first.text
    assert 'value="hana@harbour.example"' in first.text
    again = browse(cast.tom)
    begun = again.get(START)
    assert "Begun and not finished" in text_of(begun)
    onward = re.search(rf'href="({START}/[^"]+/summary)"', begun.text)
    assert onward is not None
    assert again.get(onward[1]).headers["Location"] == numbers, "where it was left"
    changed = tom.post(numbers.replace("/numbers", "/customer"), {**TYPED["customer"], "name": "Harbour plc"})
    assert changed.headers["Location"] == numbers
    assert "Harbour plc" in tom.get(numbers).text


def test_finished_steps_are_ticked_and_what_may_be_left_out_says_so(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    page = tom.get(go(tom, upto="pilot"))
    titles = [
        re.sub("<[^>]+>", " ", step).split()[:2]
        for step in re.findall(r'<li class="step step-done">.*?</h2>', page.text, re.DOTALL)
    ]
    assert titles == [["Done", "Customer"], ["Done", "SIP"], ["Done", "Pilot"]]
    assert page.text.count('<li class="step">') == 3
    assert "Further numbers (optional)" in text_of(page)


def test_nobody_jumps_over_a_step(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    pilot = go(tom, upto="domain")
    for later in ("numbers", "extensions", "summary"):
        assert tom.get(pilot.replace("/pilot", f"/{later}")).headers["Location"] == pilot
    assert tom.get(pilot.replace("/pilot", "/nonsense")).status_code == 404


@pytest.mark.parametrize(
    ("step", "facts", "sentence"),
    [
        ("customer", {"name": ""}, "Please fill this in."),
        ("customer", {"who": "nobody"}, "Choose which contact is meant"),
        ("domain", {"new_domain": ""}, "Choose a SIP domain, or type a new one."),
        ("domain", {"new_domain": "cheapcall.example"}, "This SIP domain is in use already."),
        ("domain", {"new_domain": "192.0.2.5"}, "is an IP address"),
        ("domain", {"host": "cheapcall.localhost"}, "This address is in use already."),
        ("pilot", {"pilot_email": "nowhere"}, "This does not look like an e-mail address."),
        ("pilot", {"username": "a b"}, "A user name has no blanks."),
        ("numbers", {"number": "hello"}, "“hello” is not a telephone number."),
        ("numbers", {"number": "030 5550000"}, "Already in use: 030 5550000."),
        ("numbers", {"numbers": "030 6660000"}, "Already in use: 030 6660000."),
        ("numbers", {"numbers": "030 4440000"}, "The base number is among the further numbers, too."),
        ("extensions", {"extension_min": "300"}, "The first extension must not be higher than the last one."),
    ],
)
def test_each_step_is_checked_at_its_place(cast: Cast, browse: Browse, step: str, facts: dict[str, str], sentence: str) -> None:
    tom = browse(cast.tom)
    steps = list(TYPED)
    where = START if step == "customer" else go(tom, upto=steps[steps.index(step) - 1])
    page = tom.post(where, {**TYPED[step], **facts})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not [name for name in ("Cheap Call", "Charlie", "charlie") if name in page.text]


def test_what_somebody_has_taken_meanwhile_leads_back_to_its_step(cast: Cast, browse: Browse) -> None:
    tom, rita = browse(cast.tom), browse(cast.rita)
    mine = go(tom)
    theirs = go(
        rita,
        domain={"new_domain": "rita.cheapcall.example", "host": ""},
        numbers={"number": "030 4440000", "numbers": ""},
    )
    assert rita.post(theirs).status_code == 303
    page = tom.post(mine)
    assert page.status_code == 422
    text = text_of(page)
    assert "Already in use: 030 4440000." in text
    assert "030 4440700 – 09" in page.text, "nothing is lost"
    assert not [name for name in ("Cheap Call", "rita") if name in page.text]
    numbers = mine.replace("/summary", "/numbers")
    assert tom.post(numbers, {**TYPED["numbers"], "number": "030 4450000"}).headers["Location"] == mine
    assert "Harbour Ltd is set up" in text_of(tom.follow(tom.post(mine)))


def test_a_domain_that_was_taken_meanwhile(cast: Cast, browse: Browse) -> None:
    tom, rita = browse(cast.tom), browse(cast.rita)
    mine = go(tom)
    theirs = go(rita, domain={"host": ""}, numbers={"number": "030 4460000", "numbers": ""})
    assert rita.post(theirs).status_code == 303
    before = count(Contact)
    page = tom.post(mine)
    assert page.status_code == 422
    assert "This SIP domain is in use already." in text_of(page)
    assert count(Contact) == before, "all or nothing"


def test_a_draft_is_of_one_person_and_expires(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    where = go(tom, upto="customer")
    for stranger in (cast.rita, cast.olga):
        assert browse(stranger).get(where).status_code == 404
    assert browse(cast.cora).get(where).status_code == 404, "who may not make customers has no wizard"
    with db.unit_of_work(Scope.platform()) as session:
        session.scalars(select(CompanyDraft)).one().expires_at = clock.now() - timedelta(seconds=1)
    assert tom.get(where).status_code == 404
    assert "Begun and not finished" not in text_of(tom.get(START))


def test_a_draft_is_dropped(cast: Cast, browse: Browse) -> None:
    tom = browse(cast.tom)
    where = go(tom, upto="customer")
    page = tom.follow(tom.post(where.replace("/domain", "/drop")))
    assert "What was typed is gone. Nothing was made." in text_of(page)
    assert tom.get(where).status_code == 404


def test_contacts_are_found_without_a_script(cast: Cast, browse: Browse) -> None:
    page = browse(cast.tom).post(START, {**TYPED["customer"], "who": "c", "find": "1"})
    text = text_of(page)
    assert "City Bank" in text
    assert "Harbour Ltd" in page.text, "what was typed stays"
    assert "Cheap" not in text


def test_numbers_of_blocks_are_offered(cast: Cast, browse: Browse) -> None:
    tom, olga = browse(cast.tom), browse(cast.olga)
    olga.post(
        "/number-blocks/new", {"first": "030 7770000", "size": "100", "reseller": cast.telephone.public_id, "allocable": "y"}
    )
    numbers = go(tom, upto="pilot")
    page = tom.get(numbers)
    assert "030 7770000" in text_of(page)
    assert chosen(page.text) == ["49307770000"], "the first that is free"
    onward = tom.post(numbers, {"which": "49307770000", "number": "", "numbers": ""})
    assert onward.status_code == 303
    tom.post(numbers, TYPED["numbers"])
    assert chosen(tom.get(numbers).text) == ["typed"], "what somebody typed stands"
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(type(cast.telephone), cast.telephone.id).blocks_only = True
    refused = tom.post(numbers, {"which": "typed", "number": "030 4440000", "numbers": ""})
    assert "Not in a number block that you may give numbers of: 030 4440000." in text_of(refused)

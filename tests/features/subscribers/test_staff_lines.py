"""Lines as a provider's staff look after them: the list of a customer, new ones of every kind, the page of one."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import db
from portal.core.tenancy import Scope
from portal.features.customers.models import Customer, Kind as CustomerKind
from portal.features.numbers.models import Number, Role
from portal.features.subscribers.models import Kind, Subscriber
from portal.mail.models import Mail
from portal.web.access import mark_of
from tests.browser import Browser
from tests.cast import Cast
from tests.factories.customers import ContactFactory, CustomerFactory
from tests.features.pbx.conftest import statements
from tests.features.pbx.reading import SECRET, fields_of, rows_of, text_of

Browse = Callable[..., Browser]


def a_customer(cast: Cast, kind: CustomerKind, **facts: object) -> Customer:
    own = {"reseller_id": cast.telephone.id}
    with db.unit_of_work(Scope.platform()) as session:
        contact = ContactFactory(email="mira@times.example", **own)
        made: Customer = CustomerFactory(contact_id=contact.id, name="Morning Times", kind=kind.value, **own, **facts)
        session.flush()
        session.expunge_all()
        return made


def new(cast: Cast, **facts: str) -> dict[str, str]:
    return {
        "domain": cast.domains["telephone"].public_id,
        "display_name": "Mira Wolf",
        "number": "030 4440000",
        "email": "",
        "username": "",
        **facts,
    }


def added(tom: Browser, path: str, facts: dict[str, str]) -> str:
    """The address of a new line."""
    answer = tom.post(path, facts)
    assert answer.status_code == 303, text_of(answer)
    return re.sub("[#?].*", "", str(answer.headers["Location"]))


def lines_url(customer: Customer) -> str:
    return f"/customers/{customer.public_id}/lines"


def line_of(cast: Cast, name: str) -> str:
    return f"/lines/{cast.people[name].subscriber.public_id}"


# --- the list ---------------------------------------------------------------------------------------------------------------


def test_all_lines_of_a_customer_of_every_kind(cast: Cast, browse: Browse) -> None:
    page = browse(cast.tom).get(lines_url(cast.lantern))
    assert set(rows_of(page)) == {"Clare Fenn", "Alice Meier", "Bob Turner", "Carol Nguyen", "Sales"}
    text = text_of(page)
    assert "5 lines" in text
    assert all(word in text for word in ("Pilot", "Extension", "Group", "030 5550000 101"))


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("?q=alice", {"Alice Meier"}),
        ("?q=102", {"Bob Turner"}),
        ("?q=030+5550700", {"Clare Fenn"}),
        ("?kind=group", {"Sales"}),
        ("?locked=1", set()),
        ("?q=nobody", set()),
    ],
)
def test_the_list_is_searched_and_filtered(cast: Cast, browse: Browse, asked: str, names: set[str]) -> None:
    assert set(rows_of(browse(cast.tom).get(lines_url(cast.lantern) + asked))) == names


def test_the_list_takes_few_statements_however_long_it_is(cast: Cast, browse: Browse, database: db.Database) -> None:
    tom = browse(cast.tom)
    tom.get(lines_url(cast.lantern))
    with statements(database) as seen:
        tom.get(lines_url(cast.lantern))
    assert len(seen) <= 6, seen


def test_lines_of_others_are_not_there(cast: Cast, browse: Browse) -> None:
    rita, olga = browse(cast.rita), browse(cast.olga)
    assert rita.get(lines_url(cast.lantern)).status_code == 404
    assert rita.get(line_of(cast, "alice")).status_code == 404
    page = olga.get(line_of(cast, "alice"))
    assert page.status_code == 200
    assert "TelephOne" in text_of(page), "the operator sees whose it is"


# --- new ones ---------------------------------------------------------------------------------------------------------------


def test_a_line_of_a_household(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.RESIDENTIAL), browse(cast.tom)
    assert "There is no line yet" in text_of(tom.get(lines_url(times)))
    form = tom.get(f"{lines_url(times)}/new")
    assert len(re.findall(r'<div class="field"', form.text.split("<details")[0])) <= 5
    here = added(tom, f"{lines_url(times)}/new", new(cast, email="mira@times.example", external_id="T-1", max_calls="2"))
    page = tom.get(here)
    text = text_of(page)
    assert "Mira Wolf is added, and invited by mail to mira@times.example." in text
    assert SECRET.search(page.text), "the SIP password, once"
    assert "<svg" in page.text
    again = tom.get(here)
    assert not SECRET.search(again.text)
    assert all(word in text_of(again) for word in ("T-1", "030 4440000", "mira-wolf", "telephone."))
    with db.unit_of_work(Scope.platform()) as session:
        line = session.scalars(select(Subscriber).where(Subscriber.customer_id == times.id)).one()
        assert (line.kind, line.username, line.max_calls) == (Kind.REGULAR, "mira-wolf", 2)
        assert session.scalars(select(Mail.kind).where(Mail.customer_id == times.id)).all() == ["invitation"]


def test_the_first_line_of_a_company_is_its_pilot_then_extensions_follow(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.CLOUDPBX), browse(cast.tom)
    assert "Add pilot" in text_of(tom.get(f"{lines_url(times)}/new"))
    assert tom.post(f"{lines_url(times)}/new", new(cast)).status_code == 303
    onward = tom.get(f"{lines_url(times)}/new")
    assert onward.status_code == 303
    form = tom.follow(onward)
    assert "Add extension" in text_of(form)
    assert 'value="100"' in form.text, "the next free one"
    more = {"display_name": "Nils", "extension": "100", "email": "", "username": "", "outgoing": "own"}
    page = tom.follow(tom.post(f"{lines_url(times)}/new-extension", more))
    assert "030 4440000 100" in text_of(page)
    assert "follows from the base number" in text_of(page)
    outside = tom.post(f"{lines_url(times)}/new-extension", {**more, "extension": "99"})
    assert "Your extensions reach from 100 to 699." in text_of(outside)


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"number": "nothing"}, "“nothing” is not a telephone number."),
        ({"number": "030 5550000"}, "Already in use: 030 5550000."),
        ({"number": "030 6660000"}, "Already in use: 030 6660000."),
        ({"username": "ike"}, "Somebody here has this user name already."),
        ({"username": "Mira Wolf"}, "A user name has no blanks."),
        ({"display_name": ""}, "Please fill this in."),
        ({"email": "nowhere"}, "This does not look like an e-mail address."),
        ({"max_calls": "0"}, "Type a number from 1 to 10000."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(cast: Cast, browse: Browse, facts: dict[str, str], sentence: str) -> None:
    times, tom = a_customer(cast, CustomerKind.SOHO), browse(cast.tom)
    page = tom.post(f"{lines_url(times)}/new", new(cast, external_id="kept", **facts))
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert 'value="kept"' in page.text
    assert not [name for name in ("Cheap", "Charlie", "City Bank") if name in page.text]


def test_the_limit_is_checked_before_names_and_numbers(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.RESIDENTIAL, max_subscribers=1), browse(cast.tom)
    tom.post(f"{lines_url(times)}/new", new(cast))
    page = tom.post(f"{lines_url(times)}/new", new(cast, number="030 5550000", username="ike"))
    assert "The contract allows 1 lines, groups included, and all of them are in use." in text_of(page)
    assert "Already in use" not in text_of(page)


def test_new_lines_start_as_their_customer_has_it(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.RESIDENTIAL, lock_level=1, language="de", hide_number=True), browse(cast.tom)
    page = text_of(tom.follow(tom.post(f"{lines_url(times)}/new", new(cast))))
    assert "Calls inside only" in page
    assert "As set for new lines" in page
    assert "Deutsch" in page


# --- one line ---------------------------------------------------------------------------------------------------------------


def test_a_line_is_changed_and_the_change_is_told(cast: Cast, browse: Browse) -> None:
    tom, here = browse(cast.tom), line_of(cast, "alice")
    form = fields_of(tom.get(f"{here}/details"), f"{here}/details")
    sent = {**form, "display_name": "Alice Meier-Lang", "language": "de", "time_zone": "Europe/Paris", "max_calls": "3"}
    text = text_of(tom.follow(tom.post(f"{here}/details", sent)))
    assert "Alice Meier-Lang" in text
    assert "Paris" in text
    assert "calls at the same time 3 (before: none)" in text


def test_two_who_change_the_same_are_told(cast: Cast, browse: Browse) -> None:
    tom, cora_too, here = browse(cast.tom), browse(cast.tom), line_of(cast, "alice")
    mine, theirs = (fields_of(one.get(f"{here}/details"), f"{here}/details") for one in (tom, cora_too))
    rest = {"language": "", "time_zone": "", "max_calls": ""}
    assert cora_too.post(f"{here}/details", {**theirs, **rest, "external_id": "theirs"}).status_code == 303
    answer = tom.post(f"{here}/details", {**mine, **rest, "external_id": "mine"})
    assert answer.status_code == 409
    assert "Somebody else saved first" in text_of(answer)
    assert "theirs" in answer.text


def test_another_number_of_its_own(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.RESIDENTIAL), browse(cast.tom)
    here = added(tom, f"{lines_url(times)}/new", new(cast))
    form = fields_of(tom.get(f"{here}/number"), f"{here}/number")
    assert "Already in use" in text_of(tom.post(f"{here}/number", {**form, "number": "030 5550000"}))
    assert "030 4449999" in text_of(tom.follow(tom.post(f"{here}/number", {**form, "number": "030 4449999"})))
    elsewhere = tom.get(f"{line_of(cast, 'alice')}/number")
    assert elsewhere.headers["Location"] == line_of(cast, "alice"), "that of an extension is derived"


def test_the_base_number_changes_for_the_whole_company(cast: Cast, browse: Browse) -> None:
    tom, here = browse(cast.tom), line_of(cast, "clare")
    page = tom.follow(tom.post(f"{here}/base-number", {"number": "030 4440000"}))
    assert "The base number is changed. 4 extensions and groups have new numbers." in text_of(page)
    assert "030 4440000 101" in text_of(tom.get(line_of(cast, "alice")))
    taken = tom.post(f"{here}/base-number", {"number": "030 6660000"})
    assert "Already in use: 030 6660000." in text_of(taken)
    assert tom.get(f"{line_of(cast, 'alice')}/base-number").headers["Location"] == line_of(cast, "alice")


def test_a_new_sip_password_is_shown_once(cast: Cast, browse: Browse) -> None:
    tom, here = browse(cast.tom), line_of(cast, "alice")
    assert "The present password stops working at once" in text_of(tom.get(f"{here}/sip-password"))
    answer = tom.post(f"{here}/sip-password")
    assert SECRET.search(tom.follow(answer).text)
    assert not SECRET.search(tom.get(here).text)
    assert tom.get(f"/lines/{cast.groups['sales'].public_id}/sip-password").status_code == 303, "a group has none"


def test_a_new_sip_password_asks_who_one_is(app: Flask) -> None:
    mark = mark_of(app, "subscribers.line_password")
    assert mark.confirmed
    assert mark.in_person


def test_whoever_may_be_viewed_as_is_offered(cast: Cast, browse: Browse) -> None:
    assert f"/accounts/{cast.alice.account.public_id}/view-as" in browse(cast.tom).get(line_of(cast, "alice")).text
    assert "/view-as" not in browse(cast.olga).get(line_of(cast, "alice")).text, "another provider's people are not viewed as"


# --- the end ----------------------------------------------------------------------------------------------------------------


def test_a_line_ends_with_all_that_goes_with_it(cast: Cast, browse: Browse) -> None:
    tom, here = browse(cast.tom), line_of(cast, "alice")
    asked = text_of(tom.get(f"{here}/end"))
    assert "Calls to 030 5550000101 no longer arrive." in asked
    assert "alice@lantern.telephone.example" in asked
    assert "Alice Meier is removed." in text_of(tom.follow(tom.post(f"{here}/end")))
    assert tom.get(here).status_code == 404


def test_the_pilot_leaves_last(cast: Cast, browse: Browse) -> None:
    page = browse(cast.tom).post(f"{line_of(cast, 'clare')}/end")
    assert "The pilot leaves last: end the other lines first." in text_of(page)


def test_numbers_of_a_line_that_ended_are_free_for_others(cast: Cast, browse: Browse) -> None:
    times, tom = a_customer(cast, CustomerKind.RESIDENTIAL), browse(cast.tom)
    here = added(tom, f"{lines_url(times)}/new", new(cast))
    tom.post(f"{here}/end")
    form = tom.get(f"{lines_url(times)}/new")
    assert "+49 30 4440000" in form.text, "it is suggested"
    assert tom.post(f"{lines_url(times)}/new", new(cast)).status_code == 303
    with db.unit_of_work(Scope.platform()) as session:
        assert session.scalars(select(Number.role).where(Number.digits == "49304440000")).all() == [Role.PRIMARY]


def test_care_looks_and_locks_and_changes_nothing_else(cast: Cast, browse: Browse) -> None:
    cora, here = browse(cast.cora), line_of(cast, "alice")
    page = cora.get(here)
    assert page.status_code == 200
    assert f"{here}/lock" in page.text
    assert not [path for path in ("details", "sip-password", "end") if f"{here}/{path}" in page.text]
    for path in ("details", "number", "sip-password", "end", "sources"):
        assert cora.get(f"{here}/{path}").status_code == 404

"""Creating extensions: what is made, and each reason why not."""

import pytest
from sqlalchemy import select

from portal.core import db, secrets
from portal.core.audit import Event
from portal.core.phone import Parts
from portal.core.tenancy import Scope
from portal.features.accounts.queries import of_subscriber
from portal.features.callhandling import operations as callhandling
from portal.features.customers.models import Customer
from portal.features.numbers.operations import add_numbers
from portal.features.numbers.queries import primary_of
from portal.features.pbx import operations
from portal.features.pbx.models import Member
from portal.features.resellers.models import Reseller
from portal.features.subscribers import operations as subscribers, queries as subscriber_queries
from portal.features.subscribers.models import OutgoingNumber, Subscriber
from tests.cast import Cast, Person
from tests.features.pbx.conftest import Line, raises_refused, traces


def line_of(person: Person) -> Subscriber:
    assert person.subscriber is not None
    return subscriber_queries.line(person.subscriber.public_id)


def create(cast: Cast, **facts: object) -> operations.NewLine:
    given = {"display_name": "Dora Albrecht", "extension": "104", **facts}
    return operations.create_extension(by=cast.clare.identity, customer_id=cast.lantern.id, **given)  # type: ignore[arg-type]


def test_an_extension_gets_number_user_name_password_and_account(as_clare: Cast) -> None:
    new = create(as_clare, email="dora@lantern.example", language="de")
    line = new.subscriber
    assert (line.extension, line.username, line.display_name, line.name_sort) == ("104", "104", "Dora Albrecht", "dora albrecht")
    primary = primary_of(line.id)
    assert primary is not None
    assert primary.digits == "49305550000104"
    assert new.sip_password is not None
    assert (line.ha1_md5, line.ha1_sha256) == secrets.ha1("104", "lantern.telephone.example", new.sip_password)
    account = of_subscriber(line.id)
    assert account is not None
    assert (account.username, account.email, account.language, account.password_hash) == (
        "104",
        "dora@lantern.example",
        "de",
        None,
    )


def test_the_trace_names_what_was_made_and_no_secret(as_clare: Cast) -> None:
    new = create(as_clare, web_password="correct horse battery staple")
    entry = traces(new.subscriber.public_id)[0]
    assert entry.event == Event.EXTENSION_CREATED
    assert entry.actor_name == "Clare Fenn"
    assert entry.details["extension"] == "104"
    everything = " ".join(str(one.details) for one in traces(new.subscriber.public_id))
    assert str(new.sip_password) not in everything
    assert "horse" not in everything


def test_a_first_web_password_must_be_changed_at_the_first_sign_in(as_clare: Cast) -> None:
    account = create(as_clare, web_password="correct horse battery staple").account
    assert account is not None
    assert account.must_change_password
    assert secrets.password_fits(account.password_hash, "correct horse battery staple")


def test_a_weak_first_password_is_refused_at_its_field(as_clare: Cast) -> None:
    with raises_refused("password-weak", "password"):
        create(as_clare, web_password="aaaaaaaaaaaa")
    with raises_refused("password-own-name", "password"):
        create(as_clare, web_password="albrecht 2026 albrecht")


def test_names_can_be_chosen(as_clare: Cast) -> None:
    new = create(as_clare, username="Dora", web_username="dora.albrecht", outgoing=OutgoingNumber.BASE)
    assert new.account is not None
    assert (new.subscriber.username, new.account.username, new.subscriber.outgoing) == ("dora", "dora.albrecht", "base")


def test_a_colleagues_settings_are_taken_over(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    alice.language, alice.outgoing, alice.music_on_hold = "de", "base", False
    new = create(as_clare, like=alice).subscriber
    assert (new.language, new.outgoing, new.music_on_hold) == ("de", "base", False)
    places = (
        db.session().scalars(select(Member).where(Member.group_id == as_clare.groups["sales"].id).order_by(Member.position)).all()
    )
    assert [place.position for place in places] == [0, 1, 2, 3]
    assert places[-1].subscriber_id == new.id


def test_a_taken_extension_says_whose_it_is_and_what_is_free(as_clare: Cast) -> None:
    with raises_refused("extension-taken-by", "extension") as sentence:
        create(as_clare, extension="102")
    assert sentence == ["102 belongs to Bob Turner; 104 is free."]
    with raises_refused("extension-taken-by", "extension") as sentence:
        create(as_clare, extension="600")
    assert sentence == ["600 belongs to Sales; 104 is free."]


@pytest.mark.parametrize("extension", ["99", "700"])
def test_an_extension_outside_the_range_is_refused(as_clare: Cast, extension: str) -> None:
    with raises_refused("extension-range", "extension") as sentence:
        create(as_clare, extension=extension)
    assert sentence == ["Your extensions reach from 100 to 699."]


def test_a_number_that_is_somebodys_already_is_named(as_clare: Cast, line: Line) -> None:
    customer = db.session().get_one(Customer, as_clare.lantern.id)
    add_numbers(by=as_clare.clare.identity, customer=customer, holder_id=line("bob").id, parts=[Parts("49", "30", "5550000333")])
    with raises_refused("number-taken-by", "extension") as sentence:
        create(as_clare, extension="333")
    assert sentence == [
        "The number 030 5550000333, which belongs to this extension, is already with Bob Turner. Choose another extension."
    ]


def test_the_contracts_limit_counts_all_lines_groups_included(as_clare: Cast) -> None:
    customer = db.session().get_one(Customer, as_clare.lantern.id)
    customer.max_subscribers = 6  # clare, alice, bob, carol, sales
    create(as_clare)
    with raises_refused("customer-full") as sentence:
        create(as_clare, extension="105", display_name="Emil")
    assert sentence == ["The contract allows 6 lines, groups included, and all of them are in use."]


def test_the_resellers_limit_counts_every_customer(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()) as session:
        session.get_one(Reseller, cast.telephone.id).max_subscribers = 7  # five of Lantern Co, ike
    with db.unit_of_work(cast.clare.scope):
        create(cast)
        with raises_refused("reseller-full"):
            create(cast, extension="105")


def test_limits_come_before_everything_else(as_clare: Cast) -> None:
    db.session().get_one(Customer, as_clare.lantern.id).max_subscribers = 1
    with raises_refused("customer-full"):
        create(as_clare, extension="abc", display_name="", username="ü")


def test_the_checks_come_in_the_order_of_the_trade(as_clare: Cast) -> None:
    with raises_refused("extension-digits", "extension"):
        create(as_clare, extension="1o4", username="al ice", display_name="")
    with raises_refused("username-blanks", "username"):
        create(as_clare, username="al ice", display_name="")
    with raises_refused("username-taken", "username"):
        create(as_clare, username="Alice", display_name="")
    with raises_refused("name-empty", "display_name"):
        create(as_clare, display_name="  ")
    with raises_refused("web-user-taken", "web_username"):
        create(as_clare, web_username="alice")
    with raises_refused("email-shape", "email"):
        create(as_clare, email="nowhere")


def test_a_refused_extension_leaves_nothing_behind(as_clare: Cast) -> None:
    before = db.session().query(Subscriber).count()
    with raises_refused("web-user-taken", "web_username"):
        create(as_clare, web_username="alice")
    assert db.session().query(Subscriber).count() == before
    assert create(as_clare).subscriber.extension == "104"


def test_in_a_domain_that_companies_share_the_default_user_name_steps_aside(cast: Cast) -> None:
    """The company of ike sits in telephone.example, where somebody of another company is called 104."""
    with db.unit_of_work(Scope.platform()):
        line = db.session().get_one(Subscriber, cast.alice.subscriber.id)
        line.domain_id, line.username = cast.domains["telephone"].id, "104"
    with db.unit_of_work(cast.ike.scope):
        new = operations.create_extension(
            by=cast.ike.identity, customer_id=cast.city_bank.id, display_name="Una", extension="104"
        )
        assert new.subscriber.username == "ike-104"
        with raises_refused("username-taken", "username"):
            operations.create_extension(
                by=cast.ike.identity, customer_id=cast.city_bank.id, display_name="Otto", extension="105", username="104"
            )


def test_there_is_a_pilot_first(cast: Cast) -> None:
    with db.unit_of_work(Scope.platform()):
        callhandling.terminate_line(by=cast.tom.identity, line=line_of(cast.ike))
    with db.unit_of_work(cast.ike.scope), raises_refused("pilot-first"):
        operations.create_extension(by=cast.ike.identity, customer_id=cast.city_bank.id, display_name="Una", extension="104")


def test_nothing_is_added_to_a_contract_that_has_ended(as_clare: Cast) -> None:
    db.session().get_one(Customer, as_clare.lantern.id).status = "terminated"
    with raises_refused("customer-gone"):
        create(as_clare)


def test_a_new_sip_password_replaces_the_old_one(as_clare: Cast, line: Line) -> None:
    alice = line("alice")
    version = alice.version
    password = subscribers.renew_sip_password(by=as_clare.clare.identity, line=alice)
    assert (alice.ha1_md5, alice.ha1_sha256) == secrets.ha1("alice", "lantern.telephone.example", password)
    db.session().flush()
    assert alice.version == version + 1
    assert [entry.details for entry in traces(alice.public_id)] == [{"password": "changed"}]
